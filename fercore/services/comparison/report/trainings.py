"""The trainings of a report: recipes, seeds, and the versions they were made with."""

import platform
from importlib.metadata import PackageNotFoundError, version

from fercore import __version__
from fercore.exports.documents.document import Block, Column, Kind, Paragraph, Section, Source, Table
from fercore.language import tr
from fercore.services.comparison.report.material import Material
from fercore.services.training import continuation
from fercore.services.training.run_details import RunView
from fercore.training.recipes.validation import stored_recipe
from fercore.training.recipes.yaml_io import as_yaml

_PACKAGES = ("numpy", "scipy", "pandas", "scikit-learn", "tensorflow", "tensorflow-cpu", "keras", "opencv-python")


def section(material: Material) -> Section:
    """The runs and their recipes."""
    blocks: list[Block] = [_runs(material), *_recipes(material)]
    if any(view.is_foreign for view in material.runs):
        blocks.insert(
            1, Paragraph(tr("Of a model from elsewhere its predictions are known, and nothing of its training."))
        )
    return Section(tr("Trainings"), tuple(blocks))


def versions(material: Material) -> Section:
    """The versions that trained the runs, and those that made the report."""
    columns = (Column(tr("Run"), Kind.COUNT), Column(tr("Versions")), Column(tr("Commit")), Column(tr("Devices")))
    rows = tuple((run, *_made_with(view)) for run, view in material.trained.items())
    here = {"fercore": __version__, "python": platform.python_version(), **_installed()}
    words = ", ".join(f"{name} {number}" for name, number in here.items())
    table = Table("versions", tr("Versions that the runs were trained with"), columns, rows)
    return Section(tr("Versions"), (Paragraph(tr("This report was made with {versions}.", versions=words)), table))


def _runs(material: Material) -> Table:
    columns = (
        Column(tr("Run"), Kind.COUNT),
        Column(tr("Backbone")),
        Column(tr("Snapshot")),
        Column(tr("Recipe")),
        Column(tr("Initial weights")),
        Column(tr("Seed"), Kind.COUNT),
        Column(tr("Epochs"), Kind.COUNT),
        Column(tr("Reported epoch"), Kind.COUNT),
        Column(tr("Accuracy on validation"), Kind.SHARE),
        Column(tr("Parameters"), Kind.COUNT),
        Column(tr("Minutes"), Kind.NUMBER),
    )
    rows: list[tuple[object, ...]] = []
    for view in material.runs:
        if view.is_foreign:
            rows.append((view.run, view.backbone, tr("from elsewhere"), *(None,) * 8))
            continue
        trained = material.trained[view.run]
        rows.append(
            (
                view.run,
                view.backbone,
                view.snapshot,
                f"{view.recipe} ({view.training.recipe_hash[:8]})",
                continuation.start(view.continues[0]) if view.continues else view.training.weights,
                view.seed,
                len(trained.epochs),
                trained.run.reported_epoch,
                trained.reported and trained.reported.val_accuracy,
                trained.run.params_total,
                trained.seconds and trained.seconds / 60,
            )
        )
    return Table("runs", tr("Runs"), columns, tuple(rows))


def _recipes(material: Material) -> list[Source]:
    recipes: dict[str, Source] = {}
    for view in material.runs:
        key = view.training.recipe_hash
        if not view.is_foreign and key not in recipes:
            text = as_yaml(stored_recipe(material.trained[view.run].run.recipe))
            title = tr("Recipe {name}", name=f"{view.recipe} ({key[:8]})")
            recipes[key] = Source(f"recipe-{key[:8]}.yaml", title, text)
    return list(recipes.values())


def _made_with(view: RunView) -> tuple[str | None, str | None, str | None]:
    record = view.run.record or {}
    numbers = ", ".join(f"{name} {number}" for name, number in (record.get("versions") or {}).items())
    return numbers or None, record.get("commit"), ", ".join(record.get("devices") or []) or None


def _installed() -> dict[str, str]:
    known = {}
    for name in _PACKAGES:
        try:
            known[name] = version(name)
        except PackageNotFoundError:  # an optional one, or under another name
            continue
    return known

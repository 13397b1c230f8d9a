"""Runs that go on from another run's model, on a changed snapshot or with another recipe."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from fercore.errors import InputError, StoredDataError
from fercore.language import tr
from fercore.services.prediction.model_files import model_path
from fercore.services.training import run_details
from fercore.services.training.run_details import RunView
from fercore.services.training.summaries import EpochSummary
from fercore.store import Store
from fercore.store.training import lineage, runs
from fercore.training.models.backbones import backbone
from fercore.training.recipes.recipe import Recipe
from fercore.training.recipes.validation import stored_recipe


def check(store: Store, run_id: int, backbone_name: str, recipe: Recipe) -> None:
    """Raise InputError where a training cannot go on from a run: it still trains, has no model any more, or its network
    has another form. Raises NotFoundError for an unknown run.
    """
    view = run_details.view(store, run_id)
    if view.is_unfinished:
        raise InputError(tr("Run {run} has not ended yet: continue it afterwards.", run=run_id))
    earlier = stored_recipe(view.run.recipe)
    if view.run.backbone != backbone_name:
        raise InputError(
            tr(
                "Run {run} is a {theirs}: only a {theirs} can continue it, not a {mine}.",
                run=run_id,
                theirs=view.run.backbone,
                mine=backbone_name,
            )
        )
    _check_form(run_id, _form(view.run.backbone, earlier), _form(backbone_name, recipe))
    try:
        model_path(store, run_id)
    except StoredDataError:
        raise InputError(
            tr("Run {run} cannot be continued: its model is gone, or it never finished an epoch.", run=run_id)
        ) from None


def _form(backbone_name: str, recipe: Recipe) -> dict[str, Any]:
    """The settings that a model's weights fit; the side of its input in pixels first."""
    return {
        "input_px": max(recipe.input_px or 0, backbone(backbone_name).input_px),
        "preprocessing": recipe.preprocessing,
        "dense_units": recipe.dense_units,
    }


def _check_form(run_id: int, theirs: dict[str, Any], mine: dict[str, Any]) -> None:
    for name, value in theirs.items():
        if mine[name] != value:
            raise InputError(
                tr(
                    "Run {run} was trained with {name} {theirs}: a recipe with {mine} cannot continue it.",
                    run=run_id,
                    name=name,
                    theirs=value,
                    mine=mine[name],
                )
            )


def model_of(store: Store, run_id: int) -> Path:
    """The model that a training goes on from; raises StoredDataError where it is gone."""
    return model_path(store, run_id)


def start(run_id: int) -> str:
    """The start of a run that continues another, as it is stored in the place of a weights file."""
    return f"run {run_id}"


def number_of(text: str) -> int | None:
    """The run in the start of a run; None for any other start."""
    word, _, number = text.partition(" ")
    return int(number) if word == "run" and number.isdecimal() else None


def record(session: Session, run_id: int) -> dict[str, Any]:
    """The runs that a new one continues, the nearest first, as it records them."""
    run = runs.get(session, run_id)
    before = lineage.earlier(session).get(run_id, ())
    snapshot = runs.snapshot(session, run_id)
    links = [(run, snapshot), *before]
    return {
        "continues": [
            {
                "run": each.id,
                "snapshot": frozen.name,
                "snapshot_hash": frozen.hash,
                "epochs": len(runs.epochs(session, each.id)),
                "reported_epoch": each.reported_epoch,
            }
            for each, frozen in links
        ]
    }


@dataclass(frozen=True, slots=True)
class Continuable:
    """A run whose model a training can go on from."""

    run: int
    backbone: str
    snapshot: str
    recipe: str


def offered(store: Store, backbone_name: str) -> list[Continuable]:
    """The ended runs of a backbone, the newest first; their models may be gone."""
    return [
        Continuable(view.run.id, view.run.backbone, view.snapshot.name, view.run.recipe["name"])
        for view in run_details.listed(store)
        if view.run.backbone == backbone_name and not view.is_active and view.run.reported_epoch is not None
    ]


def history(store: Store, view: RunView) -> list[RunView]:
    """The runs that a run continues with their epochs, the oldest first."""
    with store.database.reading() as session:
        numbers = [run.id for run, _ in lineage.earlier(session).get(view.run.id, ())]
    return run_details.with_epochs(store, numbers[::-1])


def epochs_before(store: Store, view: RunView) -> list[EpochSummary]:
    """The epochs behind the model that a run started from, up to the reported one of each run before it."""
    if view.run.continues is None:
        return []
    return [
        epoch
        for each in history(store, view)
        for epoch in each.epochs
        if each.run.reported_epoch is None or epoch.number <= each.run.reported_epoch
    ]

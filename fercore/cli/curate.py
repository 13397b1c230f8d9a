"""Commands about faces: import, extract, datasets, review, snapshots."""

from pathlib import Path
from typing import Final

import click

from fercore.cli.common import Context, json_option, pass_context, progress_bar, show, table
from fercore.faces.extraction import WHICH, Which
from fercore.faces.photos import EMOTION_FROM, EmotionFrom
from fercore.services import datasets, deciding, extracting, freezing, importing
from fercore.services.extracting import ExtractRequest
from fercore.services.importing import ImportRequest
from fercore.sources.reading import READERS
from fercore.sources.record import SPLITS, Split

split_option = click.option(
    "--split",
    type=click.Choice(SPLITS),
    default="train",
    show_default=True,
    help="Split of faces whose source names none.",
)
dataset_option = click.option("--dataset", required=True, help="Name of the dataset.")
path_argument = click.argument("path", type=click.Path(path_type=Path))


@click.command("import")
@click.argument("source", type=click.Choice(list(READERS)))
@path_argument
@dataset_option
@split_option
@click.option("--skip-bad", is_flag=True, help="Import what is good and list what is not.")
@json_option
@pass_context
def import_command(
    context: Context, source: str, path: Path, dataset: str, split: Split, skip_bad: bool, as_json: bool
) -> None:
    """Import faces from a file, folder or zip into a dataset; the same source twice adds nothing."""
    with progress_bar(as_json) as progress:
        report = importing.import_source(context.store, ImportRequest(source, path, dataset, skip_bad, split), progress)

    def text() -> str:
        lines = [f"{report.added:,} faces added to '{report.dataset}', {len(report.skipped):,} rows skipped."]
        lines += [f"  {fault['where']}: {fault['why']}" for fault in report.skipped]
        return "\n".join(lines)

    show(report, as_json, text)


@click.command("extract")
@path_argument
@dataset_option
@click.option("--detector", type=click.Choice(["haar"]), default="haar", show_default=True)
@click.option("--emotion-from", type=click.Choice(EMOTION_FROM), default="none", show_default=True)
@click.option("--faces", "which", type=click.Choice(WHICH), default="all", show_default=True)
@split_option
@json_option
@pass_context
def extract_command(
    context: Context,
    path: Path,
    dataset: str,
    detector: str,
    emotion_from: EmotionFrom,
    which: Which,
    split: Split,
    as_json: bool,
) -> None:
    """Cut the faces out of the photos of a folder, a zip or one file; run again, it goes on."""
    request = ExtractRequest(path, dataset, detector, emotion_from, which, split)
    with progress_bar(as_json) as progress:
        report = extracting.extract(context.store, request, progress)

    def text() -> str:
        lines = [f"{report.faces:,} faces in {report.photos:,} photos, {report.added:,} of them new."]
        lines += [f"  cannot be read: {fault['where']}: {fault['why']}" for fault in report.unreadable]
        lines += [f"  no face found: {name}" for name in report.without_face]
        return "\n".join(lines)

    show(report, as_json, text)


@click.command("datasets")
@json_option
@pass_context
def datasets_command(context: Context, as_json: bool) -> None:
    """Counts by dataset, split, emotion and review state."""
    found = datasets.summaries(context.store)
    rows: list[tuple[object, ...]] = [
        (
            d.name,
            d.source,
            d.faces,
            *(sum(d.counts[s].values()) for s in SPLITS),
            d.reviewed,
            d.rejected,
            d.unlabelled,
        )
        for d in found
    ]
    header = ("dataset", "source", "faces", *SPLITS, "reviewed", "rejected", "unlabelled")
    show([datasets.as_json(d) for d in found], as_json, lambda: table(header, rows))


@click.command("remove")
@dataset_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@pass_context
def remove_command(context: Context, dataset: str, yes: bool, as_json: bool) -> None:
    """Delete a dataset with its faces, photos and decisions; refused while a snapshot uses it."""
    lost = datasets.contents(context.store, dataset)
    if not yes:
        click.confirm(
            f"Delete '{dataset}' with {lost.faces:,} faces, {lost.photos:,} photos, the decisions on "
            f"{lost.decided:,} faces and {lost.evaluations} evaluations?",
            abort=True,
            err=True,
        )
    datasets.remove(context.store, dataset)
    show({"dataset": dataset, "removed": lost.faces}, as_json, lambda: f"'{dataset}' is deleted.")


@click.command("undo-import")
@click.argument("number", type=int)
@json_option
@pass_context
def undo_import_command(context: Context, number: int, as_json: bool) -> None:
    """Delete what one import brought (numbers: `imports`); refused while a snapshot uses it."""
    faces = datasets.undo_import(context.store, number)
    show({"import": number, "removed": faces}, as_json, lambda: f"{faces:,} faces are deleted.")


@click.command("imports")
@dataset_option
@json_option
@pass_context
def imports_command(context: Context, dataset: str, as_json: bool) -> None:
    """The imports of a dataset, latest first."""
    found = datasets.imports(context.store, dataset)
    rows = [(i["import"], i["started"], i["source"], i["path"], i["added"]) for i in found]
    show(found, as_json, lambda: table(("import", "started", "source", "path", "added"), rows))


@click.group("review")
def review_group() -> None:
    """Decisions as CSV, both ways."""


@review_group.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dataset", default=None, help="Only this dataset.")
@json_option
@pass_context
def review_export(context: Context, file: Path, dataset: str | None, as_json: bool) -> None:
    """Write every decision to a CSV file."""
    written = deciding.export(context.store, file, dataset)
    show({"file": str(file), "decisions": written}, as_json, lambda: f"{written:,} decisions are in {file}.")


@review_group.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@pass_context
def review_import(context: Context, file: Path, as_json: bool) -> None:
    """Read decisions from such a CSV file; those already here are not stored twice."""
    report = deciding.import_csv(context.store, file)
    show(report, as_json, lambda: f"{report['added']:,} decisions added, {report['known']:,} were known.")


@click.command("snapshot")
@click.argument("name")
@click.option("--dataset", "names", multiple=True, required=True, help="Repeat for several datasets.")
@click.option("--only", type=click.Choice(["reviewed"]), default=None, help="Only faces somebody decided.")
@json_option
@pass_context
def snapshot_command(context: Context, name: str, names: tuple[str, ...], only: str | None, as_json: bool) -> None:
    """Freeze all faces that have a label and are not rejected; prints the content hash."""
    frozen = freezing.freeze(context.store, name, names, only_reviewed=only is not None)
    show(
        freezing.as_json(frozen),
        as_json,
        lambda: f"'{frozen.name}' holds {frozen.faces:,} faces: {frozen.hash}",
    )


@click.command("snapshots")
@json_option
@pass_context
def snapshots_command(context: Context, as_json: bool) -> None:
    """All snapshots, newest first."""
    found = freezing.listed(context.store)
    rows: list[tuple[object, ...]] = [(s.name, s.faces, ", ".join(s.datasets), s.hash[:12]) for s in found]
    show(
        [freezing.as_json(s) for s in found],
        as_json,
        lambda: table(("snapshot", "faces", "datasets", "hash"), rows),
    )


@click.command("snapshot-diff")
@click.argument("old")
@click.argument("new")
@json_option
@pass_context
def snapshot_diff_command(context: Context, old: str, new: str, as_json: bool) -> None:
    """What changed between two snapshots: faces added, removed, relabelled."""
    found = freezing.difference(context.store, old, new)

    def text() -> str:
        lines = [f"{found['added']:,} added, {found['removed']:,} removed, {found['relabelled']:,} relabelled."]
        lines += [f"  {move['from']} → {move['to']}: {move['faces']:,}" for move in found["moves"]]
        return "\n".join(lines)

    show(found, as_json, text)


COMMANDS: Final[tuple[click.Command, ...]] = (
    import_command,
    extract_command,
    datasets_command,
    imports_command,
    undo_import_command,
    remove_command,
    review_group,
    snapshot_command,
    snapshots_command,
    snapshot_diff_command,
)

"""Commands that bring faces in, and take them away again: import, extract, imports, remove."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click

from fercore.cli.choices import WordChoice
from fercore.cli.common import (
    NUMBER,
    CommandContext,
    json_option,
    of_dataset,
    pass_context,
    progress_bar,
    show,
    table,
)
from fercore.cli.releases import beside_release
from fercore.errors import visible
from fercore.faces.boxes import SELECTIONS, FaceSelection
from fercore.faces.detection import AUTO, DETECTORS
from fercore.faces.photos import EMOTION_FROM, EmotionFrom
from fercore.language import counts
from fercore.services.datasets import catalogue, detector_comparison, extraction, imports
from fercore.services.datasets.catalogue import DatasetContents
from fercore.services.datasets.detector_comparison import Performance
from fercore.services.datasets.extraction import ExtractRequest
from fercore.services.datasets.import_problems import LISTED, ListedReport
from fercore.services.datasets.imports import ImportReport, ImportRequest
from fercore.services.datasets.shard import parse_shard
from fercore.sources.readers import SOURCES
from fercore.sources.record import NEUTRALS, NeutralFrames
from fercore.splits import SPLIT_CHOICES, SPLITS, Split

split_option = click.option(
    "--split", type=WordChoice(SPLITS), default=Split.TRAIN.value, show_default=True, help="Split of these faces."
)
dataset_option = click.option("--dataset", required=True, help="Name of the dataset.")

shard_option = click.option("--shard", default="1/1", help="Only this part of the source, such as 3/16.")
path_argument = click.argument("path", type=click.Path(path_type=Path))


@click.command("import")
@click.argument("source", type=click.Choice(list(SOURCES)))
@path_argument
@dataset_option
@click.option(
    "--split",
    type=WordChoice(SPLIT_CHOICES),
    default=None,
    help="One split for all; 'subject': by person, seeded; 'source': as its makers did; else as it is used.",
)
@click.option("--seed", default=0, show_default=True, help="For --split subject.")
@click.option(
    "--neutral",
    type=WordChoice(NEUTRALS),
    default=NeutralFrames.ALL.value,
    show_default=True,
    help="CK+: neutral first frames of all sequences, of the labelled ones, or none.",
)
@click.option("--detector", type=click.Choice((AUTO, *DETECTORS)), default=AUTO, show_default=True)
@click.option("--detect", is_flag=True, help="Ask the detector even where annotators drew boxes.")
@click.option("--words", type=click.Path(path_type=Path, dir_okay=False), help="AI Hub: your own map of its words.")
@click.option("--skip-bad", is_flag=True, help="Import what is good and list what is not.")
@shard_option
@json_option
@pass_context
def import_command(
    context: CommandContext, /, source: str, path: Path, dataset: str, shard: str, as_json: bool, **options: Any
) -> None:
    """Import faces from a file, folder or zip into a dataset; the same source twice adds nothing."""
    request = ImportRequest(source, path, dataset, shard=parse_shard(shard), **options)
    with progress_bar(as_json) as progress:
        report = imports.import_source(context.store, request, progress)
    show(report, as_json, lambda: beside_release(_shortened(_import_lines(report), report), report.release))


def _shortened(lines: Iterable[str], report: ListedReport) -> str:
    """The first lines and the file with all; a source of half a million photos may have a hundred thousand notices."""
    listed = list(lines)
    rest = max(0, len(listed) - LISTED) + sum(report.more.values())
    more = [f"  … and {rest:,} more."] if rest else []
    file = [f"All of them are in {report.problems}"] if report.problems else []
    return "\n".join([*listed[:LISTED], *more, *file])


def _import_lines(report: ImportReport) -> Iterator[str]:
    yield f"{counts.faces(report.added)} added to '{report.dataset}', {counts.rows(report.total('skipped'))} skipped."
    if report.photos:
        doubtful = f"{report.doubtful:,} of the new ones doubtful"
        yield f"{_read(report)}: {counts.faces(report.faces)}, {doubtful}."
    yield from _cut_lines(report)


def _read(report: ListedReport) -> str:
    """So many photos that could be read, and how many others could not, or show no face."""
    unreadable, empty = report.total("unreadable"), report.total("without_face")
    more = [f"{empty:,} of them without a face"] * bool(empty) + [f"{unreadable:,} more unreadable"] * bool(unreadable)
    read = counts.photos(report.photos - unreadable)
    return f"{read} ({', '.join(more)})" if more else read


def _cut_lines(report: ListedReport) -> Iterator[str]:
    for fault in report.skipped + report.notices:
        yield f"  {fault['where']}: {fault['why']}"
    for fault in report.unreadable:
        yield f"  cannot be read: {fault['where']}: {fault['why']}"
    for name in report.without_face:
        yield f"  no face found: {visible(name)}"
    for name in report.changed:
        yield f"  changed since it was read first: {visible(name)}"


@click.command("extract")
@path_argument
@click.option("--dataset", default=None, help="Name of the dataset; not needed with --report.")
@click.option("--report", is_flag=True, help="Only compare the detectors on a folder with a boxes.csv.")
@click.option("--detector", type=click.Choice((AUTO, *DETECTORS)), default=AUTO, show_default=True)
@click.option("--emotion-from", type=WordChoice(EMOTION_FROM), default=EmotionFrom.NONE.value, show_default=True)
@click.option("--faces", "which", type=WordChoice(SELECTIONS), default=FaceSelection.ALL.value, show_default=True)
@split_option
@shard_option
@json_option
@pass_context
def extract_command(
    context: CommandContext,
    path: Path,
    dataset: str | None,
    report: bool,
    detector: str,
    emotion_from: EmotionFrom,
    which: FaceSelection,
    split: Split,
    shard: str,
    as_json: bool,
) -> None:
    """Cut the faces out of the photos of a folder, a zip or one file; run again, it goes on."""
    if report:
        _show_report(context, path, as_json)
        return
    if dataset is None:
        raise click.UsageError("Name the dataset with --dataset.")
    request = ExtractRequest(path, dataset, detector, emotion_from, which, split, shard=parse_shard(shard))
    with progress_bar(as_json) as progress:
        extracted = extraction.extract(context.store, request, progress)
    head = (
        f"{counts.faces(extracted.faces)} in {_read(extracted)}, {extracted.added:,} of the faces new, "
        f"{extracted.doubtful:,} of the new ones doubtful."
    )
    unlabelled = [f"{counts.faces(extracted.unlabelled)} without an emotion: neither name nor folder says one."]
    heads = [head, *(unlabelled if emotion_from != EmotionFrom.NONE and extracted.unlabelled else [])]
    show(extracted, as_json, lambda: _shortened([*heads, *_cut_lines(extracted)], extracted))


def _show_report(context: CommandContext, path: Path, as_json: bool) -> None:
    with progress_bar(as_json) as progress:
        results = detector_comparison.report(context.settings, path, progress)
    measured = [result for result in results if isinstance(result, Performance)]
    problems = [result for result in results if isinstance(result, str)]
    header = ("detector", "recall", "false", "of these doubted", "doubted", "photos/s")
    rows: list[tuple[object, ...]] = [
        (
            performance.detector,
            performance.recall,
            performance.false,
            performance.false_doubted,
            performance.doubted,
            performance.photos_per_second,
        )
        for performance in measured
    ]
    document = {
        "detectors": [{**asdict(performance), "recall": performance.recall} for performance in measured],
        "problems": problems,
    }
    show(document, as_json, lambda: "\n".join([table(header, rows), *problems]))


@click.command("remove")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@pass_context
@of_dataset
def remove_command(context: CommandContext, dataset: str, yes: bool, as_json: bool) -> None:
    """Delete a dataset with its faces, photos and decisions; refused while a snapshot uses it."""
    catalogue.check_removable(context.store, dataset)
    lost = catalogue.contents(context.store, dataset)
    if not yes:
        click.confirm(
            f"Delete '{dataset}' with {_goes(lost)}? `review export` keeps its decisions.",
            abort=True,
            err=True,
        )
    catalogue.remove(context.store, dataset)
    show({"dataset": dataset, "removed": lost.faces}, as_json, lambda: f"'{dataset}' is deleted.")


@click.command("undo-import")
@click.argument("number", metavar="IMPORT", type=NUMBER)
@click.option("--yes", is_flag=True, help="Do not ask before decisions are deleted.")
@json_option
@pass_context
def undo_import_command(context: CommandContext, number: int, yes: bool, as_json: bool) -> None:
    """Delete what one import brought (numbers: `imports`); refused while a snapshot uses it."""
    catalogue.check_undoable(context.store, number)
    lost = catalogue.import_contents(context.store, number)
    if (lost.decisions or lost.crops or lost.remarks) and not yes:
        click.confirm(
            f"Delete {_goes(lost)} with this import? `review export` keeps the decisions.", abort=True, err=True
        )
    faces = catalogue.undo_import(context.store, number)
    show({"import": number, "removed": faces}, as_json, lambda: f"{counts.faces(faces)} deleted.")


@click.command("imports")
@json_option
@pass_context
@of_dataset
def imports_command(context: CommandContext, dataset: str, as_json: bool) -> None:
    """The imports of a dataset, latest first."""
    entries = catalogue.imports(context.store, dataset)
    rows = [(i["import"], i["started"], i["source"], i["path"], i["added"]) for i in entries]
    show(entries, as_json, lambda: table(("import", "started", "source", "path", "added"), rows))


def _goes(lost: DatasetContents) -> str:
    """The data that a deletion takes along, in words."""
    parts = (
        counts.faces(lost.faces),
        counts.photos(lost.photos),
        counts.decisions(lost.decisions),
        counts.crops(lost.crops),
        counts.remarked(lost.remarks),
        counts.evaluations(lost.evaluations),
    )
    return counts.listed(*parts)


COMMANDS: Final[tuple[click.Command, ...]] = (
    import_command,
    extract_command,
    imports_command,
    undo_import_command,
    remove_command,
)

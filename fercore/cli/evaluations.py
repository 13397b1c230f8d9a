"""Commands about evaluations: evaluate, compare."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from fercore.cli import comparisons, foreign_models, reports
from fercore.cli.choices import WordChoice
from fercore.cli.common import NUMBER, CommandContext, json_option, pass_context, progress_bar, show, table, warn
from fercore.errors import InputError
from fercore.evaluation.measures import ACCURACY, BALANCED, MACRO_F1
from fercore.language import LANGUAGES, counts, tr, trn
from fercore.services.comparison import calibration, evaluation, gap, stored_evaluations, training_overlap
from fercore.services.comparison import table as comparison_table
from fercore.services.comparison.claims import p_words, points
from fercore.services.comparison.report.material import ReportChoice
from fercore.splits import SPLITS, Split

number = click.argument("run", type=NUMBER)
TABLE_FILE: Final = click.Path(path_type=Path, dir_okay=False)


@click.command("evaluate")
@number
@click.option("--dataset", required=True)
@click.option("--split", type=WordChoice(SPLITS), required=True)
@click.option("--recount", is_flag=True, help="Count stored probabilities with the labels of now; predict nothing.")
@json_option
@pass_context
def evaluate_command(context: CommandContext, run: int, dataset: str, split: str, recount: bool, as_json: bool) -> None:
    """Predict every labelled face of a split and compare with its label."""
    if recount:
        view = _recount(context, run, dataset, split)
    else:
        with progress_bar(as_json) as progress:
            view = evaluation.evaluate(context.store, run, dataset, split, progress)

    warn(training_overlap.known_faces(context.store, view), strict=False)
    warn([mark] if (mark := stored_evaluations.selection_mark(view.selected_by)) else [], strict=False)

    def text() -> str:
        rows: list[tuple[object, ...]] = [
            (name, scores.precision, scores.recall, scores.f1, scores.n) for name, scores in view.per_emotion.items()
        ]
        head = f"Run {run} on '{dataset}' {split}: accuracy {view.accuracy:.4f} on {counts.faces(view.n)}"
        return f"{head}\n{table(('emotion', 'precision', 'recall', 'F1', 'n'), rows)}"

    show(stored_evaluations.as_json(view), as_json, text)


def _recount(context: CommandContext, run: int, dataset: str, split: str) -> stored_evaluations.EvaluationView:
    """Recount all runs on a split, and return this run's evaluation there."""
    done = evaluation.recount(context.store, dataset, split)
    for number, count in done.unpredicted.items():
        text = trn(
            "Run {run} never predicted {count} face, which is not counted: evaluate it again.",
            "Run {run} never predicted {count} faces, which are not counted: evaluate it again.",
            count,
            run=number,
        )
        warn([text], strict=False)
    view = stored_evaluations.of_run(context.store, run, dataset, split)
    if view is None:
        raise InputError(
            tr("Run {run} was not evaluated on '{dataset}', {split}.", run=run, dataset=dataset, split=split)
        )
    return view


@click.command("compare")
@click.argument("runs", type=NUMBER, nargs=-1)
@click.option("--dataset", help="On which dataset to compare named runs; of which the predictions are.")
@click.option("--split", type=WordChoice(SPLITS), help="On which of its splits.")
@click.option("--predictions", type=TABLE_FILE, help="Import what a model from elsewhere predicted: CSV or Parquet.")
@click.option("--name", help="The name of that model; the same name again is the same model.")
@click.option("--csv", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write the rows to a file.")
@click.option("--report", type=TABLE_FILE, help="Write a report on these runs, or on all: .html, .md, .tex or .zip.")
@click.option("--question", help="The question that the report answers.")
@click.option("--language", type=WordChoice(LANGUAGES), help="The language of the report; English where not said.")
@click.option("--replace", is_flag=True, help="Replace a regular file that has that name.")
@json_option
@pass_context
def compare_command(
    context: CommandContext,
    runs: tuple[int, ...],
    dataset: str | None,
    split: str | None,
    predictions: Path | None,
    name: str | None,
    file: Path | None,
    report: Path | None,
    question: str | None,
    language: str | None,
    replace: bool,
    as_json: bool,
) -> None:
    """Every evaluation: trained-on × tested-on. Named runs: their differences on the same faces, with tests.

    With --predictions, --name, --dataset and --split a file of predictions becomes a run to compare. Each of its rows
    names a face (column face: its number; file: its path or file name; pixels: the SHA-256 of its 2,304 gray bytes) and
    has seven probabilities, a column for each emotion, or one word in a column prediction.

    With --report a file says what may be concluded, with data, recipes, tables, charts and tests: one HTML file,
    Markdown beside a folder of CSV and SVG, LaTeX tables, or a zip of all of them.
    """
    if report is not None or question is not None or language is not None:
        if any(other is not None for other in (dataset, split, predictions, name, file)):
            raise click.UsageError("--report, --question and --language go with runs and --replace only.")
        reports.write(context, ReportChoice(runs, question or ""), (report, language), replace, as_json)
        return
    if predictions is not None or name is not None:
        foreign_models.import_predictions(context, runs, (predictions, name, dataset, split), as_json)
        return
    if runs:
        comparisons.show_runs(context, runs, dataset, split, as_json)
        return
    if dataset or split:
        raise click.UsageError("--dataset and --split say where to compare named runs: name two or more.")
    if file is not None:
        comparison_table.write_csv(context.store, file, replace)
    _show_all(context, as_json)


def _show_all(context: CommandContext, as_json: bool) -> None:
    entries = comparison_table.rows(context.store)
    rows: list[tuple[object, ...]] = [
        (
            r["run"],
            r["backbone"],
            r["recipe"],
            " + ".join(r["trained_on"]),
            r["dataset"],
            r["split"],
            r["n"],
            r["accuracy"],
            ", ".join(["stale"] * r["stale"] + [r["mark"]] * bool(r["mark"])),
        )
        for r in entries
    ]
    header = ("run", "backbone", "recipe", "trained on", "tested on", "split", "n", "accuracy", "")

    def text() -> str:
        return "\n".join([table(header, rows), *_known_faces(context)])

    show({"rows": entries}, as_json, text)


def _known_faces(context: CommandContext) -> Iterator[str]:
    """A line for each evaluation of which the run has learned faces or people."""
    for view in stored_evaluations.listed(context.store):
        for warning in training_overlap.known_faces(context.store, view):
            yield f"Run {view.run} on '{view.dataset}' {view.split}: {warning}"


@click.command("gap")
@click.option("--split", type=WordChoice(SPLITS), default=str(Split.TEST), show_default=True)
@click.option("--measure", type=WordChoice((ACCURACY, BALANCED, MACRO_F1)), default=ACCURACY, show_default=True)
@click.option("--shared", is_flag=True, help="Count the emotions only that all of the datasets show.")
@json_option
@pass_context
def gap_command(context: CommandContext, split: str, measure: str, shared: bool, as_json: bool) -> None:
    """Western minus East Asian accuracy of each run, with its interval."""
    found = gap.of_runs(context.store, gap.GapChoice(split, measure, shared))
    rows: list[tuple[object, ...]] = [
        (each.run.run, each.run.backbone, " + ".join(each.run.trained_on), points(each.gap.value),
         f"{points(each.gap.low)} to {points(each.gap.high)}", p_words(each.gap.p_value))
        for each in found.runs
    ]  # fmt: skip
    header = ("run", "backbone", "trained on", "gap in points", "95 % interval", "")
    show({"rows": gap.as_json(found), "left_out": list(found.left_out)}, as_json, lambda: table(header, rows))


@click.command("calibration")
@number
@click.option("--keep", is_flag=True, help="Store the temperature with the run, for predict --calibrated.")
@json_option
@pass_context
def calibration_command(context: CommandContext, run: int, keep: bool, as_json: bool) -> None:
    """Reliability of a run's probabilities on each split, its temperature, and prediction sets."""
    found = calibration.of_run(context.store, run)
    if keep:
        calibration.keep_temperature(context.store, run, found.fitted)
    rows: list[tuple[object, ...]] = [
        (place.view.dataset, place.view.split, place.plain.accuracy, place.plain.confidence, place.plain.ece,
         place.plain.ece_by_chance, place.mended.ece if place.mended else "-", place.plain.brier,
         f"{place.sets.share:.3f} ({place.sets.size:.1f})" if place.sets else "-")
        for place in found.places
    ]  # fmt: skip
    header = ("dataset", "split", "accuracy", "confidence", "ECE", "by chance", "ECE at T", "Brier", "sets (size)")
    head = f"Run {run}, temperature {found.fitted.value:.3f}" if found.fitted else f"Run {run}, no validation split"
    show(calibration.as_json(found), as_json, lambda: f"{head}\n{table(header, rows)}")


COMMANDS: Final[tuple[click.Command, ...]] = (evaluate_command, compare_command, gap_command, calibration_command)

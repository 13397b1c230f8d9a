"""The confusion of one run or of two, cell by cell, and a cell's faces sent to review."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click
import numpy as np

from fercore.cli.choices import WordChoice
from fercore.cli.common import NUMBER, CommandContext, json_option, pass_context, show, table
from fercore.cli.comparisons import place
from fercore.curation.quality_bands import QualityBand
from fercore.emotions import EMOTIONS
from fercore.evaluation.confusion_shares import Shares
from fercore.language import counts
from fercore.services.comparison import confusion, confusion_cell, matrices, pair, selections
from fercore.services.comparison.confusion import ConfusionPair
from fercore.services.comparison.confusion_cell import CellFace, CellFilter
from fercore.services.comparison.matrices import Matrix
from fercore.services.comparison.selections import SelectionPlan
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.comparison.table import write_rows, write_text
from fercore.splits import SPLITS

Cell = tuple[int, int]
_SHARE: Final = click.FloatRange(0, 1)


@click.command("confusion")
@click.argument("runs", type=NUMBER, nargs=-1, required=True)
@click.option("--dataset", help="Where the runs were evaluated; needed where that is no single split.")
@click.option("--split", type=WordChoice(SPLITS), help="On which of its splits.")
@click.option("--now", is_flag=True, help="Count two runs with the labels of now.")
@click.option("--shares", type=WordChoice(tuple(Shares)), default=Shares.COUNTS.value, show_default=True)
@click.option("--clustered", is_flag=True, help="Put emotions that are confused side by side.")
@click.option("--cell", type=click.Choice(EMOTIONS), nargs=2, help="Label and prediction: list the faces of that cell.")
@click.option("--confidence", type=_SHARE, nargs=2, default=(0.0, 1.0), help="Only guesses as sure as this.")
@click.option("--subject", "subjects", metavar="NAME", multiple=True, help="Only faces of this person; repeat.")
@click.option("--gender", metavar="NAME", default=None, help="Only faces of this gender.")
@click.option("--age", type=NUMBER, default=None, help="Only faces of this decade: 20 for 20 to 29.")
@click.option("--quality", type=WordChoice(tuple(QualityBand)), default=None, help="Only this third of the pictures.")
@click.option("--send", "name", default=None, help="Send the cell's faces to review as a task of this name.")
@click.option("--person", "people", multiple=True, help="Who takes part; repeat. Without it, everybody may.")
@click.option("--seed", type=NUMBER, default=0, show_default=True, help="Of the control faces that are drawn.")
@click.option("--csv", "csv_file", type=click.Path(path_type=Path, dir_okay=False), help="Write the cells to a file.")
@click.option("--svg", "svg_file", type=click.Path(path_type=Path, dir_okay=False), help="Draw the matrix to a file.")
@click.option("--replace", is_flag=True, help="Replace a regular file that has that name.")
@json_option
@pass_context
def confusion_command(
    context: CommandContext,
    runs: tuple[int, ...],
    dataset: str | None,
    split: str | None,
    now: bool,
    shares: Shares,
    clustered: bool,
    cell: tuple[str, str] | None,
    confidence: tuple[float, float],
    subjects: tuple[str, ...],
    gender: str | None,
    age: int | None,
    quality: QualityBand | None,
    name: str | None,
    people: tuple[str, ...],
    seed: int,
    csv_file: Path | None,
    svg_file: Path | None,
    replace: bool,
    as_json: bool,
) -> None:
    """Confusion of one run, or of two on the same faces with a test of every cell; a cell's faces, sent to review."""
    if len(runs) > 2 or len(set(runs)) != len(runs):
        raise click.UsageError("Name one run, or two different ones.")
    if name is not None and not cell:
        raise click.UsageError("Say with --cell which faces to send.")
    where = place(context.store, runs, dataset, split)
    views = [pair.evaluated(context.store, run, *where) for run in runs]
    compared = confusion.pair(context.store, views[0], views[1], now) if len(views) == 2 else None
    document = confusion.as_json(views[0]) if compared is None else confusion.pair_as_json(compared)
    if csv_file is not None:
        write_rows(csv_file, confusion.cell_rows(views[0]) if compared is None else confusion.rows(compared), replace)
    if svg_file is not None:
        write_text(svg_file, _svg(views[0], compared, shares, clustered), replace)
    lines = [_matrix_text(_matrix(views[0], compared, shares, clustered))]
    if cell:
        at = EMOTIONS.index(cell[0]), EMOTIONS.index(cell[1])
        wanted = CellFilter(*confidence, subjects, gender, age, quality)
        faces = confusion_cell.filtered(context.store, views[0].id, *at, wanted)
        document["cell"] = _cell(context, views[0], compared, at, faces)
        lines = [_cell_text(document["cell"], faces, at)]
        if name is not None:
            plan = SelectionPlan(views[0].id, *at, name, wanted, people, seed)
            sent = selections.as_json(selections.send(context.store, plan), plan)
            document["sent"] = sent
            lines.append(
                f"Task {sent['task']}: {counts.faces(sent['faces'])} of the cell, {sent['control']} for control."
            )
    show(document, as_json, lambda: "\n".join(lines))


def _matrix(view: EvaluationView, compared: ConfusionPair | None, base: Shares, clustered: bool) -> Matrix:
    if compared is None:
        matrix = np.array(view.confusion)
        return matrices.of_run(matrix, base, confusion.order([matrix], clustered), f"Run {view.run}")
    title = f"Run {compared.a.run} − run {compared.b.run}"
    return matrices.of_pair(compared, base, confusion.order(compared.counts, clustered), title)


def _svg(view: EvaluationView, compared: ConfusionPair | None, base: Shares, clustered: bool) -> str:
    matrix = _matrix(view, compared, base, clustered)
    drawn = [np.array(view.confusion)] if compared is None else compared.counts
    words = " ".join(matrices.in_words(each) for each in drawn)
    return matrices.svg(matrix, f"{matrix.caption} · {view.dataset} · {view.split}", words)


def _matrix_text(matrix: Matrix) -> str:
    """Rows true, columns predicted; of two runs with the p-values below 5 % marked."""
    rows: list[tuple[object, ...]] = [
        (
            EMOTIONS[i],
            *(f"{matrix.cells[i][j].figure}{'*' * matrix.cells[i][j].marked}" for j in matrix.order),
            matrix.totals[i],
        )
        for i in matrix.order
    ]
    head = ("true \\ predicted", *(EMOTIONS[index] for index in matrix.order), "faces")
    marked = any(cell.marked for row in matrix.cells for cell in row)
    foot = ["* McNemar's mid-p after Holm over all cells is below 5 %."] if marked else []
    return "\n".join([matrix.caption, table(head, rows), *foot])


def _cell(
    context: CommandContext, view: EvaluationView, compared: ConfusionPair | None, at: Cell, faces: Sequence[CellFace]
) -> dict[str, Any]:
    """One cell: its faces, the tasks that were made of it, and of two runs the claim."""
    looks = selections.of_cell(context.store, view, *at)
    found: dict[str, Any] = {
        "label": EMOTIONS[at[0]],
        "prediction": EMOTIONS[at[1]],
        "faces": [
            {
                "face": face.face_id,
                "guessed": face.guessed,
                "true": face.true,
                "probabilities": dict(zip(EMOTIONS, face.probabilities, strict=True)),
                "subject": face.subject,
                "gender": face.gender,
                "age": face.age,
                "quality": face.quality,
                "relabelled": not face.unchanged,
            }
            for face in faces
        ],
        "selections": [
            {
                "task": look.task,
                "run": look.run,
                "evaluation": look.evaluation,
                "filter": look.filter,
                "seed": look.seed,
                "selected": asdict(look.selected),
                "control": asdict(look.control),
            }
            for look in looks
        ],
    }
    if compared is not None:
        before = selections.chosen_before(context.store, looks, compared.b.run)
        found["chosen_before"] = before is not None
        found["claim"] = confusion.claim(compared, *at, chosen_before=before is not None)
    return found


def _cell_text(found: dict[str, Any], faces: Sequence[CellFace], at: Cell) -> str:
    rows: list[tuple[object, ...]] = [
        (face.face_id, f"{face.guessed:.3f}", f"{face.true:.3f}", face.subject or "", face.gender or "", face.age or "")
        for face in faces
    ]
    head = ("face", EMOTIONS[at[1]], f"{EMOTIONS[at[0]]} (label)", "subject", "gender", "age")
    claim = [found["claim"]] if "claim" in found else []
    return "\n".join([table(head, rows), *claim])


COMMANDS: Final[tuple[click.Command, ...]] = (confusion_command,)

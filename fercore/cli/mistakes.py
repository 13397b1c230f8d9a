"""Mistakes of runs, their agreement, and the faces that they learned with difficulty."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from fercore.cli.choices import WordChoice
from fercore.cli.common import NUMBER, CommandContext, json_option, pass_context, show, table
from fercore.cli.comparisons import place
from fercore.emotions import EMOTIONS
from fercore.language import counts
from fercore.services.comparison import agreement, mistakes, pair, selected_faces, training_faces
from fercore.services.comparison.agreement import RunAgreement
from fercore.services.comparison.mistakes import MistakeQuery, Mistakes
from fercore.services.comparison.selected_faces import Chosen, Reason, Sending
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.comparison.table import write_rows
from fercore.services.comparison.training_faces import DynamicsOrder, TrainingFaces, TrainingQuery
from fercore.splits import SPLITS

_REASONS: Final = (Reason.SUREST, Reason.ALL_WRONG, Reason.ONE_RIGHT)
_COUNT: Final = click.IntRange(1, 2**31 - 1)
_FILE: Final = click.Path(path_type=Path, dir_okay=False)
dataset_option = click.option("--dataset", help="Where the runs were evaluated; needed where that is no single split.")
split_option = click.option("--split", type=WordChoice(SPLITS), help="On which of its splits.")
label_option = click.option("--label", type=click.Choice(EMOTIONS), default=None, help="Only faces with this label.")
count_option = click.option("--count", type=_COUNT, default=None, help="Only the first so many.")
send_option = click.option("--send", "name", default=None, help="Send the faces to review as a task of this name.")
people_option = click.option("--person", "people", multiple=True, help="Who takes part; repeat.")
seed_option = click.option("--seed", type=NUMBER, default=0, show_default=True, help="Of the control faces.")
csv_option = click.option("--csv", "file", type=_FILE, help="Write the rows to a file.")
replace_option = click.option("--replace", is_flag=True, help="Replace a regular file that has that name.")


@click.command("mistakes")
@click.argument("runs", type=NUMBER, nargs=-1, required=True)
@dataset_option
@split_option
@click.option("--reason", type=WordChoice(_REASONS), default=None, help="By default surest, of several runs all-wrong.")
@label_option
@click.option("--predicted", type=click.Choice(EMOTIONS), default=None, help="Only if most runs name this emotion.")
@click.option("--right", type=NUMBER, default=None, metavar="RUN", help="Of one-right: only if this run is right.")
@count_option
@send_option
@people_option
@seed_option
@csv_option
@replace_option
@json_option
@pass_context
def mistakes_command(
    context: CommandContext,
    runs: tuple[int, ...],
    dataset: str | None,
    split: str | None,
    reason: Reason | None,
    label: str | None,
    predicted: str | None,
    right: int | None,
    count: int | None,
    name: str | None,
    people: tuple[str, ...],
    seed: int,
    file: Path | None,
    replace: bool,
    as_json: bool,
) -> None:
    """The surest mistakes of a run; of several, the faces that all get wrong or only one gets right."""
    chosen = reason or (Reason.SUREST if len(set(runs)) == 1 else Reason.ALL_WRONG)
    query = MistakeQuery(Reason(chosen), _emotion(label), _emotion(predicted), right, count)
    found = mistakes.find(context.store, _views(context, runs, dataset, split), query)
    if file is not None:
        write_rows(file, mistakes.rows(found), replace, mistakes.COLUMNS)
    sent = _sent(context, found.chosen(), Sending(name, people, seed)) if name is not None else {}
    show(mistakes.as_json(found) | sent, as_json, lambda: _mistakes_text(found, sent))


def _views(
    context: CommandContext, runs: Sequence[int], dataset: str | None, split: str | None
) -> list[EvaluationView]:
    numbers = tuple(dict.fromkeys(runs))
    where = place(context.store, numbers, dataset, split)
    return [pair.evaluated(context.store, run, *where) for run in numbers]


def _emotion(name: str | None) -> int | None:
    return None if name is None else EMOTIONS.index(name)


def _sent(context: CommandContext, chosen: Chosen, sending: Sending) -> dict[str, Any]:
    made = selected_faces.write(context.store, chosen, sending)
    return {"sent": {"task": made.task, "seed": sending.seed, "faces": made.faces, "control": made.control}}


def _sent_line(sent: dict[str, Any]) -> list[str]:
    if not sent:
        return []
    made = sent["sent"]
    return [f"Task {made['task']}: {counts.faces(made['faces'])}, {made['control']} for control."]


def _mistakes_text(found: Mistakes, sent: dict[str, Any]) -> str:
    rows: list[tuple[object, ...]] = [
        (
            each.face_id,
            EMOTIONS[each.label],
            EMOTIONS[each.said],
            f"{each.said_by} of {len(found.views)}",
            each.sureness,
            each.right,
            "relabelled" * (not each.unchanged),
        )
        for each in found.found
    ]
    head = f"'{found.faces.dataset}' {found.faces.split}: {found.every:,} of {counts.faces(found.faces.n)}"
    header = ("face", "label", "predicted", "by runs", "probability", "right run", "")
    return "\n".join([head, table(header, rows), *_sent_line(sent)])


@click.command("run-agreement")
@click.argument("runs", type=NUMBER, nargs=-1, required=True)
@dataset_option
@split_option
@csv_option
@replace_option
@json_option
@pass_context
def run_agreement_command(
    context: CommandContext,
    runs: tuple[int, ...],
    dataset: str | None,
    split: str | None,
    file: Path | None,
    replace: bool,
    as_json: bool,
) -> None:
    """Agreement of runs on the same faces: Cohen's kappa, equal answers and equal mistakes of every pair."""
    found = agreement.of_runs(context.store, _views(context, runs, dataset, split))
    if file is not None:
        write_rows(file, agreement.rows(found), replace)
    show(agreement.as_json(found), as_json, lambda: _agreement_text(found))


def _agreement_text(found: RunAgreement) -> str:
    rows: list[tuple[object, ...]] = [
        (
            row["run_a"],
            row["run_b"],
            row["kappa"],
            "-" if row["low"] is None else f"{row['low']:.3f} to {row['high']:.3f}",
            row["equal_answers"],
            row["equal_mistakes"],
        )
        for row in agreement.rows(found)
    ]
    head = f"Agreement on '{found.faces.dataset}' {found.faces.split}, {counts.faces(found.faces.n)}"
    header = ("run", "run", "kappa", "95 % interval", "equal answers", "equal mistakes")
    return "\n".join([head, table(header, rows)])


@click.command("training-faces")
@click.argument("run", type=NUMBER)
@click.option("--order", type=WordChoice(tuple(DynamicsOrder)), default=DynamicsOrder.MARGIN.value, show_default=True)
@click.option("--dataset", default=None, help="Only faces of this dataset.")
@label_option
@count_option
@send_option
@people_option
@csv_option
@replace_option
@json_option
@pass_context
def training_faces_command(
    context: CommandContext,
    run: int,
    order: DynamicsOrder,
    dataset: str | None,
    label: str | None,
    count: int | None,
    name: str | None,
    people: tuple[str, ...],
    file: Path | None,
    replace: bool,
    as_json: bool,
) -> None:
    """The training faces of a run by their dynamics: mean margin, variability, forgetting, last loss."""
    query = TrainingQuery(run, DynamicsOrder(order), dataset, _emotion(label), count)
    found = training_faces.find(context.store, query)
    if name is not None and dataset is None and len(found.datasets) > 1:
        raise click.UsageError("Say with --dataset of which dataset the faces are sent.")
    if file is not None:
        write_rows(file, training_faces.rows(found), replace, training_faces.COLUMNS)
    sent = _sent(context, training_faces.chosen(context.store, found), Sending(name, people)) if name else {}
    document = {"run": run, "epochs": found.epochs, "found": found.every, "faces": training_faces.rows(found)}
    show(document | sent, as_json, lambda: _training_text(found, sent))


def _training_text(found: TrainingFaces, sent: dict[str, Any]) -> str:
    rows: list[tuple[object, ...]] = [
        (each.face_id, each.dataset, EMOTIONS[each.label], each.margin, each.variability, each.forgetting,
         each.last_loss, "relabelled" * (not each.unchanged))
        for each in found.found
    ]  # fmt: skip
    head = f"Run {found.query.run}: {counts.faces(found.every)}, epochs: {found.epochs}"
    header = ("face", "dataset", "label", "margin", "variability", "forgotten", "last loss", "")
    return "\n".join([head, table(header, rows), *_sent_line(sent)])


COMMANDS: Final[tuple[click.Command, ...]] = (mistakes_command, run_agreement_command, training_faces_command)

"""Commands about models: train, runs, evaluate, opinion, compare, predict."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from fercore.cli.common import NUMBER, Context, complain, json_option, pass_context, progress_bar, show, table, warn
from fercore.errors import InputError
from fercore.language import numbers, tr, trn
from fercore.services import (
    comparing,
    evaluating,
    evaluations,
    guarding,
    opinions,
    predicting,
    recipes,
    training,
    viewing,
)
from fercore.services.predicting import Read, Unread
from fercore.services.training import TrainRequest
from fercore.services.viewing import RunView
from fercore.sources.record import SPLITS
from fercore.training.backbones import BACKBONES
from fercore.training.backbones import backbone as named_backbone
from fercore.training.plan import MAX_SEED
from fercore.training.recipe import MAX_EPOCHS
from fercore.training.weights import find_weights, parse_weights

number = click.argument("run", type=NUMBER)


@click.command("train")
@click.option("--snapshot", required=True)
@click.option("--backbone", required=True, help=f"One of {', '.join(BACKBONES)}.")
@click.option("--recipe", "recipe_name", default="paper", show_default=True, help="paper, modern, or one of your own.")
@click.option("--epochs", type=click.IntRange(0, MAX_EPOCHS), default=None, help="0 builds and trains nothing.")
@click.option("--weights", default="imagenet", show_default=True, help="imagenet, none, or a file's path.")
@click.option("--seed", type=click.IntRange(0, MAX_SEED), default=0, show_default=True)
@click.option("--all-gpus", is_flag=True, help="Spread each batch over all GPUs of a machine (TensorFlow, JAX).")
@click.option("--wait", is_flag=True, help="Stay until the run has ended.")
@click.option("--strict", is_flag=True, help="Refuse where there are warnings.")
@json_option
@pass_context
def train_command(
    context: Context,
    snapshot: str,
    backbone: str,
    recipe_name: str,
    epochs: int | None,
    weights: str,
    seed: int,
    all_gpus: bool,
    wait: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Train a backbone with a recipe on a snapshot, in a process of its own."""
    chosen = recipes.named(context.store, recipe_name)
    request = TrainRequest(snapshot, backbone, chosen, weights, seed, epochs, all_gpus=all_gpus)
    training.check(context.store, request)
    warn([one.text for one in guarding.cautions(context.store, request)], strict)
    find_weights(named_backbone(backbone), parse_weights(weights))
    run_id = training.start(context.store, request)
    if not wait:
        found = viewing.view(context.store, run_id)
    else:
        with progress_bar(as_json) as progress:
            found = viewing.wait(context.store, run_id, progress)
    _show_run(found, as_json)
    if wait and found.status != "done":
        raise click.exceptions.Exit(1)


def _show_run(found: RunView, as_json: bool) -> None:
    show(viewing.as_json(found), as_json, lambda: _run_text(found))


def _run_text(found: RunView) -> str:
    run = found.run
    lines = [f"Run {run.id}: {run.backbone}, recipe {run.recipe['name']}, on '{found.snapshot.name}': {found.status}"]
    if found.error:
        lines.append(f"  {found.error}")
    if run.params_total is not None:
        lines.append(f"  {run.params_total:,} parameters, {run.params_trainable:,} trainable")
    if run.class_weights:
        lines.append("  class weights " + ", ".join(f"{k} {v:g}" for k, v in run.class_weights.items()))
    rows: list[tuple[object, ...]] = [
        (e.number, e.loss, e.accuracy, e.watch_loss, e.watch_accuracy, round(e.seconds, 1)) for e in found.epochs
    ]
    if rows:
        lines.append(table(("epoch", "loss", "accuracy", "watch loss", "watch accuracy", "seconds"), rows))
    return "\n".join(lines)


@click.command("runs")
@json_option
@pass_context
def runs_command(context: Context, as_json: bool) -> None:
    """All runs, newest first."""
    found = viewing.listed_with_epochs(context.store)
    rows: list[tuple[object, ...]] = [
        (v.run.id, v.status, v.run.backbone, v.run.recipe["name"], v.snapshot.name, v.run.seed, len(v.epochs))
        for v in found
    ]
    show(
        [viewing.as_json(view) for view in found],
        as_json,
        lambda: table(("run", "status", "backbone", "recipe", "snapshot", "seed", "epochs"), rows),
    )


@click.command("run")
@number
@json_option
@pass_context
def run_command(context: Context, run: int, as_json: bool) -> None:
    """One run with its epochs."""
    _show_run(viewing.view(context.store, run), as_json)


@click.command("cancel")
@number
@json_option
@pass_context
def cancel_command(context: Context, run: int, as_json: bool) -> None:
    """Ask a queued or running run to stop."""
    status = training.cancel(context.store, run)
    show({"run": run, "status": status}, as_json, lambda: f"Run {run} was asked to stop; it is {status}.")


@click.command("pause")
@number
@json_option
@pass_context
def pause_command(context: Context, run: int, as_json: bool) -> None:
    """Stop a run so that resume goes on where it was."""
    training.pause(context.store, run)
    show({"run": run, "status": "paused"}, as_json, lambda: f"Run {run} is paused: resume {run} goes on.")


@click.command("resume")
@number
@json_option
@pass_context
def resume_command(context: Context, run: int, as_json: bool) -> None:
    """Go on after the last finished epoch of a run that was paused, cancelled, failed or lost."""
    training.resume(context.store, run)
    _show_run(viewing.view(context.store, run), as_json)


@click.command("evaluate")
@number
@click.option("--dataset", required=True)
@click.option("--split", type=click.Choice(SPLITS), required=True)
@click.option("--recount", is_flag=True, help="Count stored probabilities with the labels of now; predict nothing.")
@json_option
@pass_context
def evaluate_command(context: Context, run: int, dataset: str, split: str, recount: bool, as_json: bool) -> None:
    """Predict every labelled face of a split and compare with its label."""
    if recount:
        found = _recount(context, run, dataset, split)
    else:
        with progress_bar(as_json) as progress:
            found = evaluating.evaluate(context.store, run, dataset, split, progress)

    def text() -> str:
        rows: list[tuple[object, ...]] = [
            (name, scores.precision, scores.recall, scores.f1, scores.n) for name, scores in found.per_emotion.items()
        ]
        head = f"Run {run} on '{dataset}' {split}: accuracy {found.accuracy:.4f} on {numbers.faces(found.n)}"
        return f"{head}\n{table(('emotion', 'precision', 'recall', 'F1', 'n'), rows)}"

    show(evaluations.as_json(found), as_json, text)


def _recount(context: Context, run: int, dataset: str, split: str) -> evaluations.Evaluated:
    """Recount all runs on a split, and return this run's evaluation there."""
    done = evaluating.recount(context.store, dataset, split)
    for number, count in done.unpredicted.items():
        text = trn(
            "Run {run} never predicted {count} face, which is not counted: evaluate it again.",
            "Run {run} never predicted {count} faces, which are not counted: evaluate it again.",
            count,
            run=number,
        )
        warn([text], strict=False)
    found = evaluations.of_run(context.store, run, dataset, split)
    if found is None:
        raise InputError(
            tr("Run {run} was not evaluated on '{dataset}', {split}.", run=run, dataset=dataset, split=split)
        )
    return found


@click.command("opinion")
@number
@click.option("--dataset", required=True)
@json_option
@pass_context
def opinion_command(context: Context, run: int, dataset: str, as_json: bool) -> None:
    """Let a run look at the faces of a dataset that it did not learn, for the orders of review."""
    with progress_bar(as_json) as progress:
        found = opinions.gather(context.store, run, dataset, progress)
    show(
        {"run": run, "dataset": dataset, "faces": found},
        as_json,
        lambda: f"Run {run} predicted {numbers.faces(found)}.",
    )


@click.command("compare")
@click.option("--csv", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write the rows to a file.")
@click.option("--replace", is_flag=True, help="Replace a regular file that has that name.")
@json_option
@pass_context
def compare_command(context: Context, file: Path | None, replace: bool, as_json: bool) -> None:
    """Every evaluation: trained-on × tested-on."""
    if file is not None:
        comparing.write_csv(context.store, file, replace)
    found = comparing.rows(context.store)
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
        )
        for r in found
    ]
    header = ("run", "backbone", "recipe", "trained on", "tested on", "split", "n", "accuracy")
    show({"rows": found}, as_json, lambda: table(header, rows))


@click.command("predict")
@click.argument("photos", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--run", type=NUMBER, required=True, help="Which run's model reads the faces.")
@json_option
@pass_context
def predict_command(context: Context, photos: tuple[Path, ...], run: int, as_json: bool) -> None:
    """Find the faces of photos and read their emotions.

    Each photo stands alone. One that cannot be read is named on stderr with the reason, and has an "error" and no
    faces in --json; the exit code is then 2, and the others are read all the same.
    """
    found = list(predicting.predict_files(lambda: predicting.load(context.store, run), photos))
    unread = [photo for photo in found if isinstance(photo, Unread)]
    if as_json or len(unread) < len(found):
        show([predicting.as_json(photo) for photo in found], as_json, lambda: "\n".join(_reading_lines(found)))
    for photo in unread:
        complain(photo.why if photo.photo in photo.why else f"{photo.photo}: {photo.why}")
    if unread:
        raise click.exceptions.Exit(2)


def _reading_lines(found: Sequence[Read | Unread]) -> Iterator[str]:
    for photo in found:
        if isinstance(photo, Unread):
            continue
        yield f"{photo.photo}: {numbers.faces(len(photo.faces))}"
        for face, p in zip(predicting.as_json(photo)["faces"], photo.probabilities, strict=True):
            yield f"  {face['emotion']} {p.max():.2f} at {face['box']}"


COMMANDS: Final[tuple[click.Command, ...]] = (
    train_command,
    runs_command,
    run_command,
    cancel_command,
    pause_command,
    resume_command,
    evaluate_command,
    opinion_command,
    compare_command,
    predict_command,
)

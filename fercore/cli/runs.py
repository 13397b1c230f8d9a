"""Commands about runs: train, list, show, cancel, pause, resume."""

from pathlib import Path
from typing import Final

import click

from fercore.cli import audit_rules
from fercore.cli.audit_rules import rules_option
from fercore.cli.common import NUMBER, CommandContext, json_option, pass_context, progress_bar, show, table, warn
from fercore.language import counts, tr
from fercore.services.comparison import foreign_models
from fercore.services.comparison.foreign_models import ForeignModel
from fercore.services.training import preflight, recipes, run_details, runs, training_dynamics
from fercore.services.training.run_details import RunView
from fercore.services.training.runs import TrainRequest
from fercore.statuses import Status
from fercore.training.loop.config import MAX_SEED
from fercore.training.models.backbones import BACKBONES
from fercore.training.models.backbones import backbone as named_backbone
from fercore.training.models.pretrained import InitialWeights, find_weights, parse_weights
from fercore.training.recipes.recipe import MAX_EPOCHS

number = click.argument("run", type=NUMBER)


@click.command("train")
@click.option("--snapshot", required=True)
@click.option("--backbone", required=True, help=f"One of {', '.join(BACKBONES)}.")
@click.option("--recipe", "recipe_name", default="paper", show_default=True, help="paper, modern, or one of your own.")
@click.option("--epochs", type=click.IntRange(0, MAX_EPOCHS), default=None, help="0 builds and trains nothing.")
@click.option(
    "--weights", default=InitialWeights.IMAGENET.value, show_default=True, help="imagenet, none, or a file's path."
)
@click.option("--from-run", type=NUMBER, metavar="RUN", help="Start from the model of this run, and continue it.")
@click.option("--seed", type=click.IntRange(0, MAX_SEED), default=0, show_default=True)
@click.option("--all-gpus", is_flag=True, help="Spread each batch over all GPUs of a machine (TensorFlow, JAX).")
@click.option("--wait", is_flag=True, help="Stay until the run has ended.")
@click.option("--strict", is_flag=True, help="Refuse where there are warnings.")
@rules_option
@click.option("--exception", default="", help="Reason to train although a rule is exceeded; kept in the run's record.")
@json_option
@pass_context
def train_command(
    context: CommandContext,
    snapshot: str,
    backbone: str,
    recipe_name: str,
    epochs: int | None,
    weights: str,
    from_run: int | None,
    seed: int,
    all_gpus: bool,
    wait: bool,
    strict: bool,
    rules: Path | None,
    exception: str,
    as_json: bool,
) -> None:
    """Train a backbone with a recipe on a snapshot, in a process of its own."""
    chosen = recipes.named(context.store, recipe_name)
    if from_run is not None and weights != InitialWeights.IMAGENET:
        raise click.UsageError("Give --weights or --from-run, not both.")
    wanted = None if rules is None else audit_rules.read(rules)
    request = TrainRequest(
        *(snapshot, backbone, chosen, weights, seed, epochs),
        all_gpus=all_gpus,
        from_run=from_run,
        rules=wanted,
        exception=exception,
    )
    runs.check(context.store, request)
    warn([caution.text for caution in preflight.cautions(context.store, request)], strict)
    if from_run is None:
        find_weights(named_backbone(backbone), parse_weights(weights))
    run_id = runs.start(context.store, request)
    if not wait:
        view = run_details.view(context.store, run_id)
    else:
        with progress_bar(as_json) as progress:
            view = run_details.wait(context.store, run_id, progress)
    _show_run(view, as_json)
    if wait and view.status != Status.DONE:
        raise click.exceptions.Exit(1)


def _show_run(view: RunView, as_json: bool) -> None:
    show(run_details.as_json(view), as_json, lambda: _run_text(view))


def _run_text(view: RunView) -> str:
    run = view.run
    lines = [f"Run {run.id}: {run.backbone}, recipe {run.recipe['name']}, on '{view.snapshot.name}': {view.status}"]
    lines += [
        f"  continues run {each['run']} on '{each['snapshot']}'; epochs: {each['epochs']}" for each in view.earlier
    ]
    if view.error:
        lines.append(f"  {view.error}")
    if view.exception is not None:
        lines += [f"  {line}" for line in audit_rules.exception_lines(view.exception)]
    if run.params_total is not None:
        lines.append(f"  {run.params_total:,} parameters, {run.params_trainable:,} trainable")
    if run.class_weights:
        lines.append("  class weights " + ", ".join(f"{k} {v:g}" for k, v in run.class_weights.items()))
    rows: list[tuple[object, ...]] = [
        (e.number, e.loss, e.accuracy, e.val_loss, e.val_accuracy, round(e.seconds, 1)) for e in view.epochs
    ]
    if rows:
        lines.append(table(("epoch", "loss", "accuracy", "val loss", "val accuracy", "seconds"), rows))
    return "\n".join(lines)


def _model_text(model: ForeignModel) -> str:
    return f"Run {model.run}: {model.name}, a model from elsewhere, with {counts.evaluations(model.evaluations)}"


@click.command("runs")
@json_option
@pass_context
def runs_command(context: CommandContext, as_json: bool) -> None:
    """All runs, newest first."""
    views = run_details.listed_with_epochs(context.store)
    models = foreign_models.listed(context.store)
    rows: list[tuple[object, ...]] = [
        (v.run.id, v.status, v.run.backbone, v.run.recipe["name"], v.snapshot.name, v.run.seed, len(v.epochs))
        for v in views
    ]
    rows += [(model.run, tr("from elsewhere"), model.name, "", "", "", "") for model in models]
    rows.sort(key=lambda row: -int(str(row[0])))
    documents = [*map(run_details.as_json, views), *map(foreign_models.as_json, models)]
    show(
        sorted(documents, key=lambda document: -document["run"]),
        as_json,
        lambda: table(("run", "status", "backbone", "recipe", "snapshot", "seed", "epochs"), rows),
    )


@click.command("run")
@number
@json_option
@click.option(
    "--dynamics", type=click.Path(path_type=Path, dir_okay=False), help="Write how each training face was read."
)
@click.option("--replace", is_flag=True, help="Replace a regular file that has that name.")
@pass_context
def run_command(context: CommandContext, run: int, dynamics: Path | None, replace: bool, as_json: bool) -> None:
    """One run with its epochs.

    --dynamics writes a CSV with a row for each face that it learned: mean loss, mean probability of its label
    (confidence), mean margin to the next emotion, variability over epochs, and forgetting events.
    """
    if dynamics is not None:
        count = training_dynamics.write_csv(context.store, run, dynamics, replace)
        show(
            {"run": run, "dynamics": str(dynamics), "faces": count},
            as_json,
            lambda: f"{counts.faces(count)}: {dynamics}",
        )
        return
    model = foreign_models.find(context.store, run)
    if model is not None:
        show(foreign_models.as_json(model), as_json, lambda: _model_text(model))
        return
    _show_run(run_details.view(context.store, run), as_json)


@click.command("cancel")
@number
@json_option
@pass_context
def cancel_command(context: CommandContext, run: int, as_json: bool) -> None:
    """Ask a queued or running run to stop."""
    status = runs.cancel(context.store, run)
    show({"run": run, "status": status}, as_json, lambda: f"Run {run} was asked to stop; it is {status}.")


@click.command("pause")
@number
@json_option
@pass_context
def pause_command(context: CommandContext, run: int, as_json: bool) -> None:
    """Stop a run so that resume goes on where it was."""
    runs.pause(context.store, run)
    show({"run": run, "status": Status.PAUSED}, as_json, lambda: f"Run {run} is paused: resume {run} goes on.")


@click.command("resume")
@number
@json_option
@pass_context
def resume_command(context: CommandContext, run: int, as_json: bool) -> None:
    """Go on after the last finished epoch of a run that was paused, cancelled, failed or lost."""
    runs.resume(context.store, run)
    _show_run(run_details.view(context.store, run), as_json)


COMMANDS: Final[tuple[click.Command, ...]] = (
    train_command,
    runs_command,
    run_command,
    cancel_command,
    pause_command,
    resume_command,
)

"""Commands about sweeps: train a grid, look at it, cancel it."""

from typing import Final

import click

from fercore.cli.common import NUMBER, CommandContext, json_option, pass_context, show, table, warn
from fercore.errors import InputError
from fercore.language import counts
from fercore.services.comparison import training_overlap
from fercore.services.system.installation import Store
from fercore.services.training import paper_sweep, preflight, runs, sweeps
from fercore.services.training import snapshots as snapshot_service
from fercore.services.training.sweep_cells import Grid, SweepView
from fercore.splits import SPLITS
from fercore.training.loop.config import MAX_SEED
from fercore.training.models.backbones import BACKBONES, STUDY
from fercore.training.models.pretrained import InitialWeights, find_weights, parse_weights
from fercore.training.recipes.recipe import MAX_EPOCHS

number = click.argument("sweep", type=NUMBER)


@click.command("sweep")
@click.option(
    "--snapshots", multiple=True, help="Names with commas between them, or one that holds commas; repeatable."
)
@click.option(
    "--backbones",
    default="all",
    show_default=True,
    help="all (the study's five), every, or names with commas between them.",
)
@click.option("--recipe", "--recipes", "names", default="paper", show_default=True, help="One or several.")
@click.option("--seeds", default="0", show_default=True, help="One or several.")
@click.option(
    "--epochs", type=click.IntRange(0, MAX_EPOCHS), default=None, help="At most; as each recipe says if left out."
)
@click.option(
    "--weights", default=InitialWeights.IMAGENET.value, show_default=True, help="imagenet, none, or a file's path."
)
@click.option("--evaluate", multiple=True, metavar="DATASET:SPLIT", help="When a run is done; may be repeated.")
@click.option("--paper", is_flag=True, help="The study's own table, as far as its datasets are here.")
@click.option("--repeat", is_flag=True, help="Train runs again that are there already.")
@click.option("--strict", is_flag=True, help="Refuse where there are warnings.")
@click.option("--name", default="sweep", show_default=True)
@json_option
@pass_context
def sweep_command(
    context: CommandContext,
    snapshots: tuple[str, ...],
    backbones: str,
    names: str,
    seeds: str,
    epochs: int | None,
    weights: str,
    evaluate: tuple[str, ...],
    paper: bool,
    repeat: bool,
    strict: bool,
    name: str,
    as_json: bool,
) -> None:
    """Train every combination of snapshots, backbones, recipes and seeds."""
    if paper:
        if snapshots or evaluate or backbones != "all" or names != "paper":
            raise InputError("--paper says itself which snapshots, backbones, recipe and places: leave these out.")
        for title in paper_sweep.freeze(context.store):
            click.echo(f"fercore: snapshot '{title}' is frozen for this.", err=True)
        grid = paper_sweep.grid(context.store, weights, epochs, _seeds(seeds))
    else:
        frozen = _snapshots(context.store, snapshots)
        if not frozen:
            raise InputError("Say which snapshots: --snapshots A,B, or --paper for the study's own table.")
        groups = {"all": list(STUDY), "every": list(BACKBONES)}
        chosen = groups.get(backbones) or _parts(backbones)
        places = [_place(text) for text in evaluate]
        grid = Grid(frozen, chosen, _parts(names), _seeds(seeds), weights, epochs, places)
    requests = [sweeps.request(context.store, grid, cell) for cell in grid.cells]
    for request in requests:
        runs.check(context.store, request)
    warn([caution.text for caution in preflight.cautions(context.store, *requests)], strict)
    for request in requests:
        find_weights(BACKBONES[request.backbone], parse_weights(weights))
    sweep_id = sweeps.start(context.store, name, grid, reuse=not repeat)
    _show(sweeps.view(context.store, sweep_id), as_json)


@click.command("sweeps")
@json_option
@pass_context
def sweeps_command(context: CommandContext, as_json: bool) -> None:
    """All sweeps, newest first."""
    views = [sweeps.view(context.store, sweep.id) for sweep in sweeps.listed(context.store)]
    rows: list[tuple[object, ...]] = [
        (
            view.sweep.id,
            view.sweep.name,
            view.done,
            len(view.cells),
            view.stopped,
        )
        for view in views
    ]
    show(
        [sweeps.as_json(view) for view in views],
        as_json,
        lambda: table(("sweep", "name", "done", "cells", "stopped"), rows),
    )


@click.command("sweep-show")
@number
@json_option
@pass_context
def sweep_show_command(context: CommandContext, sweep: int, as_json: bool) -> None:
    """One sweep, cell by cell."""
    view = sweeps.view(context.store, sweep)
    _show(view, as_json)
    runs_there = {cell.run.run.id for cell in view.cells if cell.run is not None}
    warn(training_overlap.of_runs(context.store, runs_there), strict=False)


@click.command("sweep-cancel")
@number
@json_option
@pass_context
def sweep_cancel_command(context: CommandContext, sweep: int, as_json: bool) -> None:
    """Cancel every cell of a sweep that waits or runs."""
    count = sweeps.cancel(context.store, sweep)
    show({"sweep": sweep, "cancelled": count}, as_json, lambda: f"Asked {counts.runs(count)} to stop.")


def _show(view: SweepView, as_json: bool) -> None:
    rows: list[tuple[object, ...]] = [
        (c.cell.backbone, c.cell.recipe, c.cell.snapshot, c.cell.seed, c.run.run.id if c.run else None, c.status)
        for c in view.cells
    ]
    header = ("backbone", "recipe", "snapshot", "seed", "run", "status")
    show(
        sweeps.as_json(view),
        as_json,
        lambda: f"Sweep {view.sweep.id}: {view.sweep.name}\n{table(header, rows)}",
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _snapshots(store: Store, texts: tuple[str, ...]) -> list[str]:
    """The names that were given: a text that is a snapshot's whole name, commas and all, or names between commas."""
    known = {snapshot.name for snapshot in snapshot_service.listed(store)}
    return [name for text in texts for name in ([text] if text in known else _parts(text))]


def _seeds(text: str) -> list[int]:
    parts = _parts(text)
    # Python reads no number of thousands of digits, so that they are counted first.
    if not all(part.isdecimal() and len(part) <= len(str(MAX_SEED)) and int(part) <= MAX_SEED for part in parts):
        raise InputError(f"'{text}' are no seeds: give whole numbers from 0 to {MAX_SEED}, as 0,1,2.")
    return [int(part) for part in parts]


def _place(text: str) -> tuple[str, str]:
    dataset, colon, split = text.rpartition(":")
    if not colon or split not in SPLITS:
        raise InputError(f"'{text}' names no split of a dataset: give it as FER2013:validation.")
    return dataset, split


COMMANDS: Final[tuple[click.Command, ...]] = (
    sweep_command,
    sweeps_command,
    sweep_show_command,
    sweep_cancel_command,
)

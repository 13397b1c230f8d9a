"""Accuracy of runs against their cost, measured on request."""

from pathlib import Path
from typing import Final

import click

from fercore.cli.choices import WordChoice
from fercore.cli.common import NUMBER, CommandContext, json_option, pass_context, progress_bar, show, table
from fercore.language import tr
from fercore.services.comparison import cost, cost_measurement, pair, stored_evaluations
from fercore.services.comparison.cost import Costs
from fercore.services.comparison.table import write_rows
from fercore.splits import SPLITS


@click.command("cost")
@click.argument("runs", type=NUMBER, nargs=-1)
@click.option("--dataset", help="With --split: where accuracy is read, and the runs that were evaluated there.")
@click.option("--split", type=WordChoice(SPLITS), help="On which of its splits.")
@click.option("--measure", is_flag=True, help="Count the FLOPs and time the models of these runs on this machine.")
@click.option("--machine", metavar="NAME", default=None, help="Show latencies of this machine, by default of this one.")
@click.option("--csv", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write the rows to a file.")
@click.option("--replace", is_flag=True, help="Replace a regular file that has that name.")
@json_option
@pass_context
def cost_command(
    context: CommandContext,
    runs: tuple[int, ...],
    dataset: str | None,
    split: str | None,
    measure: bool,
    machine: str | None,
    file: Path | None,
    replace: bool,
    as_json: bool,
) -> None:
    """Accuracy of runs against parameters, FLOPs, latency, and time and memory of training.

    Without runs: all that are finished, or that were evaluated on the split. --measure without runs measures those that
    were not measured yet.
    """
    if bool(dataset) != bool(split):
        raise click.UsageError("Say both --dataset and --split, or neither.")
    found = _costs(context, runs, dataset, split, machine)
    if measure:
        with progress_bar(as_json) as progress:
            cost_measurement.measure(context.store, runs or found.unmeasured(), progress)
        found = _costs(context, runs, dataset, split, machine)
    if file is not None:
        write_rows(file, cost.file_rows(found), replace, cost.COLUMNS)
    document = {"machine": found.machine, "machines": list(found.machines), "runs": cost.rows(found)}
    show(document, as_json, lambda: _text(found))


def _costs(
    context: CommandContext, runs: tuple[int, ...], dataset: str | None, split: str | None, machine: str | None
) -> Costs:
    numbers = tuple(dict.fromkeys(runs))
    if not dataset or not split:
        return cost.unevaluated(context.store, numbers, machine)
    if numbers:
        views = [pair.evaluated(context.store, run, dataset, split) for run in numbers]
    else:
        listed = stored_evaluations.listed(context.store)
        views = [view for view in listed if (view.dataset, view.split) == (dataset, split)]
    if not views:
        raise click.UsageError(tr("No run was evaluated on '{dataset}', {split}.", dataset=dataset, split=split))
    return cost.of_runs(context.store, views, machine)


def _text(found: Costs) -> str:
    rows: list[tuple[object, ...]] = [
        (
            row["run"],
            row["backbone"],
            row["accuracy"],
            "-" if row["low"] is None else f"{row['low']:.3f} to {row['high']:.3f}",
            row["parameters"],
            row["flops"] and row["flops"] / 1e9,
            row["latency_ms"],
            row["training_seconds"] and round(row["training_seconds"]),
            row["training_memory_mb"] and round(row["training_memory_mb"]),
            ", ".join(row["front"]),
        )
        for row in cost.rows(found)
    ]
    head = ("run", "backbone", "accuracy", "95 % interval", "parameters", "GFLOPs", "ms", "seconds", "MiB", "front")
    machine = [f"Latency for one face on {found.machine}."] if found.machine else []
    return "\n".join([table(head, rows), *machine, "-: not measured; --measure counts FLOPs and times models here."])


COMMANDS: Final[tuple[click.Command, ...]] = (cost_command,)

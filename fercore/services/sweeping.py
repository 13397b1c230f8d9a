"""Sweeps: backbones × snapshots × recipes × seeds, trained one cell after the other and watched as a grid."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

from fercore.errors import InputError, NotFoundError
from fercore.language import tr
from fercore.services import queueing, recipes, training, viewing
from fercore.services.names import checked_name
from fercore.services.pace import Pace, seconds_until_all_done
from fercore.services.training import TrainRequest
from fercore.services.viewing import RunView
from fercore.store import Store, jobs, runs, sweeps
from fercore.store import snapshots as snapshot_table
from fercore.store.tables import Sweep
from fercore.training.weights import whole_weights


@dataclass(frozen=True)
class Cell:
    """One training of a grid."""

    backbone: str
    recipe: str
    snapshot: str
    seed: int


@dataclass(frozen=True)
class Grid:
    """The axes of a sweep, and what all of its cells share; `evaluate` lists (dataset, split)."""

    snapshots: Sequence[str]
    backbones: Sequence[str]
    recipes: Sequence[str]
    seeds: Sequence[int] = (0,)
    weights: str = "imagenet"
    epochs: int | None = None
    evaluate: Sequence[tuple[str, str]] = ()

    @property
    def cells(self) -> list[Cell]:
        """Every combination, backbones slowest."""
        axes = product(self.backbones, self.recipes, self.snapshots, self.seeds)
        return list(dict.fromkeys(Cell(backbone, recipe, name, seed) for backbone, recipe, name, seed in axes))


@dataclass(frozen=True)
class CellView:
    """A cell with its run (None: deleted) and, once it was evaluated, its accuracy by (dataset, split)."""

    cell: Cell
    run: RunView | None
    accuracies: dict[tuple[str, str], float]

    @property
    def status(self) -> str:
        """As its run's; `gone` where that was deleted."""
        return self.run.status if self.run else "gone"

    @property
    def watched(self) -> float | None:
        """The watched accuracy of the reported epoch, or of the last so far."""
        if self.run is None or not self.run.epochs:
            return None
        by_number = {epoch.number: epoch for epoch in self.run.epochs}
        return by_number.get(self.run.run.reported_epoch or 0, self.run.epochs[-1]).watch_accuracy


@dataclass(frozen=True)
class SweepView:
    """A sweep as it is shown; `seconds_left` is None until there is an epoch to judge by, 0 when nothing is left."""

    sweep: Sweep
    cells: list[CellView]
    seconds_left: float | None

    @property
    def is_active(self) -> bool:
        """Whether a cell waits or runs."""
        return any(cell.run is not None and cell.run.is_active for cell in self.cells)

    def count(self, *statuses: str) -> int:
        """How many cells are in one of these states."""
        return sum(cell.status in statuses for cell in self.cells)


def request(store: Store, grid: Grid, cell: Cell) -> TrainRequest:
    """What is trained for a cell; raises NotFoundError for an unknown recipe, InputError for odd weights."""
    recipe, weights = recipes.named(store, cell.recipe), whole_weights(grid.weights)
    return TrainRequest(cell.snapshot, cell.backbone, recipe, weights, cell.seed, grid.epochs, grid.evaluate)


def identical(store: Store, grid: Grid) -> dict[Cell, int]:
    """Runs that are done or under way and equal to a cell in everything, down to the faces: no need to repeat them."""
    wanted = {cell: request(store, grid, cell) for cell in grid.cells}
    with store.database.reading() as session:
        hashes = {cell: snapshot_table.named(session, cell.snapshot).hash for cell in wanted}
    known: dict[str, int] = {}
    for view in viewing.listed(store):
        if view.status in ("done", *jobs.ACTIVE):
            run = view.run
            known[_print(view.snapshot.hash, run.backbone, run.recipe, run.weights, run.seed, run.epochs)] = run.id
    found = {}
    for cell, asked in wanted.items():
        recipe = asked.recipe.model_dump(mode="json")
        same = _print(hashes[cell], asked.backbone, recipe, asked.weights, asked.seed, asked.total_epochs)
        if same in known:
            found[cell] = known[same]
    return found


def _print(*parts: object) -> str:
    """What two runs have in common that are the same."""
    return repr([sorted(part.items(), key=str) if isinstance(part, dict) else part for part in parts])


def start(store: Store, name: str, grid: Grid, reuse: bool = True) -> int:
    """Queue every cell; with `reuse` the identical run that is there takes its place. Returns the sweep's number."""
    title = checked_name(name)
    if not grid.cells:
        raise InputError(tr("A sweep needs at least one backbone, recipe, snapshot and seed."))
    requests = {cell: request(store, grid, cell) for cell in grid.cells}
    for asked in requests.values():
        training.check(store, asked)
    there = identical(store, grid) if reuse else {}
    made = {cell: there.get(cell) or training.create(store, request) for cell, request in requests.items()}
    plan = {
        "weights": whole_weights(grid.weights),
        "epochs": grid.epochs,
        "evaluate": [list(place) for place in grid.evaluate],
        "cells": [{**asdict(cell), "run": run} for cell, run in made.items()],
    }
    with store.database.writing() as session:
        sweep_id = sweeps.add(session, title, plan).id
        for cell, run in made.items():
            if cell not in there:
                runs.set_values(session, run, sweep_id=sweep_id)
    for cell, run in made.items():
        if cell not in there:
            training.enqueue(store, run, requests[cell].evaluate)
    return sweep_id


def view(store: Store, sweep_id: int) -> SweepView:
    """A sweep with the state of each cell."""
    with store.database.reading() as session:
        sweep = sweeps.get(session, sweep_id)
    by_run = {one.run.id: one for one in viewing.listed(store)}
    planned = [(Cell(**{k: v for k, v in row.items() if k != "run"}), row["run"]) for row in sweep.plan["cells"]]
    numbers = [run for _, run in planned if run in by_run]
    with store.database.reading() as session:
        accuracies = runs.accuracies(session, numbers)
    viewing.add_epochs(store, [by_run[number] for number in dict.fromkeys(numbers)])
    cells = [CellView(cell, by_run.get(run), accuracies.get(run, {})) for cell, run in planned]
    pace = Pace.of(by_run.values())
    left = [pace.seconds_left(cell.run) for cell in cells if cell.run and cell.run.status in jobs.ACTIVE]
    known = [seconds for seconds in left if seconds is not None]
    total = seconds_until_all_done(known, queueing.beside(store)) if len(known) == len(left) else None
    return SweepView(sweep, cells, total)


def listed(store: Store) -> list[Sweep]:
    """All sweeps, newest first."""
    with store.database.reading() as session:
        return sweeps.listed(session)


def retry(store: Store, sweep_id: int, cell: Cell) -> int:
    """Go on with a cell that stopped, or train it anew where its run was deleted; returns the run's number."""
    found = next((one for one in view(store, sweep_id).cells if one.cell == cell), None)
    if found is None:
        raise NotFoundError("cell of the sweep", cell)
    if found.run is not None:
        training.resume(store, found.run.run.id)
        return found.run.run.id
    with store.database.reading() as session:
        plan = sweeps.get(session, sweep_id).plan
    run_id = training.create(store, request(store, _grid(plan), cell))
    with store.database.writing() as session:
        runs.set_values(session, run_id, sweep_id=sweep_id)
        sweep = sweeps.get(session, sweep_id)
        rows = [{**row, "run": run_id} if _is(row, cell) else row for row in plan["cells"]]
        sweep.plan = {**plan, "cells": rows}
    training.enqueue(store, run_id, _grid(plan).evaluate)
    return run_id


def cancel(store: Store, sweep_id: int) -> int:
    """Cancel every cell that waits or runs; returns how many."""
    active = [one.run.run.id for one in view(store, sweep_id).cells if one.run and one.run.status in jobs.ACTIVE]
    for run_id in reversed(active):  # waiting ones first: none of them shall start when the running one stops
        training.cancel(store, run_id)
    return len(active)


def remove(store: Store, sweep_id: int) -> None:
    """Forget a sweep; its runs stay."""
    with store.database.writing() as session:
        sweeps.get(session, sweep_id)
        sweeps.remove(session, sweep_id)


def as_json(found: SweepView) -> dict[str, Any]:
    """A sweep as the command line prints it."""
    return {
        "sweep": found.sweep.id,
        "name": found.sweep.name,
        "seconds_left": found.seconds_left,
        "cells": [
            {
                **asdict(one.cell),
                "run": one.run.run.id if one.run else None,
                "status": one.status,
                "watch_accuracy": one.watched,
                "accuracies": [{"dataset": d, "split": s, "accuracy": a} for (d, s), a in one.accuracies.items()],
            }
            for one in found.cells
        ],
    }


def _grid(plan: dict[str, Any]) -> Grid:
    """What the cells of a stored sweep share."""
    places = [(dataset, split) for dataset, split in plan["evaluate"]]
    return Grid((), (), (), weights=plan["weights"], epochs=plan["epochs"], evaluate=places)


def _is(row: dict[str, Any], cell: Cell) -> bool:
    return all(row[name] == value for name, value in asdict(cell).items())

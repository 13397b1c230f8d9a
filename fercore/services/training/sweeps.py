"""Sweeps: backbones × snapshots × recipes × seeds, trained one cell after the other and watched as a grid."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from fercore.errors import InputError, NotFoundError
from fercore.jobs import queue
from fercore.lanes import EVALUATION
from fercore.language import tr
from fercore.services.comparison.training_key import filled_recipe
from fercore.services.naming import checked_name
from fercore.services.plain import plain
from fercore.services.system import queue as queue_service
from fercore.services.training import recipes, run_details, runs
from fercore.services.training.run_details import RunView
from fercore.services.training.runs import TrainRequest
from fercore.services.training.summaries import SweepSummary
from fercore.services.training.sweep_cells import Cell, CellView, Grid, SweepView
from fercore.services.training.time_estimate import TimeEstimates, seconds_until_all_done
from fercore.statuses import ACTIVE, Status
from fercore.store import Store
from fercore.store.comparison import evaluations
from fercore.store.jobs import queue as job_queue
from fercore.store.training import snapshots as snapshot_table
from fercore.store.training import sweeps
from fercore.training.models.pretrained import whole_weights
from fercore.training.recipes.recipe import Recipe
from fercore.training.recipes.validation import stored_recipe


def request(store: Store, grid: Grid, cell: Cell) -> TrainRequest:
    """The request of a cell's training; raises NotFoundError for an unknown recipe, InputError for odd weights."""
    return _request(grid, cell, recipes.named(store, cell.recipe))


def _request(grid: Grid, cell: Cell, recipe: Recipe) -> TrainRequest:
    weights = whole_weights(grid.weights)
    return TrainRequest(cell.snapshot, cell.backbone, recipe, weights, cell.seed, grid.epochs, grid.evaluate)


def identical(store: Store, grid: Grid) -> dict[Cell, int]:
    """Runs that are done or under way and equal to a cell in everything, down to the faces: no need to repeat them."""
    wanted = {cell: request(store, grid, cell) for cell in grid.cells}
    with store.database.reading() as session:
        hashes = {cell: snapshot_table.named(session, cell.snapshot).hash for cell in wanted}
    known: dict[str, int] = {}
    for view in run_details.listed(store):
        if view.status in (Status.DONE, *ACTIVE):
            run = view.run
            recipe = filled_recipe(run.recipe)
            known[_print(view.snapshot.hash, run.backbone, recipe, run.weights, run.seed, run.epochs)] = run.id
    found = {}
    for cell, asked in wanted.items():
        recipe = asked.recipe.model_dump(mode="json")
        same = _print(hashes[cell], asked.backbone, recipe, asked.weights, asked.seed, asked.total_epochs)
        if same in known:
            found[cell] = known[same]
    return found


def _print(*parts: object) -> str:
    """The key that equal runs share."""
    return repr([sorted(part.items(), key=str) if isinstance(part, dict) else part for part in parts])


def start(store: Store, name: str, grid: Grid, reuse: bool = True) -> int:
    """Queue every cell, or none; with `reuse` the identical run that is there takes its place, and is evaluated
    where it was not yet. Returns the sweep's number.
    """
    title = checked_name(name)
    if not grid.cells:
        raise InputError(tr("A sweep needs at least one backbone, recipe, snapshot and seed."))
    requests = {cell: request(store, grid, cell) for cell in grid.cells}
    for asked in requests.values():
        runs.check(store, asked)
    there = identical(store, grid) if reuse else {}
    plan: dict[str, Any] = {
        "weights": whole_weights(grid.weights),
        "epochs": grid.epochs,
        "evaluate": [list(place) for place in grid.evaluate],
        "recipes": {asked.recipe.name: asked.recipe.model_dump(mode="json") for asked in requests.values()},
    }
    with store.database.writing() as session:
        sweep = sweeps.add(session, title, plan)
        made = {
            cell: there.get(cell) or runs.write(store, session, asked, sweep.id) for cell, asked in requests.items()
        }
        sweep.plan = plan | {"cells": [{**asdict(cell), "run": run} for cell, run in made.items()]}
        sweep_id = sweep.id
    for run in there.values():
        runs.also_evaluate(store, run, grid.evaluate)
    queue.advance(store)
    return sweep_id


def view(store: Store, sweep_id: int) -> SweepView:
    """A sweep with the state of each cell."""
    with store.database.reading() as session:
        sweep = plain(SweepSummary, sweeps.get(session, sweep_id))
    by_run = {one.run.id: one for one in run_details.listed(store)}
    planned = [(Cell(**{k: v for k, v in row.items() if k != "run"}), row["run"]) for row in sweep.plan["cells"]]
    numbers = [run for _, run in planned if run in by_run]
    with store.database.reading() as session:
        accuracies = evaluations.accuracies(session, numbers)
        evaluating = {asked["run"] for asked in job_queue.active_arguments(session, EVALUATION)} & set(numbers)
    run_details.add_epochs(store, [by_run[number] for number in dict.fromkeys(numbers)])
    cells = [CellView(cell, by_run.get(run), accuracies.get(run, {})) for cell, run in planned]
    run_details.add_epochs(store, _alike(by_run, cells))
    pace = TimeEstimates.of(by_run.values())
    left = [pace.seconds_left(cell.run) for cell in cells if cell.run and cell.run.status in ACTIVE]
    known = [seconds for seconds in left if seconds is not None]
    total = seconds_until_all_done(known, queue_service.beside(store)) if len(known) == len(left) else None
    return SweepView(sweep, cells, total, frozenset(evaluating))


def _alike(by_run: dict[int, RunView], cells: Sequence[CellView]) -> list[RunView]:
    """The latest earlier run of each backbone and recipe of which no cell of the sweep has an epoch to judge by."""
    waiting = {one.cell.backbone for one in cells if one.run and one.run.status in ACTIVE}
    seen = {one.cell.backbone for one in cells if one.run and one.run.epochs}
    latest: dict[tuple[str, str], RunView] = {}
    for number in sorted(by_run):
        found = by_run[number]
        if found.status == Status.DONE and found.run.backbone in waiting - seen:
            latest[found.run.backbone, found.run.recipe["name"]] = found
    return list(latest.values())


def listed(store: Store) -> list[SweepSummary]:
    """All sweeps, newest first."""
    with store.database.reading() as session:
        return [plain(SweepSummary, sweep) for sweep in sweeps.listed(session)]


def retry(store: Store, sweep_id: int, cell: Cell) -> int:
    """Go on with a cell that stopped, or train it anew by the recipe it had where its run was deleted.

    Returns the run's number.
    """
    found = next((one for one in view(store, sweep_id).cells if one.cell == cell), None)
    if found is None:
        raise NotFoundError("cell of the sweep", cell)
    if found.run is not None:
        runs.resume(store, found.run.run.id)
        return found.run.run.id
    with store.database.reading() as session:
        plan = sweeps.get(session, sweep_id).plan
    kept = plan.get("recipes", {}).get(cell.recipe)
    recipe = recipes.named(store, cell.recipe) if kept is None else stored_recipe(kept)
    asked = _request(_grid(plan), cell, recipe)
    runs.check(store, asked)
    with store.database.writing() as session:
        run_id = runs.write(store, session, asked, sweep_id)
        sweep = sweeps.get(session, sweep_id)
        rows = [{**row, "run": run_id} if _is(row, cell) else row for row in sweep.plan["cells"]]
        sweep.plan = {**sweep.plan, "cells": rows}
    queue.advance(store)
    return run_id


def evaluate_rest(store: Store, sweep_id: int) -> int:
    """Evaluate what is trained where the sweep asks for it and it was not yet; returns how many runs."""
    found = view(store, sweep_id)
    count = sum(runs.also_evaluate(store, run, found.places) for run in found.unevaluated)
    queue.advance(store)
    return count


def cancel(store: Store, sweep_id: int) -> int:
    """Cancel every cell that waits or runs, but those that another sweep or somebody else began; returns how many."""
    found = [one.run for one in view(store, sweep_id).cells if one.run and one.run.status in ACTIVE]
    own = [one.run.id for one in found if one.run.sweep_id == sweep_id]
    cancelled = 0
    for run_id in reversed(own):  # waiting ones first: none of them shall start when the running one stops
        with suppress(InputError):  # it ended meanwhile
            runs.cancel(store, run_id)
            cancelled += 1
    return cancelled


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
                "val_accuracy": one.validated,
                "watch_accuracy": one.validated,  # its name until version 0.2, for one release
                "accuracies": [{"dataset": d, "split": s, "accuracy": a} for (d, s), a in one.accuracies.items()],
            }
            for one in found.cells
        ],
    }


def _grid(plan: dict[str, Any]) -> Grid:
    """The settings that the cells of a stored sweep share."""
    places = [(dataset, split) for dataset, split in plan["evaluate"]]
    return Grid((), (), (), weights=plan["weights"], epochs=plan["epochs"], evaluate=places)


def _is(row: dict[str, Any], cell: Cell) -> bool:
    return all(row[name] == value for name, value in asdict(cell).items())

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
from fercore.services.training.sweep_cells import CellView, Grid, SweepCell, SweepView
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


def request(store: Store, grid: Grid, cell: SweepCell) -> TrainRequest:
    """The request of a cell's training; raises NotFoundError for an unknown recipe, InputError for odd weights."""
    return _request(grid, cell, recipes.named(store, cell.recipe))


def _request(grid: Grid, cell: SweepCell, recipe: Recipe) -> TrainRequest:
    weights = whole_weights(grid.weights)
    return TrainRequest(cell.snapshot, cell.backbone, recipe, weights, cell.seed, grid.epochs, grid.evaluate)


def identical(store: Store, grid: Grid) -> dict[SweepCell, int]:
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
    runs_there = {}
    for cell, wanted_run in wanted.items():
        recipe = wanted_run.recipe.model_dump(mode="json")
        same = _print(
            hashes[cell], wanted_run.backbone, recipe, wanted_run.weights, wanted_run.seed, wanted_run.total_epochs
        )
        if same in known:
            runs_there[cell] = known[same]
    return runs_there


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
    excepted = {cell: runs.check(store, training) for cell, training in requests.items()}
    there = identical(store, grid) if reuse else {}
    plan: dict[str, Any] = {
        "weights": whole_weights(grid.weights),
        "epochs": grid.epochs,
        "evaluate": [list(place) for place in grid.evaluate],
        "recipes": {training.recipe.name: training.recipe.model_dump(mode="json") for training in requests.values()},
    }
    with store.database.writing() as session:
        sweep = sweeps.add(session, title, plan)
        made = {
            cell: there.get(cell) or runs.write(store, session, training, excepted[cell], sweep.id)
            for cell, training in requests.items()
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
    by_run = {view.run.id: view for view in run_details.listed(store)}
    planned = [(SweepCell(**{k: v for k, v in row.items() if k != "run"}), row["run"]) for row in sweep.plan["cells"]]
    numbers = [run for _, run in planned if run in by_run]
    with store.database.reading() as session:
        accuracies = evaluations.accuracies(session, numbers)
        evaluating = {arguments["run"] for arguments in job_queue.active_arguments(session, EVALUATION)} & set(numbers)
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
    waiting = {cell_view.cell.backbone for cell_view in cells if cell_view.run and cell_view.run.status in ACTIVE}
    seen = {cell_view.cell.backbone for cell_view in cells if cell_view.run and cell_view.run.epochs}
    latest: dict[tuple[str, str], RunView] = {}
    for number in sorted(by_run):
        view = by_run[number]
        if view.status == Status.DONE and view.run.backbone in waiting - seen:
            latest[view.run.backbone, view.run.recipe["name"]] = view
    return list(latest.values())


def listed(store: Store) -> list[SweepSummary]:
    """All sweeps, newest first."""
    with store.database.reading() as session:
        return [plain(SweepSummary, sweep) for sweep in sweeps.listed(session)]


def retry(store: Store, sweep_id: int, cell: SweepCell) -> int:
    """Go on with a cell that stopped, or train it anew by the recipe it had where its run was deleted.

    Returns the run's number.
    """
    cell_view = next((candidate for candidate in view(store, sweep_id).cells if candidate.cell == cell), None)
    if cell_view is None:
        raise NotFoundError("cell of the sweep", cell)
    if cell_view.run is not None:
        runs.resume(store, cell_view.run.run.id)
        return cell_view.run.run.id
    with store.database.reading() as session:
        plan = sweeps.get(session, sweep_id).plan
    stored = plan.get("recipes", {}).get(cell.recipe)
    recipe = recipes.named(store, cell.recipe) if stored is None else stored_recipe(stored)
    training = _request(_grid(plan), cell, recipe)
    excepted = runs.check(store, training)
    with store.database.writing() as session:
        run_id = runs.write(store, session, training, excepted, sweep_id)
        sweep = sweeps.get(session, sweep_id)
        rows = [{**row, "run": run_id} if _is(row, cell) else row for row in sweep.plan["cells"]]
        sweep.plan = {**sweep.plan, "cells": rows}
    queue.advance(store)
    return run_id


def evaluate_rest(store: Store, sweep_id: int) -> int:
    """Evaluate what is trained where the sweep asks for it and it was not yet; returns how many runs."""
    sweep_view = view(store, sweep_id)
    count = sum(runs.also_evaluate(store, run, sweep_view.places) for run in sweep_view.unevaluated)
    queue.advance(store)
    return count


def cancel(store: Store, sweep_id: int) -> int:
    """Cancel every cell that waits or runs, but those that another sweep or somebody else began; returns how many."""
    run_views = [
        cell_view.run for cell_view in view(store, sweep_id).cells if cell_view.run and cell_view.run.status in ACTIVE
    ]
    own = [run_view.run.id for run_view in run_views if run_view.run.sweep_id == sweep_id]
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


def as_json(sweep_view: SweepView) -> dict[str, Any]:
    """A sweep as the command line prints it."""
    return {
        "sweep": sweep_view.sweep.id,
        "name": sweep_view.sweep.name,
        "seconds_left": sweep_view.seconds_left,
        "cells": [
            {
                **asdict(cell_view.cell),
                "run": cell_view.run.run.id if cell_view.run else None,
                "status": cell_view.status,
                "val_accuracy": cell_view.validated,
                "watch_accuracy": cell_view.validated,  # its name until version 0.2, for one release
                "accuracies": [{"dataset": d, "split": s, "accuracy": a} for (d, s), a in cell_view.accuracies.items()],
            }
            for cell_view in sweep_view.cells
        ],
    }


def _grid(plan: dict[str, Any]) -> Grid:
    """The settings that the cells of a stored sweep share."""
    places = [(dataset, split) for dataset, split in plan["evaluate"]]
    return Grid((), (), (), weights=plan["weights"], epochs=plan["epochs"], evaluate=places)


def _is(row: dict[str, Any], cell: SweepCell) -> bool:
    return all(row[name] == value for name, value in asdict(cell).items())

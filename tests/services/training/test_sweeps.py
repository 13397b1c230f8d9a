"""Sweeps: what a grid holds, what is not repeated, what happens to single cells."""

import pytest
from sqlalchemy import delete

from fercore.errors import InputError, NotFoundError
from fercore.jobs import queue
from fercore.services.training import recipes, run_details, snapshots, sweeps
from fercore.services.training import runs as run_service
from fercore.services.training.sweep_cells import Grid, SweepCell
from fercore.store.jobs import queue as job_queue
from fercore.store.tables import Epoch, Job
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill


@pytest.fixture(autouse=True)
def nothing_starts(monkeypatch):
    """Jobs are queued and stay there."""
    monkeypatch.setattr(queue, "advance", lambda store: None)


@pytest.fixture
def frozen(store):
    """Two snapshots."""
    for name in ("A", "B"):
        fill(store, name, [n % 7 for n in range(14)])
        snapshots.freeze(store, name, [name])
    return store


GRID = Grid(["A", "B"], ["MobileNetV2", "VGG16"], ["modern"], [0, 1], weights="none", epochs=2)


def finish(store, run_id, epochs=2, seconds=3.0):
    with store.database.writing() as session:
        for number in range(1, epochs + 1):
            row = Epoch(run_id=run_id, number=number, loss=1, accuracy=0.5, learning_rate=0.1, seconds=seconds)
            row.val_accuracy = number / 10
            runs.add_epoch(session, row)
        runs.set_values(session, run_id, status="done", reported_epoch=epochs)


def test_a_grid_is_every_combination_once():
    assert len(GRID.cells) == len(set(GRID.cells)) == 8
    assert Grid(["A", "A"], ["VGG16"], ["paper"], [1, 1]).cells == [SweepCell("VGG16", "paper", "A", 1)]


def test_every_cell_waits_in_the_queue(frozen):
    view = sweeps.view(frozen, sweeps.start(frozen, "first", GRID))
    assert [cell.cell for cell in view.cells] == GRID.cells
    assert {cell.status for cell in view.cells} == {"queued"} and view.is_active
    assert view.seconds_left is None, "no similar training here here"
    assert {cell.run.run.sweep_id for cell in view.cells} == {view.sweep.id}


def test_time_left_comes_from_earlier_runs_until_the_sweep_has_epochs_of_its_own(frozen):
    first = sweeps.view(frozen, sweeps.start(frozen, "first", GRID))
    for place in (0, 4):  # one cell of each backbone
        finish(frozen, first.cells[place].run.run.id, seconds=3.0)
    sweeps.cancel(frozen, first.sweep.id)
    later = Grid(["A"], ["MobileNetV2", "VGG16"], ["modern"], [7], weights="none", epochs=5)
    view = sweeps.view(frozen, sweeps.start(frozen, "later", later))
    assert view.seconds_left is not None and view.seconds_left >= 2 * 5 * 3.0
    finish(frozen, view.cells[0].run.run.id, epochs=5, seconds=1.0)
    assert sweeps.view(frozen, view.sweep.id).seconds_left == pytest.approx(15, abs=2), "one cell is left"


def test_time_left_comes_from_what_was_seen(frozen):
    view = sweeps.view(frozen, sweeps.start(frozen, "first", GRID))
    finish(frozen, view.cells[0].run.run.id, seconds=3.0)  # MobileNetV2
    assert sweeps.view(frozen, view.sweep.id).seconds_left is None, "VGG16 was never seen"
    finish(frozen, view.cells[4].run.run.id, seconds=10.0)  # VGG16
    seen = sweeps.view(frozen, view.sweep.id)
    assert seen.seconds_left == pytest.approx(3 * 2 * 3.0 + 3 * 2 * 10.0)
    assert seen.cells[0].validated == 0.2


@pytest.mark.parametrize(
    ("change", "shared"),
    [
        pytest.param({}, 8, id="the same"),
        pytest.param({"seeds": [0, 2]}, 4, id="another seed"),
        pytest.param({"epochs": 3}, 0, id="more epochs"),
        pytest.param({"weights": "imagenet"}, 0, id="other weights"),
        pytest.param({"recipes": ["paper"]}, 0, id="another recipe"),
    ],
)
def test_identical_runs_are_offered_and_not_repeated(frozen, change, shared):
    sweeps.start(frozen, "first", GRID)
    again = Grid(**{**vars(GRID), **change})
    assert len(sweeps.identical(frozen, again)) == shared
    before = len(run_details.listed(frozen))
    sweeps.start(frozen, "second", again)
    assert len(run_details.listed(frozen)) - before == 8 - shared
    sweeps.start(frozen, "third", again, reuse=False)
    assert len(run_details.listed(frozen)) - before == 16 - shared


def test_what_makes_two_runs_the_same_is_the_content(frozen):
    sweeps.start(frozen, "first", GRID)
    snapshots.freeze(frozen, "A again", ["A"])
    item = Grid(["A again"], ["VGG16"], ["modern"], [0], weights="none", epochs=2)
    assert len(sweeps.identical(frozen, item)) == 1, "another name, the same faces"
    recipes.save(frozen, MODERN.model_copy(update={"name": "own", "epochs": 2, "dropout": 0.1}))
    assert sweeps.identical(frozen, Grid(**{**vars(item), "recipes": ["own"]})) == {}


def test_a_run_from_before_a_knob_existed_is_the_same_as_one_with_its_default(frozen):
    sweep = sweeps.start(frozen, "first", GRID)
    run = sweeps.view(frozen, sweep).cells[0].run.run
    with frozen.database.writing() as session:
        runs.set_values(session, run.id, recipe={k: v for k, v in run.recipe.items() if k != "soft_labels"})
    assert len(sweeps.identical(frozen, GRID)) == 8


def test_cells_are_cancelled_and_retried_one_by_one(frozen):
    sweep = sweeps.start(frozen, "first", GRID)
    first, second = sweeps.view(frozen, sweep).cells[:2]
    run_service.cancel(frozen, first.run.run.id)
    assert [item.status for item in sweeps.view(frozen, sweep).cells[:2]] == ["cancelled", "queued"]
    assert sweeps.retry(frozen, sweep, first.cell) == first.run.run.id
    assert sweeps.view(frozen, sweep).cells[0].status == "queued"
    run_service.cancel(frozen, second.run.run.id)
    run_service.remove(frozen, second.run.run.id)
    assert sweeps.view(frozen, sweep).cells[1].status == "gone"
    fresh = sweeps.retry(frozen, sweep, second.cell)
    assert sweeps.view(frozen, sweep).cells[1].run.run.id == fresh
    assert sweeps.cancel(frozen, sweep) == 8
    assert not sweeps.view(frozen, sweep).is_active
    sweeps.remove(frozen, sweep)
    assert sweeps.listed(frozen) == [] and len(run_details.listed(frozen)) == 8, "the runs stay"


def test_cancelling_all_leaves_others_runs_and_what_ended_meanwhile(frozen, monkeypatch):
    sweeps.start(frozen, "first", GRID)
    mixed = sweeps.start(frozen, "second", Grid(**{**vars(GRID), "seeds": [0, 2]}))
    own = [item.run.run.id for item in sweeps.view(frozen, mixed).cells if item.cell.seed == 2]
    cancel, ended = run_service.cancel, own[-1]

    def too_late(store, run_id):
        if run_id == ended:
            raise InputError("there is nothing to cancel")
        return cancel(store, run_id)

    monkeypatch.setattr(run_service, "cancel", too_late)
    assert sweeps.cancel(frozen, mixed) == len(own) - 1 == 3
    left = {item.run.run.id: item.status for item in sweeps.view(frozen, mixed).cells}
    assert {run for run, status in left.items() if status == "queued"} == {*left} - {*own[:-1]}


def test_a_deleted_cell_is_trained_again_by_the_recipe_it_had(frozen):
    recipes.save(frozen, MODERN.model_copy(update={"name": "own", "epochs": 5}))
    grid = Grid(["A"], ["VGG16"], ["own"], [0], weights="none")
    sweep = sweeps.start(frozen, "first", grid)
    run = sweeps.view(frozen, sweep).cells[0].run.run
    run_service.cancel(frozen, run.id)
    run_service.remove(frozen, run.id)
    recipes.remove(frozen, "own")
    sweeps.retry(frozen, sweep, grid.cells[0])
    again = sweeps.view(frozen, sweep).cells[0].run.run
    assert (again.recipe, again.epochs, again.sweep_id) == (run.recipe, 5, sweep)


EVALUATED = Grid(["A"], ["VGG16"], ["modern"], [0], weights="none", epochs=2, evaluate=[("A", "train"), ("B", "train")])


def evaluations(store):
    with store.database.reading() as session:
        return job_queue.active_arguments(session, "evaluate")


def test_a_reused_run_is_evaluated_where_the_sweep_asks(frozen):
    plain = Grid(**{**vars(EVALUATED), "evaluate": [("A", "train")]})
    run = sweeps.view(frozen, sweeps.start(frozen, "first", plain)).cells[0].run
    sweeps.start(frozen, "waits", EVALUATED)
    assert run_details.view(frozen, run.run.id).job.arguments["evaluate"] == [["A", "train"], ["B", "train"]]
    assert evaluations(frozen) == []
    finish(frozen, run.run.id)
    with frozen.database.writing() as session:
        session.get_one(Job, run.job.id).status = "done"
    done = sweeps.start(frozen, "is done", EVALUATED)
    assert evaluations(frozen) == [{"run": run.run.id, "on": [["A", "train"], ["B", "train"]]}]
    view = sweeps.view(frozen, done)
    assert view.is_busy and not view.is_active and view.unevaluated == []
    assert sweeps.evaluate_rest(frozen, done) == 0 and len(evaluations(frozen)) == 1, "it is under way"
    with frozen.database.writing() as session:
        session.execute(delete(Job).where(Job.kind == "evaluate"))
    assert sweeps.view(frozen, done).unevaluated == [run.run.id]
    assert sweeps.evaluate_rest(frozen, done) == 1 and len(evaluations(frozen)) == 1


def test_a_sweep_is_written_whole_or_not_at_all(frozen, monkeypatch):
    write, left = run_service.write, iter(range(3))

    def full(*arguments):
        next(left)
        return write(*arguments)

    monkeypatch.setattr(run_service, "write", full)
    with pytest.raises(StopIteration):
        sweeps.start(frozen, "first", GRID)
    assert run_details.listed(frozen) == [] and sweeps.listed(frozen) == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param({"evaluate": [("nowhere", "train")]}, NotFoundError, id="a dataset to evaluate on"),
        pytest.param({"evaluate": [("A", "exam")]}, InputError, id="a split to evaluate on"),
        pytest.param({"evaluate": [("A", "train"), ("A", "test")]}, InputError, id="nothing to evaluate on"),
        pytest.param({"backbones": ["MobileNetV2", "LeNet"]}, NotFoundError, id="backbone"),
        pytest.param({"snapshots": ["A", "nowhere"]}, NotFoundError, id="snapshot"),
        pytest.param({"recipes": ["modern", "magic"]}, NotFoundError, id="recipe"),
        pytest.param({"seeds": []}, InputError, id="no seed"),
    ],
)
def test_what_cannot_be_trained_leaves_nothing_behind(frozen, change, error):
    with pytest.raises(error):
        sweeps.start(frozen, "first", Grid(**{**vars(GRID), **change}))
    assert run_details.listed(frozen) == [] and sweeps.listed(frozen) == []


def test_a_resumed_cell_is_still_evaluated(frozen):
    sweep = sweeps.start(frozen, "first", Grid(**{**vars(GRID), "evaluate": [("A", "train")]}))
    item = sweeps.view(frozen, sweep).cells[0]
    run_service.cancel(frozen, item.run.run.id)
    sweeps.retry(frozen, sweep, item.cell)
    assert run_details.view(frozen, item.run.run.id).job.arguments["evaluate"] == [["A", "train"]]

"""Sweeps: what a grid holds, what is not repeated, what happens to single cells."""

import pytest

from fercore.errors import InputError, NotFoundError
from fercore.jobs import queue
from fercore.services import freezing, recipes, sweeping, training, viewing
from fercore.services.sweeping import Cell, Grid
from fercore.store import runs
from fercore.store.tables import Epoch
from fercore.training.recipe import MODERN
from tests.conftest import fill


@pytest.fixture(autouse=True)
def nothing_starts(monkeypatch):
    """Jobs are queued and stay there."""
    monkeypatch.setattr(queue, "start_next", lambda store: None)


@pytest.fixture
def frozen(store):
    """Two snapshots."""
    for name in ("A", "B"):
        fill(store, name, [n % 7 for n in range(14)])
        freezing.freeze(store, name, [name])
    return store


GRID = Grid(["A", "B"], ["MobileNetV2", "VGG16"], ["modern"], [0, 1], weights="none", epochs=2)


def finish(store, run_id, epochs=2, seconds=3.0):
    with store.database.writing() as session:
        for number in range(1, epochs + 1):
            row = Epoch(run_id=run_id, number=number, loss=1, accuracy=0.5, learning_rate=0.1, seconds=seconds)
            row.watch_accuracy = number / 10
            runs.add_epoch(session, row)
        runs.set_values(session, run_id, status="done", reported_epoch=epochs)


def test_a_grid_is_every_combination_once():
    assert len(GRID.cells) == len(set(GRID.cells)) == 8
    assert Grid(["A", "A"], ["VGG16"], ["paper"], [1, 1]).cells == [Cell("VGG16", "paper", "A", 1)]


def test_every_cell_waits_in_the_queue(frozen):
    found = sweeping.view(frozen, sweeping.start(frozen, "first", GRID))
    assert [one.cell for one in found.cells] == GRID.cells
    assert {one.status for one in found.cells} == {"queued"} and found.is_active
    assert found.seconds_left is None, "nothing like it was trained here"
    assert {one.run.run.sweep_id for one in found.cells} == {found.sweep.id}


def test_time_left_comes_from_what_was_seen(frozen):
    found = sweeping.view(frozen, sweeping.start(frozen, "first", GRID))
    finish(frozen, found.cells[0].run.run.id, seconds=3.0)  # MobileNetV2
    assert sweeping.view(frozen, found.sweep.id).seconds_left is None, "VGG16 was never seen"
    finish(frozen, found.cells[4].run.run.id, seconds=10.0)  # VGG16
    seen = sweeping.view(frozen, found.sweep.id)
    assert seen.seconds_left == pytest.approx(3 * 2 * 3.0 + 3 * 2 * 10.0)
    assert seen.cells[0].watched == 0.2


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
    sweeping.start(frozen, "first", GRID)
    again = Grid(**{**vars(GRID), **change})
    assert len(sweeping.identical(frozen, again)) == shared
    before = len(viewing.listed(frozen))
    sweeping.start(frozen, "second", again)
    assert len(viewing.listed(frozen)) - before == 8 - shared
    sweeping.start(frozen, "third", again, reuse=False)
    assert len(viewing.listed(frozen)) - before == 16 - shared


def test_what_makes_two_runs_the_same_is_the_content(frozen):
    sweeping.start(frozen, "first", GRID)
    freezing.freeze(frozen, "A again", ["A"])
    one = Grid(["A again"], ["VGG16"], ["modern"], [0], weights="none", epochs=2)
    assert len(sweeping.identical(frozen, one)) == 1, "another name, the same faces"
    recipes.save(frozen, MODERN.model_copy(update={"name": "own", "epochs": 2, "dropout": 0.1}))
    assert sweeping.identical(frozen, Grid(**{**vars(one), "recipes": ["own"]})) == {}


def test_cells_are_cancelled_and_retried_one_by_one(frozen):
    sweep = sweeping.start(frozen, "first", GRID)
    first, second = sweeping.view(frozen, sweep).cells[:2]
    training.cancel(frozen, first.run.run.id)
    assert [one.status for one in sweeping.view(frozen, sweep).cells[:2]] == ["cancelled", "queued"]
    assert sweeping.retry(frozen, sweep, first.cell) == first.run.run.id
    assert sweeping.view(frozen, sweep).cells[0].status == "queued"
    training.cancel(frozen, second.run.run.id)
    training.remove(frozen, second.run.run.id)
    assert sweeping.view(frozen, sweep).cells[1].status == "gone"
    fresh = sweeping.retry(frozen, sweep, second.cell)
    assert sweeping.view(frozen, sweep).cells[1].run.run.id == fresh
    assert sweeping.cancel(frozen, sweep) == 8
    assert not sweeping.view(frozen, sweep).is_active
    sweeping.remove(frozen, sweep)
    assert sweeping.listed(frozen) == [] and len(viewing.listed(frozen)) == 8, "the runs stay"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param({"backbones": ["MobileNetV2", "LeNet"]}, NotFoundError, id="backbone"),
        pytest.param({"snapshots": ["A", "nowhere"]}, NotFoundError, id="snapshot"),
        pytest.param({"recipes": ["modern", "magic"]}, NotFoundError, id="recipe"),
        pytest.param({"seeds": []}, InputError, id="no seed"),
    ],
)
def test_what_cannot_be_trained_leaves_nothing_behind(frozen, change, error):
    with pytest.raises(error):
        sweeping.start(frozen, "first", Grid(**{**vars(GRID), **change}))
    assert viewing.listed(frozen) == [] and sweeping.listed(frozen) == []


def test_a_resumed_cell_is_still_evaluated(frozen):
    sweep = sweeping.start(frozen, "first", Grid(**{**vars(GRID), "evaluate": [("A", "test")]}))
    one = sweeping.view(frozen, sweep).cells[0]
    training.cancel(frozen, one.run.run.id)
    sweeping.retry(frozen, sweep, one.cell)
    assert viewing.view(frozen, one.run.run.id).job.arguments["evaluate"] == [["A", "test"]]

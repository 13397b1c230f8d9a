"""How long a training takes, its start apart from its epochs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fercore.clock import now
from fercore.services.training import run_details
from fercore.services.training.runs import TrainRequest, create
from fercore.services.training.time_estimate import TimeEstimates, TrainingTime, seconds_until_all_done
from fercore.store.tables import Epoch
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN


def trained(store, seconds, compiled, beside, faces=7):
    """A finished run whose epochs took so long, with seconds beside them; returns its view."""
    run = create(store, TrainRequest("A", "VGG16", MODERN, "none", epochs=len(seconds)))
    message = {"loss": 1.0, "accuracy": 0.5, "learning_rate": 0.1}
    began = now()
    with store.database.writing() as session:
        for number, each in enumerate(seconds, start=1):
            first = compiled if number == 1 else None
            runs.add_epoch(session, Epoch(run_id=run, number=number, seconds=each, compile_seconds=first, **message))
        ended = began + timedelta(seconds=sum(seconds) + beside)
        runs.set_values(session, run, status="done", reported_epoch=1, started_at=began, ended_at=ended)
    [view] = run_details.with_epochs(store, [run])
    return view


@pytest.fixture
def snapshot(lite):
    from fercore.services.training import snapshots
    from tests.conftest import fill

    fill(lite, "D", [n % 7 for n in range(14)])
    snapshots.freeze(lite, "A", ["D"])
    return lite


def test_start_and_compilation_are_no_part_of_an_epoch(snapshot):
    pace = TimeEstimates.of([trained(snapshot, [32.0, 2.0, 2.0], 30.0, 8.0)])
    time = pace.time("VGG16", "modern", 14)
    assert (time.start, time.epoch) == (pytest.approx(38.0), pytest.approx(2.0))
    assert time.of(30) == pytest.approx(98.0)
    assert pace.time("VGG16", "paper", 28).epoch == pytest.approx(4.0), "another recipe, twice the faces"
    assert pace.time("Xception", "modern", 14) is None


def test_a_training_of_one_epoch_forecasts_its_start(snapshot):
    time = TimeEstimates.of([trained(snapshot, [41.0], 40.0, 0.0)]).time("VGG16", "modern", 14)
    assert (time.start, time.epoch) == (pytest.approx(40.0), pytest.approx(1.0))


def test_what_is_left_of_a_run_counts_no_second_start(snapshot):
    view = trained(snapshot, [12.0, 2.0], 10.0, 5.0)
    pace = TimeEstimates.of([view])
    view = replace(view, run=replace(view.run, epochs=6))
    assert pace.seconds_left(view) == pytest.approx(8.0)
    view.epochs.clear()
    assert pace.seconds_left(view) == pytest.approx(27.0)


@pytest.mark.parametrize(("each", "beside", "seconds"), [([], 1, 0), ([3, 2], 1, 5), ([3, 2, 2], 2, 4), ([3, 2], 0, 5)])
def test_trainings_beside_each_other(each, beside, seconds):
    assert seconds_until_all_done(each, beside) == seconds


def test_time():
    assert TrainingTime(10, 2).of(0) == 10

"""The cost of a training's steps, and the measurement that belongs to a request."""

import pytest

from fercore.services.training import snapshots, step_measurement
from fercore.services.training.runs import TrainRequest
from fercore.services.training.step_measurement import StepCost
from fercore.store.jobs import queue as job_queue
from fercore.store.tables import Job
from fercore.training.recipes.recipe import MODERN, PAPER
from tests.conftest import fill


@pytest.mark.parametrize(
    ("step", "first", "steps", "whole", "start", "epoch"),
    [
        pytest.param(0.5, 30.5, 100, None, 30.0, 50.0, id="steps alone"),
        pytest.param(0.5, 30.5, 100, 62.0, 30.0, 62.0, id="a whole epoch"),
        pytest.param(0.5, 0.4, 4, None, 0.0, 2.0, id="no start to speak of"),
    ],
)
def test_the_parts_of_a_training(step, first, steps, whole, start, epoch):
    cost = StepCost(step, first, steps, 900.0, whole)
    assert (cost.start_seconds, cost.epoch_seconds) == (start, epoch)


RESULT = {"step_seconds": 0.5, "first_seconds": 9.0, "steps_per_epoch": 4, "memory_mb": 812.5, "whole_seconds": 3.0}
PLAIN = {"snapshot": "S", "backbone": "VGG16", "recipe": MODERN, "weights": "none"}


@pytest.fixture
def measured(lite):
    """A measurement of VGG16 by `modern` on 14 faces, with this status and result."""
    fill(lite, "D", [n % 7 for n in range(14)])
    fill(lite, "E", [n % 7 for n in range(14)], start=50)
    fill(lite, "F", [n % 7 for n in range(15)], start=90)
    for name, dataset in (("S", "D"), ("S 2", "E"), ("S 3", "F")):
        snapshots.freeze(lite, name, [dataset])

    def made(status, result):
        request = step_measurement.KIND.arguments(step_measurement._job(lite, TrainRequest(**PLAIN)))
        assert request["faces"] == 14 and request["backbone"] == "VGG16" and request["all_gpus"] is False
        with lite.database.writing() as session:
            job = Job(kind="probe", title="t", lane="device", arguments=request, submitted_by="tester", result=result)
            job_queue.submit(session, job).status = status
            return job.id

    return made


@pytest.mark.parametrize(
    ("change", "known"),
    [
        pytest.param({}, True, id="the same"),
        pytest.param({"snapshot": "S 2"}, True, id="as many other faces"),
        pytest.param({"seed": 5, "weights": "imagenet", "epochs": 3}, True, id="what costs nothing"),
        pytest.param({"snapshot": "S 3"}, False, id="more faces"),
        pytest.param({"backbone": "Xception"}, False, id="another backbone"),
        pytest.param({"recipe": PAPER}, False, id="another recipe"),
        pytest.param({"all_gpus": True}, False, id="more GPUs"),
    ],
)
def test_which_measurement_belongs_to_a_request(lite, measured, change, known):
    measured("done", RESULT)
    result = step_measurement.cost(lite, TrainRequest(**{**PLAIN, **change}))
    assert result == (StepCost(0.5, 9.0, 4, 812.5, 3.0) if known else None)


@pytest.mark.parametrize(
    ("status", "result"), [("queued", None), ("running", None), ("failed", None), ("failed", RESULT), ("done", None)]
)
def test_a_measurement_that_did_not_end_well_costs_nothing(lite, measured, status, result):
    measured("done", RESULT)
    number = measured(status, result)
    assert step_measurement.latest(lite, TrainRequest(**PLAIN)).job == number
    assert step_measurement.cost(lite, TrainRequest(**PLAIN)) is None

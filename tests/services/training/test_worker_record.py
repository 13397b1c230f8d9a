"""What a training notes and tells, without training anything: its end, its time, its listeners, its faces."""

import sys
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from fercore.clock import now
from fercore.errors import ArtifactStoreError, Cancelled, OutOfMemoryError, StoredDataError
from fercore.jobs import queue
from fercore.progress import silent
from fercore.services.training import batch_parts, run_details, snapshots, train_job, worker
from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.services.training.train_job import TrainJob
from fercore.store.tables import Face
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill, noise

DONE = SimpleNamespace(params_total=9, params_trainable=4, class_weights=[1.0] * 7, reported_epoch=2, macs=70)


@pytest.fixture
def run(lite, monkeypatch):
    """A run that waits, to be evaluated on a place."""
    monkeypatch.setattr(queue, "advance", lambda store: None)
    fill(lite, "D", [n % 7 for n in range(7)])
    snapshots.freeze(lite, "S", ["D"])
    return run_service.start(lite, TrainRequest("S", "VGG16", MODERN, "none", evaluate=[("D", "train")]))


@pytest.fixture
def heard(monkeypatch):
    """How trainings ended, as their listeners hear it."""
    ends = []
    monkeypatch.setattr(worker.tracking, "audience", lambda store, actual: SimpleNamespace(end=ends.append))
    return ends


def trained(monkeypatch, outcome):
    """Lets a training come out so."""

    def train(store, run_id, plan, progress, heard, resumed):
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    monkeypatch.setattr(worker, "_train", train)


@pytest.mark.parametrize(
    ("outcome", "wanted", "status", "error", "parts"),
    [
        pytest.param(DONE, None, "done", None, 1, id="done"),
        pytest.param(Cancelled("stop"), None, "cancelled", None, 1, id="cancelled"),
        pytest.param(Cancelled("stop"), "paused", "paused", None, 1, id="paused"),
        pytest.param(OSError(28, "No space left on device"), None, "failed", "disk", 1, id="failed"),
        pytest.param(OutOfMemoryError(32, 2), None, "failed", "Try 16 at a time", 2, id="too little memory"),
        pytest.param(OutOfMemoryError(1, 64), None, "failed", "Not even one face", 1, id="for a single face, too"),
    ],
)
def test_how_a_training_ends(lite, run, heard, monkeypatch, outcome, wanted, status, error, parts):
    trained(monkeypatch, outcome)
    forgotten = []
    room = SimpleNamespace(forget_checkpoint=forgotten.append)  # the real one loads a backend
    monkeypatch.setitem(sys.modules, "fercore.training.loop.checkpoints", room)
    if wanted:
        monkeypatch.setattr(worker, "_stopped", lambda store, number: wanted)
    if isinstance(outcome, BaseException):
        with pytest.raises(type(outcome)):
            worker.train(lite, run, silent)
    else:
        assert worker.train(lite, run, silent).id == run
    view = run_details.view(lite, run).run
    assert (view.status, heard) == (status, [status]) and batch_parts.parts(lite, run) == parts
    assert error is None or error in view.error
    assert view.started_at <= view.ended_at and view.record["seconds"] >= 0
    assert view.record.get("macs") == (70 if status == "done" else None)
    message = (view.params_total, view.params_trainable, view.class_weights, view.reported_epoch)
    assert forgotten == [lite.run_folder(run)] * (status == "done")
    assert message == ((9, 4, [1.0] * 7, 2) if status == "done" else (None,) * 4)


@pytest.mark.parametrize(("status", "expected"), [("paused", "paused"), ("running", "cancelled")])
def test_a_stopped_run_was_paused_or_cancelled(lite, run, status, expected):
    with lite.database.writing() as session:
        runs.set_values(session, run, status=status)
    assert worker._stopped(lite, run) == expected


def test_the_time_of_all_parts_is_added_up(lite, run):
    for seconds in (100, 20):
        worker._end(lite, run, now() - timedelta(seconds=seconds), status="paused")
    view = run_details.view(lite, run)
    assert view.run.record["seconds"] == pytest.approx(120, abs=5) and view.status == "paused"
    worker._note(lite, run, commit="c")
    assert run_details.view(lite, run).run.record.keys() == {"seconds", "commit"}


@pytest.mark.parametrize("accumulate", [1, 4])
@pytest.mark.parametrize("all_devices", [False, True])
def test_the_plan_of_a_run(lite, run, accumulate, all_devices):
    plan = worker._plan(lite, run, accumulate, all_devices)
    assert (plan.backbone.name, plan.recipe, plan.weights) == ("VGG16", MODERN, "none")
    assert (plan.seed, plan.epochs, plan.accumulate, plan.all_devices) == (0, MODERN.epochs, accumulate, all_devices)


@pytest.mark.parametrize(
    ("arguments", "passed"),
    [
        ({}, (False, 1, False)),
        ({"resume": True, "accumulate": 4}, (True, 4, False)),
        ({"all_gpus": True}, (False, 1, True)),
    ],
)
def test_a_job_trains_as_it_was_asked_and_evaluates(lite, run, monkeypatch, arguments, passed):
    calls, evaluated = [], []
    monkeypatch.setattr(worker, "train", lambda store, number, progress, *more: calls.append((number, more)))
    monkeypatch.setattr(worker.evaluation, "evaluate_each", lambda *given: evaluated.append(given[1:3]))
    assert train_job.KIND.work(lite, {"run": run, **arguments}, silent) == {"run": run}
    assert calls == [(run, passed)] and evaluated == [(run, (("D", "train"),))], "where its own job says so"


@pytest.mark.parametrize("places", [(), (("D", "test"),)])
def test_a_run_without_a_job_is_evaluated_where_it_was_asked(lite, run, monkeypatch, places):
    evaluated = []
    with lite.database.writing() as session:
        runs.set_values(session, run, job_id=None)
    monkeypatch.setattr(worker.evaluation, "evaluate_each", lambda *given: evaluated.append(given[1:3]))
    worker.evaluate(lite, TrainJob(run=run, evaluate=places), silent)
    assert evaluated == [(run, places)]


def test_a_folder_that_cannot_travel_stops_no_training(caplog):
    def send(run):
        raise ArtifactStoreError(f"no connection for {run}")

    worker._send(SimpleNamespace(artifacts=SimpleNamespace(send=send)), 7)
    assert caplog.messages == ["no connection for 7"]


def test_a_database_that_stays_away_is_said(lite, run, monkeypatch):
    monkeypatch.setattr(worker, "patiently", lambda write: False)
    with pytest.raises(StoredDataError):
        worker._note(lite, run, commit="c")


@pytest.mark.parametrize("soft", [False, True])
def test_frozen_faces_of_a_split(lite, soft):
    ids = fill(lite, "D", [3, 5, 1])
    fill(lite, "D", [2], "validation", 50)
    with lite.database.writing() as session:
        for face, person in zip(ids, ("kim", None, "ahn"), strict=True):
            session.get_one(Face, face).subject = person
    frozen = snapshots.freeze(lite, "S", ["D"])
    result = worker._faces(lite, frozen.id, "train", MODERN.model_copy(update={"soft_labels": soft}))
    assert (result.labels.tolist(), result.ids.tolist()) == ([3, 5, 1], ids)
    assert result.subjects.tolist() == [1, -1, 0] and result.targets is None
    np.testing.assert_array_equal(result.pixels, [noise(n) for n in range(3)])
    assert worker._faces(lite, frozen.id, "validation").labels.tolist() == [2]

"""A run through its own process: killed between epochs, noticed, resumed, and what a lost run shows."""

import os
import signal
import time
from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest

from fercore.clock import now
from fercore.errors import InputError, OutOfMemoryError
from fercore.jobs import queue
from fercore.prediction.predictor import Predictor
from fercore.progress import silent
from fercore.services.prediction import model_files
from fercore.services.training import batch_parts, run_details, run_notes, snapshots, worker
from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.store.tables import Job
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill

RECIPE = MODERN.model_copy(update={"validation_share": 0.2, "input_px": 32})


def frozen(store):
    fill(store, "D", [n % 7 for n in range(70)])
    return snapshots.freeze(store, "S", ["D"]).name


def until(store, run_id, condition, seconds=180):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        view = run_details.view(store, run_id)
        if condition(view):
            return view
        time.sleep(0.2)
    pytest.fail(f"run {run_id} is still {view.status} with {len(view.epochs)} epochs: {view.error}")


def weights(store, run_id):
    """Of a run's model."""
    return Predictor.load(model_files.model_path(store, run_id), store.settings.models_dir).model.get_weights()


@pytest.mark.slow
def test_a_killed_run_is_noticed_and_goes_on_after_its_last_epoch(lite):
    killed_and_resumed(lite)


def killed_and_resumed(lite):
    """A run of two epochs that was killed after its first and goes on; returns the request and the run."""
    request = TrainRequest(frozen(lite), "VGG16", RECIPE, weights="none", epochs=2)
    run_id = run_service.start(lite, request)
    running = until(lite, run_id, lambda actual: actual.epochs)
    with lite.database.reading() as session:
        os.kill(session.get_one(Job, running.job.id).pid, signal.SIGKILL)
    lost = until(lite, run_id, lambda actual: actual.status == "lost")
    before = {epoch.number: epoch.loss for epoch in lost.epochs}
    assert len(before) == 1
    run_service.resume(lite, run_id)
    with pytest.raises(InputError, match="only a stopped run"):
        run_service.resume(lite, run_id)
    done = until(lite, run_id, lambda actual: actual.status in ("done", "failed"))
    assert done.status == "done", done.error
    assert [epoch.number for epoch in done.epochs] == [1, 2]
    assert {number: loss for number, loss in before.items() if done.epochs[number - 1].loss != loss} == {}
    return request, done


@pytest.mark.long
def test_a_killed_run_ends_as_an_undisturbed_one(lite):
    """tests/training/loop/test_dynamics has the same without processes."""
    request, done = killed_and_resumed(lite)
    undisturbed = until(lite, run_service.start(lite, request), lambda actual: actual.status in ("done", "failed"))
    assert [epoch.loss for epoch in undisturbed.epochs] == [epoch.loss for epoch in done.epochs]
    for mine, other in zip(weights(lite, done.run.id), weights(lite, undisturbed.run.id), strict=True):
        np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize(("stored", "shown"), [("queued", "lost"), ("running", "lost"), ("done", "done")])
def test_a_run_whose_job_is_gone(store, stored, shown):
    run_id = run_service.create(store, TrainRequest(frozen(store), "MobileNetV2", RECIPE, weights="none"))
    with store.database.writing() as session:
        runs.set_values(session, run_id, status=stored, started_at=now())
    assert run_details.view(store, run_id).status == shown


def test_a_waiting_run_is_cancelled_at_once_and_can_be_removed(lite, monkeypatch):
    monkeypatch.setattr(queue, "advance", lambda store: None)
    run_id = run_service.start(lite, TrainRequest(frozen(lite), "MobileNetV2", RECIPE, weights="none"))
    with pytest.raises(InputError, match="cancel it first"):
        run_service.remove(lite, run_id)
    assert run_service.cancel(lite, run_id) == "cancelled"
    run_service.remove(lite, run_id)
    assert run_details.listed(lite) == []


def test_a_paused_run_is_not_a_cancelled_one(lite, monkeypatch):
    monkeypatch.setattr(queue, "advance", lambda store: None)
    run_id = run_service.start(lite, TrainRequest(frozen(lite), "MobileNetV2", RECIPE, weights="none"))
    run_service.pause(lite, run_id)
    assert run_details.view(lite, run_id).status == "paused"
    with pytest.raises(InputError, match="nothing to cancel"):
        run_service.pause(lite, run_id)
    run_service.resume(lite, run_id)
    assert run_details.view(lite, run_id).status == "queued"


def test_a_run_that_ends_while_somebody_pauses_it_is_done(lite, monkeypatch):
    monkeypatch.setattr(queue, "advance", lambda store: None)
    run_id = run_service.start(lite, TrainRequest(frozen(lite), "VGG16", RECIPE, "none"))
    before = run_details.view(lite, run_id)
    with lite.database.writing() as session:
        runs.set_values(session, run_id, status="done", reported_epoch=1)
    monkeypatch.setattr(run_details, "view", lambda store, run_id: before)
    with pytest.raises(InputError, match="nothing to cancel"):
        run_service.pause(lite, run_id)
    with lite.database.reading() as session:
        assert runs.get(session, run_id).status == "done"


def test_a_clone_asks_for_the_same_again(lite, monkeypatch):
    monkeypatch.setattr(queue, "advance", lambda store: None)
    request = TrainRequest(frozen(lite), "VGG16", RECIPE, "none", 7, 3, (("D", "train"),))
    run = run_service.start(lite, request)
    cloned = run_service.clone(lite, run)
    assert replace(cloned, cloned_from=None) == request and cloned.cloned_from == run
    assert run_details.view(lite, run_service.start(lite, cloned)).cloned_from == run


def test_notes_and_tags(lite):
    run_id = run_service.create(lite, TrainRequest(frozen(lite), "VGG16", RECIPE, "none"))
    run_notes.annotate(lite, run_id, " 다시 볼 것 ", ["keep", " keep", "", "학생"])
    run = run_details.view(lite, run_id).run
    assert (run.note, run.tags) == ("다시 볼 것", ["keep", "학생"])
    with pytest.raises(InputError, match=r"5,000"):
        run_notes.annotate(lite, run_id, "x" * 5001, [])


def out_of_memory(store, monkeypatch, error):
    """A run whose training ended with this error."""
    run_id = run_service.create(store, TrainRequest(frozen(store), "VGG16", RECIPE, "none"))
    monkeypatch.setattr(worker, "_train", Mock(side_effect=error))
    with pytest.raises(OutOfMemoryError):
        worker.train(store, run_id, silent)
    return run_details.view(store, run_id)


def test_a_run_that_found_no_memory_is_retried_in_parts(lite, monkeypatch):
    monkeypatch.setattr(queue, "advance", lambda store: None)
    result = out_of_memory(lite, monkeypatch, OutOfMemoryError(32, 2))
    run_id = result.run.id
    assert result.status == "failed" and "Try 16 at a time" in result.error
    assert batch_parts.will_halve(lite, result)
    run_service.resume(lite, run_id)
    assert run_details.view(lite, run_id).job.arguments["accumulate"] == 2
    with lite.database.writing() as session:
        runs.set_values(session, run_id, status="failed", error="The disk is full.")
    assert not batch_parts.will_halve(lite, run_details.view(lite, run_id)), "it failed for another reason than memory"


def test_a_run_for_which_one_face_is_too_much_is_not_promised_less(lite, monkeypatch):
    result = out_of_memory(lite, monkeypatch, OutOfMemoryError(1, 64))
    assert "Not even one face" in result.error and not batch_parts.will_halve(lite, result)

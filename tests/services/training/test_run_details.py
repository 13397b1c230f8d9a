"""What a run's view adds up to: status, error, time, reported epoch, estimate."""

from datetime import UTC, datetime, timedelta

import pytest

from fercore.services.training.run_details import _view
from fercore.store.tables import Epoch, Job, Run, Snapshot

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


def view(status="running", job="running", epochs=(), **run):
    made = [
        Epoch(number=number, seconds=seconds, compile_seconds=compiled)
        for number, (seconds, compiled) in enumerate(epochs, start=1)
    ]
    result = None if job is None else Job(status=job, error="of the job")
    return _view(Run(**{"status": status, "epochs": 6, **run}), Snapshot(name="S"), result, made)


@pytest.mark.parametrize(
    ("run", "job", "status", "active"),
    [
        ("queued", "queued", "queued", True),
        ("queued", "held", "queued", True),
        ("running", "running", "running", True),
        ("running", "done", "running", True),
        ("running", "failed", "failed", False),
        ("running", "lost", "lost", False),
        ("running", None, "lost", False),
        ("queued", "cancelled", "cancelled", False),
        ("done", "running", "done", True),
        ("done", "done", "done", False),
        ("done", None, "done", False),
        ("failed", "done", "failed", False),
    ],
)
def test_status(run, job, status, active):
    result = view(run, job)
    assert (result.status, result.is_active) == (status, active)


@pytest.mark.parametrize(
    ("status", "epochs", "left"),
    [
        pytest.param("running", [], None, id="no epoch yet"),
        pytest.param("done", [(10, None)], None, id="it does not run"),
        pytest.param("running", [(10, None)], 50, id="one epoch"),
        pytest.param("running", [(40, 30.0), (20, None)], 60, id="compiling is not asked again"),
        pytest.param("running", [(10, None)] * 6, 0, id="all epochs"),
        pytest.param("running", [(10, None)] * 7, 0, id="more than all"),
    ],
)
def test_time_that_is_left(status, epochs, left):
    assert view(status, epochs=epochs).seconds_left == left


@pytest.mark.parametrize(
    ("run", "seconds"),
    [
        pytest.param({}, None, id="not begun"),
        pytest.param({"started_at": BEGUN}, None, id="not ended"),
        pytest.param({"ended_at": BEGUN}, None, id="never begun"),
        pytest.param({"started_at": BEGUN, "ended_at": BEGUN + timedelta(minutes=2)}, 120, id="one part"),
        pytest.param({"record": {"seconds": 7}, "started_at": BEGUN, "ended_at": BEGUN}, 7, id="all parts, as noted"),
        pytest.param({"record": {}, "started_at": BEGUN, "ended_at": BEGUN}, 0, id="nothing noted"),
    ],
)
def test_how_long_it_has_trained(run, seconds):
    assert view(**run).seconds == seconds


@pytest.mark.parametrize(
    ("reported", "count", "number"), [(None, 0, None), (None, 3, 3), (2, 3, 2), (1, 3, 1), (9, 3, 3), (2, 0, None)]
)
def test_the_reported_epoch(reported, count, number):
    result = view(epochs=[(1, None)] * count, reported_epoch=reported).reported
    assert (result.number if result else None) == number


@pytest.mark.parametrize(
    ("own", "job", "answers"),
    [("of the run", "failed", "of the run"), (None, "failed", "of the job"), (None, None, None)],
)
def test_why_it_did_not_end_well(own, job, answers):
    assert view("failed", job, error=own).error == answers


@pytest.mark.parametrize(("record", "number"), [(None, None), ({}, None), ({"cloned_from": 3}, 3)])
def test_the_run_it_was_cloned_from(record, number):
    assert view(record=record).cloned_from == number

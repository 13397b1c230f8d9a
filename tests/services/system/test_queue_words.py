"""The queue as it is listed and printed, and what each command refuses."""

import pytest

from fercore.clock import now
from fercore.errors import InputError
from fercore.services.system import queue as queue_service
from fercore.services.system.queue import JobView
from fercore.store.jobs import queue as job_queue
from fercore.store.tables import Job


@pytest.fixture
def jobs(lite, monkeypatch):
    """Three that have ended, one that runs, two that wait, in the order of their numbers; nothing starts."""
    monkeypatch.setattr(queue_service.queue, "advance", lambda store: None)
    for status in ("done", "failed", "cancelled", "running", "queued", "held"):
        with lite.database.writing() as session:
            job = Job(kind="import", title=status, lane="disk", arguments={}, submitted_by="tester")
            job_queue.submit(session, job).status = status
            job.heartbeat_at = now()
    return lite


@pytest.mark.parametrize(
    ("ended", "numbers"), [(0, [4, 5, 6]), (1, [4, 5, 6, 3]), (2, [4, 5, 6, 3, 2]), (9, [4, 5, 6, 3, 2, 1])]
)
def test_the_queue_and_what_has_ended(jobs, ended, numbers):
    assert [job.id for job in queue_service.listed(jobs, ended)] == numbers


@pytest.mark.parametrize(
    ("action", "refused"),
    [
        (queue_service.hold, {1: "done", 2: "failed", 3: "cancelled", 4: "running"}),
        (queue_service.release, {1: "done", 2: "failed", 3: "cancelled", 4: "running"}),
        (
            lambda store, job: queue_service.move(store, job, "first"),
            {1: "done", 2: "failed", 3: "cancelled", 4: "running"},
        ),
        (queue_service.cancel, {1: "done", 2: "failed", 3: "cancelled"}),
        (queue_service.dismiss, {4: "running", 5: "queued", 6: "held"}),
    ],
    ids=["hold", "release", "move", "cancel", "dismiss"],
)
def test_what_is_refused_of_which_jobs(jobs, action, refused):
    for number in range(1, 7):
        if number in refused:
            with pytest.raises(InputError, match=f"Job {number} is {refused[number]}:"):
                action(jobs, number)
        else:
            action(jobs, number)


@pytest.mark.parametrize("devices", [None, "0,1"])
def test_a_job_as_json(devices):
    job = JobView(
        **{"id": 7, "kind": "train", "title": "Train VGG16", "lane": "device", "status": "running", "gpus": 2},
        **{"devices": devices, "engine": "local", "done": 3, "total": 8, "message": "Epoch 1", "error": None},
        **{"arguments": {}, "result": {}, "cancel_requested": False, "waits_for": "waits for job 1"},
    )
    assert queue_service.as_json(job) == {
        **{"job": 7, "kind": "train", "title": "Train VGG16", "lane": "device", "status": "running", "gpus": 2},
        **{"devices": devices, "engine": "local", "done": 3, "total": 8, "message": "Epoch 1", "error": None},
        "waits_for": "waits for job 1",
    }

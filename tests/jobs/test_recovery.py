"""What becomes of jobs that their engine lost; the engine is a fake whose answers each test chooses."""

from datetime import timedelta

import pytest

from fercore.clock import now
from fercore.errors import FercoreError
from fercore.jobs import queue, recovery
from fercore.jobs.engine import EngineAwayError
from fercore.services.training import train_job
from fercore.services.training.train_job import TrainJob
from fercore.store.jobs import queue as job_queue
from fercore.store.jobs import scheduler
from fercore.store.jobs.scheduler import Capacity


class Cluster:
    """An engine with one machine; `says` is a state, or an error to be raised."""

    def __init__(self):
        self.says = "running"
        self.refuses = None
        self.submitted, self.stopped = [], []

    def capacity(self):
        if isinstance(self.says, Exception):
            raise self.says
        return Capacity("ray", cpus=("m0",))

    def submit(self, job):
        if self.refuses:
            raise self.refuses
        self.submitted.append(job.handle)

    def state(self, job):
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    def stop(self, job):
        self.stopped.append(job.handle)

    def log(self, job):
        return "printed"


AWAY = EngineAwayError("Ray does not answer.")


@pytest.fixture
def cluster(monkeypatch):
    fake = Cluster()
    for module in (queue, recovery):
        monkeypatch.setattr(module, "engine", lambda *_: fake)
    monkeypatch.setattr(queue, "chosen", lambda _: "ray")
    return fake


def submit(store):
    return queue.submit(store, train_job.KIND, TrainJob(run=1))


def get(store, number):
    with store.database.reading() as session:
        return job_queue.get(session, number)


def silent(store, number, seconds=10.0, pid=None):
    """Let the last heartbeat be so old."""
    with store.database.writing() as session:
        job = job_queue.get(session, number)
        job.heartbeat_at, job.pid = now() - timedelta(seconds=seconds), pid


@pytest.mark.parametrize(
    ("says", "seconds", "expected"),
    [
        pytest.param("gone", 1, ("running", 1), id="heard of just now"),
        pytest.param("waiting", 10, ("running", 1), id="waits for its place"),
        pytest.param("running", 10, ("running", 1), id="slow to speak"),
        pytest.param("gone", 10, ("running", 2), id="gone: started again"),
        pytest.param(AWAY, 60, ("running", 1), id="nobody answers: patience"),
        pytest.param(AWAY, 400, ("lost", 1), id="nobody answers for minutes"),
    ],
)
def test_what_becomes_of_a_silent_job(store, cluster, says, seconds, expected):
    number = submit(store)
    silent(store, number, seconds)
    cluster.says = says
    queue.advance(store)
    job = get(store, number)
    assert (job.status, scheduler.attempt(job)) == expected


def test_a_lost_training_is_started_again_twice_and_resumes(store, cluster):
    number = submit(store)
    cluster.says = "gone"
    for attempt in (2, 3):
        silent(store, number)
        queue.advance(store)
        job = get(store, number)
        request = train_job.of(job, 1)
        assert (job.status, scheduler.attempt(job), request) == ("running", attempt, TrainJob(run=1, resume=True))
    silent(store, number)
    queue.advance(store)
    job = get(store, number)
    assert (job.status, "lost 3 times" in job.error) == ("lost", True)
    assert len(set(cluster.submitted)) == 3


def test_an_older_attempt_is_told_to_leave(store, cluster):
    number = submit(store)
    (first,) = cluster.submitted
    cluster.says = "gone"
    silent(store, number)
    queue.advance(store)
    _, second = cluster.submitted
    assert job_queue.heartbeat(store.database, number, (0, 0, ""), first) == "leave"
    assert job_queue.heartbeat(store.database, number, (0, 0, ""), second) == "go on"
    job_queue.end(store.database, number, "done", handle=first)
    assert get(store, number).status == "running"
    job_queue.end(store.database, number, "done", handle=second)
    assert get(store, number).status == "done"


@pytest.mark.parametrize("says", ["waiting", "running", "gone", AWAY])
def test_a_job_that_has_not_spoken_yet_is_cancelled_at_once(store, cluster, says):
    number = submit(store)
    cluster.says = says
    assert queue.cancel(store, number) == "cancelled"
    assert bool(cluster.stopped) == (says != "gone")


def test_a_job_that_speaks_is_asked_to_stop(store, cluster):
    number = submit(store)
    job_queue.heartbeat(store.database, number, (0, 0, ""), cluster.submitted[0])
    assert queue.cancel(store, number) == "running"
    assert cluster.stopped == []
    assert job_queue.heartbeat(store.database, number, (0, 0, ""), cluster.submitted[0]) == "stop"


def test_jobs_wait_while_the_cluster_is_away(store, cluster):
    cluster.says = AWAY
    number = submit(store)
    assert (get(store, number).status, queue.obstacle(store)) == ("queued", str(AWAY))
    cluster.says = "running"
    queue.advance(store)
    assert (get(store, number).status, queue.obstacle(store)) == ("running", None)


def test_a_cluster_that_goes_away_meanwhile_costs_no_attempt(store, cluster):
    cluster.refuses = AWAY
    number = submit(store)
    assert get(store, number).status == "queued"
    cluster.refuses = None
    queue.advance(store)
    job = get(store, number)
    assert (job.status, scheduler.attempt(job)) == ("running", 1)


def test_a_refused_job_fails_with_the_reason(store, cluster):
    cluster.refuses = FercoreError("Ray refused the job.")
    job = get(store, submit(store))
    assert (job.status, job.error) == ("failed", "Ray refused the job.")

"""Jobs whose database is away, whose disk is full, or that were taken for lost."""

import errno
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from fercore.clock import now
from fercore.errors import StoredDataError, TrainingError
from fercore.jobs import failures, heartbeat, queue, worker
from fercore.jobs.kinds import JobKind, JobRequest
from fercore.settings import Settings
from fercore.store.jobs import queue as job_queue
from fercore.store.jobs import scheduler
from fercore.store.tables import Job


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.02)
    monkeypatch.setattr(heartbeat, "PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(worker, "advance", lambda *_: None)


@pytest.fixture
def away(monkeypatch):
    """While it is set, the database does not answer."""
    switch = threading.Event()

    def unless_away(function):
        def called(*arguments, **named):
            if switch.is_set():
                raise OperationalError("SELECT 1", {}, ConnectionError("connection refused"))
            return function(*arguments, **named)

        return called

    for name in ("heartbeat", "end"):
        monkeypatch.setattr(job_queue, name, unless_away(getattr(job_queue, name)))
    return switch


def claimed(store, lane="disk", run=None):
    with store.database.writing() as session:
        job = Job(kind="train", title="t", lane=lane, arguments={"run": run}, submitted_by="tester")
        number = job_queue.submit(session, job).id
    scheduler.claim_next(store.database)
    return number


def get(store, number):
    with store.database.reading() as session:
        return job_queue.get(session, number)


def until(condition):
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")


class Asked(JobRequest):
    run: int | None = None


def run(store, number, work):
    """Do the job with this work; `work` is called with the progress."""
    kind = JobKind("train", "device", Asked, lambda _store, _request, progress: work(progress) or {}, title=repr)
    return worker.run(store, number, {"train": kind})


def test_work_waits_for_the_database_and_goes_on(store, away):
    number = claimed(store)
    steps = []

    def work(progress):
        progress(1, 3, "before")
        away.set()
        until(lambda: not progress._heard.is_set())
        threading.Timer(0.1, away.clear).start()
        progress(2, 3, "while it was away")
        steps.append(away.is_set())

    assert run(store, number, work) == "done"
    assert steps == [False]
    assert (get(store, number).status, get(store, number).message) == ("done", "while it was away")


def test_work_that_waited_in_vain_fails_clearly_once_the_database_is_back(store, away):
    number = claimed(store)

    def work(progress):
        away.set()
        until(lambda: not progress._heard.is_set())
        try:
            progress(2, 3, "in vain")
        finally:
            threading.Timer(0.1, away.clear).start()

    assert run(store, number, work) == "failed"
    job = get(store, number)
    assert (job.status, "is back" in job.error) == ("failed", True)


def test_an_end_that_cannot_be_written_is_noticed_by_others(store, away):
    number = claimed(store)
    assert run(store, number, lambda _: away.set()) == "done"
    away.clear()
    with store.database.writing() as session:
        job_queue.get(session, number).heartbeat_at = now() - timedelta(minutes=1)
    queue.advance(store)
    assert get(store, number).status == "lost"


def taken_for_lost(store, number):
    with store.database.writing() as session:
        job_queue.get(session, number).heartbeat_at = now() - timedelta(minutes=1)
    job_queue.bury(store.database)
    assert get(store, number).status == "lost"


def test_a_job_taken_for_lost_while_its_database_was_away_goes_on(store):
    number = claimed(store, "device")
    taken_for_lost(store, number)
    assert job_queue.heartbeat(store.database, number, (1, 2, "")) == "go on"
    assert (get(store, number).status, get(store, number).error) == ("running", None)


@pytest.mark.parametrize(
    "run",
    [pytest.param(7, id="its run goes on elsewhere"), pytest.param(8, id="another job has its device")],
)
def test_unless_another_has_its_place(store, run):
    number = claimed(store, "device", 7)
    taken_for_lost(store, number)
    claimed(store, "device", run)
    assert job_queue.heartbeat(store.database, number, (1, 2, "")) == "leave"
    assert get(store, number).status == "lost"


def test_a_process_whose_job_is_not_its_own_any_more_leaves(store, monkeypatch):
    number = claimed(store)
    messages = []
    monkeypatch.setattr(heartbeat, "leave", messages.append)

    def work(progress):
        job_queue.end(store.database, number, "cancelled")
        until(lambda: messages)

    run(store, number, work)
    assert f"Job {number} was closed" in messages[0]
    assert get(store, number).status == "cancelled"


def full(name=None):
    return OSError(errno.ENOSPC, "No space left on device", name)


def caused(outer, inner):
    outer.__cause__ = inner
    return outer


FOLDERS = Settings(data_dir=Path("/the/data"), models_dir=Path("/the/models"))
SQLITE_FULL = OperationalError("INSERT", {}, Exception("database or disk is full"))


@pytest.mark.parametrize(
    ("error", "folder"),
    [
        pytest.param(full("/somewhere/run-1/model.keras"), "/somewhere/run-1", id="with its file"),
        pytest.param(full(), "/the/models", id="without a file"),
        pytest.param(OSError(errno.EDQUOT, "Disk quota exceeded", "/home/a/b"), "/home/a", id="quota"),
        pytest.param(caused(TrainingError("cannot save"), full("/x/y")), "/x", id="behind another error"),
        pytest.param(RuntimeError("write failed: errno = 28, buf = 0x1"), "/the/models", id="from HDF5"),
        pytest.param(SQLITE_FULL, "/the/data", id="from SQLite"),
        pytest.param(caused(StoredDataError("away"), SQLITE_FULL), "/the/data", id="after waiting for SQLite"),
    ],
)
def test_a_full_disk_is_named(error, folder):
    answers = failures.sentence(error, FOLDERS)
    assert f"'{folder}' has no room left. Free some space" in answers
    assert failures.is_foreseen(error, FOLDERS)


@pytest.mark.parametrize(
    ("error", "expected", "foreseen"),
    [
        pytest.param(TrainingError("The loss is nan."), "The loss is nan.", True, id="foreseen"),
        pytest.param(
            KeyError("x"),
            "This is a fault of fercore itself (KeyError: 'x'). The job's log says where.",
            False,
            id="a bug",
        ),
        pytest.param(
            OperationalError("SELECT 1", {}, ConnectionError("refused")),
            "The database could not be used: refused. What was finished before is kept: "
            "try again when the database is back.",
            True,
            id="database",
        ),
    ],
)
def test_other_failures(error, expected, foreseen):
    assert failures.sentence(error, FOLDERS) == expected
    assert failures.is_foreseen(error, FOLDERS) is foreseen


def test_a_full_disk_ends_a_job_with_a_sentence(store):
    number = claimed(store)

    def work(progress):
        raise full(str(store.settings.models_dir / "run-1" / "checkpoint-0001.keras"))

    assert run(store, number, work) == "failed"
    assert "has no room left" in get(store, number).error
    assert "Traceback" not in get(store, number).error

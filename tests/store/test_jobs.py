"""The queue: one job of a lane at a time, cancelled, ended, and noticed when its process is gone."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import inspect

from fercore.store import jobs
from fercore.store.database import now
from fercore.store.tables import Job


def submit(store, lane="disk"):
    with store.database.writing() as session:
        job = Job(kind="import", title="t", lane=lane, arguments={}, submitted_by="tester")
        return jobs.submit(session, job).id


def status(store, number):
    with store.database.reading() as session:
        return jobs.get(session, number).status


def test_one_job_of_a_lane_at_a_time(store):
    first, second, other = submit(store), submit(store), submit(store, "device")
    assert jobs.claim_next(store.database) == [first, other]
    assert jobs.claim_next(store.database) == []
    jobs.end(store.database, first, "done")
    assert jobs.claim_next(store.database) == [second]


def test_cancel(store):
    running, waiting = submit(store), submit(store)
    jobs.claim_next(store.database)
    assert jobs.request_cancel(store.database, waiting) == "cancelled"
    assert jobs.request_cancel(store.database, running) == "running"
    assert jobs.heartbeat(store.database, running, (1, 2, "half")) is True
    assert jobs.heartbeat(store.database, running, (1, 2, "half")) is True


def test_an_ended_job_stays_as_it_ended(store):
    number = submit(store)
    jobs.claim_next(store.database)
    jobs.end(store.database, number, "done", {"n": 1})
    jobs.end(store.database, number, "failed", error="late")
    assert status(store, number) == "done"


@pytest.mark.parametrize(
    ("pid", "silent_for", "expected"),
    [
        pytest.param(os.getpid(), 0, "running", id="alive"),
        pytest.param(os.getpid(), 60, "lost", id="silent for too long"),
        pytest.param("dead", 0, "lost", id="its process is gone"),
    ],
)
def test_a_dead_job_is_noticed(store, pid, silent_for, expected):
    if pid == "dead":
        ended = subprocess.Popen([sys.executable, "-c", ""])
        pid = ended.pid
        ended.wait()
    number = submit(store)
    jobs.claim_next(store.database)
    with store.database.writing() as session:
        job = jobs.get(session, number)
        job.pid, job.heartbeat_at = pid, now() - timedelta(seconds=silent_for)
    jobs.bury(store.database)
    assert status(store, number) == expected


def test_lists_of_jobs_leave_results_in_the_database(store):
    ended, waiting = submit(store), submit(store)
    jobs.claim_next(store.database)
    jobs.end(store.database, ended, "done", {"skipped": ["much"]})
    with store.database.reading() as session:
        listed = [*jobs.recent(session), *jobs.active(session)]
        assert all("result" in inspect(job).unloaded for job in listed)
        shown = [job for job in listed if job.id == ended]
        jobs.load_results(session, shown)
    assert [job.result for job in shown] == [{"skipped": ["much"]}]
    assert {job.id for job in listed} == {ended, waiting}


def test_what_unfinished_jobs_were_given(store):
    ended, _ = submit(store), submit(store)
    jobs.claim_next(store.database)
    jobs.end(store.database, ended, "done")
    with store.database.reading() as session:
        assert jobs.unfinished_arguments(session) == [{}]

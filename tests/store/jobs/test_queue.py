"""The queue: one job of a lane at a time, cancelled, ended, and noticed when its process is gone."""

import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import inspect

from fercore.clock import now
from fercore.store.jobs import queue, queue_order, scheduler
from fercore.store.tables import Job


def submit(store, lane="disk"):
    with store.database.writing() as session:
        job = Job(kind="import", title="t", lane=lane, arguments={}, submitted_by="tester")
        return queue.submit(session, job).id


def status(store, number):
    with store.database.reading() as session:
        return queue.get(session, number).status


def test_one_job_of_a_lane_at_a_time(store):
    first, second, other = submit(store), submit(store), submit(store, "device")
    assert scheduler.claim_next(store.database) == [first, other]
    assert scheduler.claim_next(store.database) == []
    queue.end(store.database, first, "done")
    assert scheduler.claim_next(store.database) == [second]


def test_visitors_wait_for_each_other_alone(store):
    disk, visit, later = submit(store), submit(store, "visit"), submit(store, "visit")
    assert scheduler.claim_next(store.database) == [disk, visit]
    queue.end(store.database, visit, "done")
    assert scheduler.claim_next(store.database) == [later]


def order(store, lane="disk"):
    with store.database.reading() as session:
        return [job.id for job in queue_order.in_order(session, lane)]


@pytest.mark.parametrize(
    ("moved", "where", "expected"),
    [
        pytest.param(3, "first", [3, 1, 2, 4], id="first"),
        pytest.param(1, "first", [1, 2, 3, 4], id="first already"),
        pytest.param(3, "up", [1, 3, 2, 4], id="up"),
        pytest.param(1, "up", [1, 2, 3, 4], id="nothing is above"),
        pytest.param(2, "down", [1, 3, 2, 4], id="down"),
        pytest.param(4, "down", [1, 2, 3, 4], id="nothing is below"),
    ],
)
def test_the_order_of_the_queue(store, moved, where, expected):
    numbers = [submit(store) for _ in range(4)]
    assert queue_order.move(store.database, numbers[moved - 1], where)
    assert order(store) == [numbers[place - 1] for place in expected]
    for number in order(store):
        assert scheduler.claim_next(store.database) == [number]
        queue.end(store.database, number, "done")


def test_a_new_job_waits_behind_all_others(store):
    first, second = submit(store), submit(store)
    queue_order.move(store.database, second, "first")
    third = submit(store)
    assert order(store) == [second, first, third]


def test_a_job_that_runs_is_not_moved(store):
    running, other = submit(store), submit(store, "device")
    scheduler.claim_next(store.database)
    assert [queue_order.move(store.database, number, "first") for number in (running, other)] == [False, False]


def test_a_held_job_lets_others_pass_and_keeps_its_place(store):
    held, other, last = submit(store), submit(store), submit(store)
    assert queue_order.hold(store.database, held) == "held"
    assert scheduler.claim_next(store.database) == [other]
    assert queue_order.release(store.database, held) == "queued"
    queue.end(store.database, other, "done")
    assert scheduler.claim_next(store.database) == [held]
    assert queue_order.hold(store.database, held) == "running"
    assert order(store) == [last]


def test_a_held_job_can_be_cancelled(store):
    held = submit(store)
    queue_order.hold(store.database, held)
    assert queue.request_cancel(store.database, held) == "cancelled"


def test_cancel(store):
    running, second = submit(store), submit(store)
    scheduler.claim_next(store.database)
    assert queue.request_cancel(store.database, second) == "cancelled"
    assert queue.request_cancel(store.database, running) == "running"
    assert queue.heartbeat(store.database, running, (1, 2, "half")) == "stop"
    assert queue.heartbeat(store.database, running, (1, 2, "half")) == "stop"


def test_an_ended_job_stays_as_it_ended(store):
    number = submit(store)
    scheduler.claim_next(store.database)
    queue.end(store.database, number, "done", {"n": 1})
    queue.end(store.database, number, "failed", error="late")
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
    scheduler.claim_next(store.database)
    with store.database.writing() as session:
        job = queue.get(session, number)
        job.pid, job.heartbeat_at = pid, now() - timedelta(seconds=silent_for)
    queue.bury(store.database)
    assert status(store, number) == expected


def test_lists_of_jobs_leave_results_in_the_database(store):
    ended, second = submit(store), submit(store)
    scheduler.claim_next(store.database)
    queue.end(store.database, ended, "done", {"skipped": ["much"]})
    with store.database.reading() as session:
        listed = [*queue.recent(session), *queue.active(session)]
        assert all("result" in inspect(job).unloaded for job in listed)
        shown = [job for job in listed if job.id == ended]
        queue.load_results(session, shown)
    assert [job.result for job in shown] == [{"skipped": ["much"]}]
    assert {job.id for job in listed} == {ended, second}


def test_what_unfinished_jobs_were_given(store):
    ended, _ = submit(store), submit(store)
    scheduler.claim_next(store.database)
    queue.end(store.database, ended, "done")
    with store.database.reading() as session:
        assert queue.unfinished_arguments(session) == [{}]


@pytest.mark.parametrize(
    ("host", "pid", "silent_for", "expected"),
    [
        pytest.param("another", "dead", 0, "running", id="another machine's process, alive there"),
        pytest.param("another", "dead", 19, "running", id="another machine's, silent for 19 seconds"),
        pytest.param("another", "dead", 21, "lost", id="another machine's, silent for 21 seconds"),
        pytest.param("here", "dead", 0, "lost", id="a process of this machine that is gone"),
        pytest.param("here", "mine", 19, "running", id="a process of this machine, silent for 19 seconds"),
        pytest.param("here", "mine", 21, "lost", id="a process of this machine, silent for 21 seconds"),
        pytest.param("here", None, 0, "running", id="no process known yet"),
        pytest.param("here", "mine", None, "lost", id="it never said that it lives"),
    ],
)
def test_a_job_is_lost_by_silence_anywhere_and_by_its_process_here(store, host, pid, silent_for, expected, monkeypatch):
    moment = now()
    monkeypatch.setattr(queue, "now", lambda: moment)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    number, other = submit(store), submit(store, "device")
    scheduler.claim_next(store.database)
    with store.database.writing() as session:
        job, second = queue.get(session, number), queue.get(session, other)
        job.host = socket.gethostname() if host == "here" else host
        job.pid = {"dead": ended.pid, "mine": os.getpid(), None: None}[pid]
        job.heartbeat_at = None if silent_for is None else moment - timedelta(seconds=silent_for)
        second.host, second.pid, second.heartbeat_at = socket.gethostname(), os.getpid(), moment
    queue.bury(store.database)
    assert (status(store, number), status(store, other)) == (expected, "running")


def test_a_job_on_a_cluster_is_not_buried_by_its_silence(store):
    number = submit(store)
    scheduler.claim_next(store.database)
    with store.database.writing() as session:
        job = queue.get(session, number)
        job.engine, job.heartbeat_at, job.pid = "ray", now() - timedelta(hours=1), None
    queue.bury(store.database)
    assert status(store, number) == "running"

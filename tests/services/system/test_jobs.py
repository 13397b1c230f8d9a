"""Jobs in processes of their own: they outlive who started them, are cancelled, and noticed when killed."""

import os
import shutil
import signal
import time

import pytest

from fercore.jobs import queue
from fercore.services import jobs
from fercore.services.datasets import catalogue
from fercore.services.datasets.extraction import ExtractRequest
from fercore.services.datasets.imports import ImportRequest
from fercore.store.jobs import queue as job_queue
from tests.services.datasets.test_extraction import album  # noqa: F401  # a fixture
from tests.services.datasets.test_imports import csv_file, row


def wait(store, number, *wanted, seconds=60):
    for _ in range(seconds * 10):
        queue.advance(store)
        with store.database.reading() as session:
            job = job_queue.get(session, number)
        if job.status in wanted:
            return job
        time.sleep(0.1)
    raise AssertionError(f"job {number} is {job.status}, not {wanted}: {job.error}")


def extract(store, folder, name):
    return jobs.submit(store, ExtractRequest(folder, name))


def test_jobs_of_one_lane_follow_each_other(store, tmp_path):
    numbers = [
        jobs.submit(store, ImportRequest("fer2013", csv_file(tmp_path, [row(3, 0), row(0, 1)]), name))
        for name in ("a", "b", "c")
    ]
    result = [wait(store, number, "done", "failed") for number in numbers]
    assert [job.status for job in result] == ["done"] * 3
    assert [summary.faces for summary in catalogue.summaries(store)] == [2, 2, 2]


def test_a_failed_job_says_why(lite, tmp_path):
    number = jobs.submit(lite, ImportRequest("fer2013", csv_file(tmp_path, ["3,1 2,Training"]), "a"))
    job = wait(lite, number, "failed")
    assert "line 2" in job.error and "Traceback" not in job.error


@pytest.fixture(autouse=True)
def nothing_left_running(lite):
    """Jobs outlive whoever started them: end those of this test."""
    yield
    with lite.database.reading() as session:
        numbers = [job.id for job in job_queue.active(session)]
    for number in reversed(numbers):
        queue.cancel(lite, number)
    for number in numbers:
        wait(lite, number, "cancelled", "done", "failed", "lost")


@pytest.fixture
def long_album(album, tmp_path):  # noqa: F811
    """Enough photos for some seconds of work."""
    for number in range(5):
        shutil.copytree(album, tmp_path / "long" / str(number))
    return tmp_path / "long"


@pytest.mark.slow
def test_a_killed_job_is_lost_and_goes_on_when_asked(lite, long_album):
    first = extract(lite, long_album, "a")
    for _ in range(300):
        with lite.database.reading() as session:
            job = job_queue.get(session, first)
        if job.pid and job.done >= 1:
            break
        time.sleep(0.05)
    os.kill(job.pid, signal.SIGKILL)
    assert wait(lite, first, "lost").error
    again = extract(lite, long_album, "a")
    assert wait(lite, again, "done").result["photos"] == 5 * 22


@pytest.mark.parametrize("when", [pytest.param("running", marks=pytest.mark.thorough), "queued"])
def test_cancel(lite, long_album, when):
    running, queued = extract(lite, long_album, "a"), extract(lite, long_album, "b")
    queue.cancel(lite, running if when == "running" else queued)
    job = wait(lite, running if when == "running" else queued, "cancelled", "done")
    assert job.status == "cancelled"

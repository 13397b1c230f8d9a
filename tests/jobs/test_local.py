"""Jobs in processes of this machine: two trainings run beside each other, each on its own GPU."""

import time
from types import SimpleNamespace

import pytest

from fercore.jobs import local, queue
from fercore.services.training import train_job
from fercore.services.training.train_job import TrainJob
from fercore.settings import Settings
from fercore.store import open_store
from fercore.store.jobs import queue as job_queue


@pytest.fixture
def cards(tmp_path, monkeypatch, request):
    """An installation with two GPUs, whose jobs only tell which of them they see."""
    teller = tmp_path / "teller"
    teller.write_text('#!/bin/sh\necho "job $4 sees $CUDA_VISIBLE_DEVICES of $FERCORE_GPUS"\n')
    teller.chmod(0o755)
    monkeypatch.setattr(local, "sys", SimpleNamespace(executable=str(teller)))
    monkeypatch.setenv("KERAS_BACKEND", getattr(request, "param", "tensorflow"))
    store = open_store(Settings(data_dir=tmp_path / "data", models_dir=tmp_path / "models", gpus="0,1"))
    yield store
    for process in local._started:
        process.wait()
    store.database.close()


def told(store, number):
    with store.database.reading() as session:
        job = job_queue.get(session, number)
    for _ in range(100):
        if answers := queue.log(store, job):
            return answers.strip()
        time.sleep(0.05)
    return ""


@pytest.mark.parametrize(
    ("cards", "wanted", "expected"),
    [
        pytest.param("tensorflow", [1, 1], ["0", "1"], id="one each"),
        pytest.param("tensorflow", [0, 1], ["-1", "0"], id="none beside one"),
        pytest.param("tensorflow", [queue.ALL_GPUS], ["0,1"], id="all"),
        pytest.param("torch", [queue.ALL_GPUS, 1], ["0", "1"], id="no more than torch uses"),
    ],
    indirect=["cards"],
)
def test_a_process_sees_its_own_gpus(cards, wanted, expected):
    numbers = [queue.submit(cards, train_job.KIND, TrainJob(run=1), gpus=gpus) for gpus in wanted]
    assert [told(cards, number) for number in numbers] == [
        f"job {number} sees {seen} of 0,1" for number, seen in zip(numbers, expected, strict=True)
    ]


def test_two_share_the_cpu_and_the_third_waits(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "sys", SimpleNamespace(executable="/bin/true"))
    settings = Settings(data_dir=tmp_path / "data", models_dir=tmp_path / "models", gpus="", cpu_runs=2)
    store = open_store(settings)
    numbers = [queue.submit(store, train_job.KIND, TrainJob(run=1)) for _ in range(3)]
    with store.database.reading() as session:
        result = [job_queue.get(session, number) for number in numbers]
    assert [(job.status, job.devices) for job in result[:2]] == [("running", "cpu"), ("running", "cpu-2")]
    assert result[2].status == "queued" and queue.beside(store) == 2
    store.database.close()


def test_a_process_that_cannot_start_fails_with_its_reason(cards, monkeypatch):
    monkeypatch.setattr(local, "sys", SimpleNamespace(executable="/nowhere/python"))
    number = queue.submit(cards, train_job.KIND, TrainJob(run=1))
    with cards.database.reading() as session:
        job = job_queue.get(session, number)
    assert (job.status, "/nowhere/python" in job.error) == ("failed", True)

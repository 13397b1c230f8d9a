"""Trainings on a Ray cluster: a real head on this machine's loopback, whose processes are killed under way."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
import requests

from fercore.jobs import queue
from fercore.jobs.engines import engine
from fercore.services.training import run_details, runs, snapshots
from fercore.services.training.runs import TrainRequest
from fercore.settings import Settings
from fercore.statuses import ACTIVE
from fercore.store import open_store
from fercore.store.jobs import queue as job_queue
from fercore.store.jobs import scheduler
from fercore.training.recipes.recipe import MODERN, Augmentation
from tests.conftest import fill

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: pip install -r requirements-ray.txt"),
]
EASY = MODERN.model_copy(update={"augmentation": Augmentation()})


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for item in sockets:
        item.bind(("127.0.0.1", 0))
    ports = [str(item.getsockname()[1]) for item in sockets]
    for item in sockets:
        item.close()
    return ports


@pytest.fixture(scope="module")
def address():
    """A head with one CPU; its processes end with it."""
    folder = tempfile.mkdtemp(prefix="r", dir="/tmp")
    gcs, dashboard, agent, client = free_ports(4)
    binaries = Path(sys.executable).parent
    options = f"""start --head --block --num-cpus 1 --disable-usage-stats --temp-dir {folder}
        --node-ip-address 127.0.0.1 --port {gcs} --dashboard-port {dashboard}
        --dashboard-agent-listen-port {agent} --ray-client-server-port {client}""".split()
    head = subprocess.Popen(
        [binaries / "ray", *options],
        env={**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{dashboard}"
    try:
        wait(lambda: answers(f"{url}/api/v0/nodes"), 120)
        yield url
    finally:
        os.killpg(head.pid, signal.SIGTERM)
        head.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def answers(url):
    try:
        return '"ALIVE"' in requests.get(url, timeout=5).text
    except requests.RequestException:
        return False


def wait(condition, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if result := condition():
            return result
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} seconds: {condition}")


@pytest.fixture
def cluster(address, tmp_path):
    """An installation with a frozen snapshot, whose trainings go to the cluster."""
    settings = Settings(data_dir=tmp_path / "data", models_dir=tmp_path / "models", user="tester", ray_address=address)
    store = open_store(settings)
    fill(store, "faces", [number % 7 for number in range(21)])
    snapshots.freeze(store, "snapshot", ("faces",))
    yield store
    with store.database.reading() as session:
        active = [job.id for job in job_queue.active(session)]
    for number in active:
        queue.cancel(store, number)
    wait(lambda: all(get(store, number).status not in ACTIVE for number in active), 120)
    store.database.close()


def get(store, number):
    queue.advance(store)
    with store.database.reading() as session:
        return job_queue.get(session, number)


def start(store, epochs):
    return runs.start(store, TrainRequest("snapshot", "MobileNetV2", EASY, "none", 0, epochs))


def job_of(store, run):
    view = run_details.view(store, run)
    assert view.status not in ("failed", "lost"), view.error
    return view.job


def test_a_training_whose_process_is_killed_goes_on_from_its_checkpoint(cluster):
    run = start(cluster, epochs=300)
    wait(lambda: run_details.view(cluster, run).epochs and job_of(cluster, run).pid, 300)
    first = job_of(cluster, run)
    assert (first.engine, scheduler.attempt(first)) == ("ray", 1)
    assert "epoch 1" in wait(lambda: queue.log(cluster, first), 30)
    os.kill(first.pid, signal.SIGKILL)
    before = len(run_details.view(cluster, run).epochs)
    second = wait(lambda: (job := job_of(cluster, run)).pid not in (None, first.pid) and job, 120)
    assert (scheduler.attempt(second), second.arguments["resume"]) == (2, True)
    wait(lambda: len(run_details.view(cluster, run).epochs) > before, 300)
    assert runs.cancel(cluster, run) == "running"
    ended = wait(lambda: (result := run_details.view(cluster, run)).status == "cancelled" and result, 60)
    assert [epoch.number for epoch in ended.epochs] == list(range(1, len(ended.epochs) + 1))


def test_a_training_that_is_killed_again_and_again_is_lost(cluster):
    run = start(cluster, epochs=300)
    seen = {None}
    for _ in range(3):
        job = wait(lambda: (job := job_of(cluster, run)).pid not in seen and job, 120)
        seen.add(job.pid)
        os.kill(job.pid, signal.SIGKILL)
    lost = wait(lambda: (result := run_details.view(cluster, run)).status == "lost" and result, 120)
    assert "lost 3 times" in lost.error


def test_a_training_whose_worker_is_killed_is_not_lost(cluster):
    """Ray's own process above ours dies: ours either goes on, or it is started again."""
    run = start(cluster, epochs=1)
    job = wait(lambda: (job := job_of(cluster, run)).pid and job, 120)
    status = Path(f"/proc/{job.pid}/status").read_text()
    above = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid"))
    os.kill(above, signal.SIGKILL)
    wait(lambda: run_details.view(cluster, run).status == "done", 400)


def test_a_job_is_stopped_before_it_speaks(cluster):
    run = start(cluster, epochs=1)
    number = run_details.view(cluster, run).job.id
    assert queue.cancel(cluster, number) == "cancelled"
    job = get(cluster, number)
    wait(lambda: engine(cluster, "ray").state(job) == "gone", 60)

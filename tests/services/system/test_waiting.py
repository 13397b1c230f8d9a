"""The reason that a waiting job is given."""

import json

import pytest

from fercore.cli import cli
from fercore.clock import now
from fercore.jobs import queue
from fercore.services.system import queue as queue_service
from fercore.store.jobs import queue as job_queue
from fercore.store.tables import Job

DISK = {"kind": "import", "lane": "disk"}
DEVICE = {"kind": "train", "lane": "device", "gpus": 1}
CPU_RUNS = {**DEVICE, "status": "running", "devices": "cpu"}
GPU_RUNS = {**DEVICE, "status": "running", "devices": "0"}


@pytest.fixture
def line(lite, monkeypatch):
    """Puts jobs into the queue; nothing starts. Returns what each waits for."""
    monkeypatch.setattr(queue, "advance", lambda *_: None)

    def waits(*jobs):
        with lite.database.writing() as session:
            for number, given in enumerate(jobs, start=1):
                row = Job(**{"title": f"*{number}*", "arguments": {}, "submitted_by": "tester"} | given)
                job_queue.submit(session, row).status = given.get("status", "queued")
                row.heartbeat_at = now()
        return {job.id: job.waits_for for job in queue_service.unfinished(lite)}

    return waits


@pytest.mark.parametrize(
    ("jobs", "last"),
    [
        pytest.param([DISK], None, id="alone"),
        pytest.param([{**DISK, "status": "running"}, DISK], "waits for job 1: *1*", id="the disk is in use"),
        pytest.param([{**DISK, "status": "running"}, DISK, DISK], "waits for job 2: *2*", id="another is before it"),
        pytest.param([CPU_RUNS, DISK], None, id="another lane"),
        pytest.param([{**DISK, "status": "held"}, DISK], None, id="a held one is in nobody's way"),
        pytest.param(
            [{**DISK, "status": "running"}, {**DISK, "status": "held"}], None, id="a held one waits for nothing"
        ),
        pytest.param([CPU_RUNS, DEVICE], "waits for the CPU, in use by job 1: *1*", id="the CPU"),
        pytest.param([GPU_RUNS, DEVICE], "waits for GPU 0, in use by job 1: *1*", id="a GPU"),
        pytest.param(
            [GPU_RUNS, {**GPU_RUNS, "devices": "1"}, DEVICE], "waits for a device; in use by jobs 1, 2", id="two GPUs"
        ),
        pytest.param([GPU_RUNS, {**DEVICE, "gpus": 0}], None, id="a job without a GPU beside one with it"),
        pytest.param(
            [{**GPU_RUNS, "engine": "ray"}, DEVICE], "waits for the cluster, in use by job 1: *1*", id="a cluster"
        ),
    ],
)
def test_a_waiting_job(line, jobs, last):
    assert line(*jobs)[len(jobs)] == last


def test_jobs_of_other_kinds_are_waited_for(line, lite):
    line({**DISK, "status": "running"}, {**DISK, "kind": "export"})
    (shown,) = queue_service.unfinished(lite, ["export"])
    assert (shown.id, shown.waits_for) == (2, "waits for job 1: *1*")
    assert queue_service.get(lite, 2).waits_for == shown.waits_for and queue_service.get(lite, 1).waits_for is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["jobs"], "waits for job 1: *1*"), (["jobs", "move", "2", "up"], "Job 2, *2*: queued, waits for job 1: *1*")],
)
def test_the_command_line_says_it(line, capsys, arguments, words):
    line({**DISK, "status": "running"}, DISK)
    cli.main(arguments, standalone_mode=False)
    assert words in capsys.readouterr().out
    cli.main([*arguments, "--json"], standalone_mode=False)
    document = json.loads(capsys.readouterr().out)
    assert (document[-1] if isinstance(document, list) else document)["waits_for"] == "waits for job 1: *1*"

"""Reading starts nothing, reaps nothing and freezes nothing: no function that lists or shows does."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from fercore.clock import now
from fercore.jobs import queue
from fercore.services.comparison import best_run, stored_evaluations
from fercore.services.system import overview
from fercore.services.system import queue as queue_service
from fercore.services.training import paper_sweep, preflight, run_details, snapshots, sweeps
from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.store.jobs.scheduler import Capacity
from fercore.store.tables import Job, Snapshot
from fercore.training.recipes.recipe import PAPER
from tests.conftest import fill

LOST, WAITING = 1, 2
REQUEST = TrainRequest("S", "MobileNetV2", PAPER, "none")


@pytest.fixture
def stuck(lite, monkeypatch):
    """A training whose process is gone, another that waits behind it with room, and all of the study's datasets."""
    for place, name in enumerate(("FER2013", "CK+", "KFE")):
        fill(lite, name, [n % 7 for n in range(14)], start=100 * place)
    snapshots.freeze(lite, "S", ["CK+"])
    with monkeypatch.context() as patch:
        patch.setattr(queue, "advance", lambda *_: None)
        for _ in range(2):
            run_service.start(lite, REQUEST)
    with lite.database.writing() as session:
        lost = session.get_one(Job, LOST)
        lost.status, lost.engine, lost.heartbeat_at = "running", "local", now() - timedelta(hours=1)
    started = []
    idle = SimpleNamespace(capacity=Capacity, submit=started.append, log=lambda _: "")
    monkeypatch.setattr(queue, "engine", lambda *_: idle)
    yield lite
    assert started == []


def kept(store):
    with store.database.reading() as session:
        jobs = [(job.id, job.status, job.error, job.ended_at) for job in session.scalars(select(Job))]
        return jobs, list(session.scalars(select(Snapshot.name)))


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(queue_service.listed, id="jobs"),
        pytest.param(queue_service.unfinished, id="unfinished jobs"),
        pytest.param(queue_service.ended, id="ended jobs"),
        pytest.param(lambda store: queue_service.get(store, LOST), id="a job"),
        pytest.param(run_details.listed, id="runs"),
        pytest.param(run_details.listed_with_epochs, id="runs with epochs"),
        pytest.param(lambda store: run_details.view(store, 1), id="a run"),
        pytest.param(lambda store: run_service.clone(store, 1), id="a clone"),
        pytest.param(stored_evaluations.listed, id="evaluations"),
        pytest.param(best_run.places, id="splits to compare on"),
        pytest.param(best_run.finished, id="models to predict with"),
        pytest.param(overview.overview, id="overview"),
        pytest.param(sweeps.listed, id="sweeps"),
        pytest.param(paper_sweep.possible, id="the study's sets"),
        pytest.param(paper_sweep.unfrozen, id="the study's missing snapshots"),
        pytest.param(lambda store: paper_sweep.grid(store, "none"), id="the study's grid"),
        pytest.param(lambda store: preflight.cautions(store, REQUEST), id="warnings"),
    ],
)
def test_reading_changes_nothing(stuck, read):
    before = kept(stuck)
    read(stuck)
    assert kept(stuck) == before


def test_a_job_without_a_process_reads_as_lost(stuck):
    assert {job.id: job.status for job in queue_service.listed(stuck, ended=5)} == {LOST: "lost", WAITING: "queued"}
    assert [(view.run.id, view.status) for view in run_details.listed(stuck)] == [(2, "queued"), (1, "lost")]
    assert run_details.view(stuck, 1).error == queue_service.get(stuck, LOST).error == "Its process is gone."

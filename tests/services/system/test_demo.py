"""The demo's plain parts: its plan, its answer, and what removing it takes along."""

from types import SimpleNamespace

import numpy as np
import pytest

from fercore.emotions import EMOTIONS
from fercore.errors import TrainingError
from fercore.progress import silent
from fercore.services.datasets import catalogue
from fercore.services.system import demo
from fercore.services.training import run_details, snapshots
from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.store.jobs import queue
from fercore.store.tables import Job
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill


@pytest.mark.parametrize(
    ("status", "result", "error"),
    [
        pytest.param("failed", None, "no room", id="failed"),
        pytest.param("failed", {"rows": []}, "no room", id="failed at its end"),
        pytest.param("done", None, "–", id="done without a result"),
        pytest.param("cancelled", {}, "–", id="cancelled"),
    ],
)
def test_a_demo_that_did_not_come_to_its_end(status, result, error):
    job = SimpleNamespace(status=status, result=result, error=None if error == "–" else error)
    with pytest.raises(TrainingError, match=f"The demo is {status}: {error}"):
        demo.rows_of(job)


def test_the_rows_of_a_finished_demo():
    rows = [{"run": 1, "trained_on": "demo-west", "accuracy": {}}]
    assert demo.rows_of(SimpleNamespace(status="done", result={"rows": rows}, error=None)) == rows


def test_it_waits_as_a_job(lite, monkeypatch):
    monkeypatch.setattr(demo.queue, "advance", lambda *_: None, raising=False)
    number = demo.start(lite)
    with lite.database.reading() as session:
        assert queue.get(session, number).kind == "demo"


def test_generated_faces_of_each_split_and_emotion(lite, monkeypatch):
    monkeypatch.setattr(demo, "FACES", {"train": 2, "validation": 1, "test": 1})
    messages = []
    demo._draw(lite, "west", lambda done, total, message: messages.append((done, total)))
    [summaries] = catalogue.summaries(lite)
    assert (summaries.name, summaries.source, summaries.faces) == ("demo-west", "drawn", 28)
    assert summaries.counts == {
        split: dict.fromkeys(EMOTIONS, count) for split, count in (("train", 2), ("validation", 1), ("test", 1))
    }
    assert messages == [(0, 3), (1, 3), (2, 3)] and len(catalogue.imports(lite, "demo-west")) == 1
    assert catalogue.imports(lite, "demo-west")[0]["added"] == 28


def test_each_style_stands_for_a_population(lite, monkeypatch):
    monkeypatch.setattr(demo, "FACES", {"test": 7})
    for style in demo.STYLES:
        demo._draw(lite, style, lambda *_: None)
    shown = {each.name: each.population for each in catalogue.summaries(lite)}
    assert shown == {"demo-west": "western", "demo-east": "east asian"}


def test_removing_it_leaves_everything_else(lite):
    for name in ("demo-west", "demo-east", "mine"):
        fill(lite, name, [n % 7 for n in range(14)], start=50 * len(name))
    snapshots.freeze(lite, "demo-both", ["demo-west", "demo-east"])
    snapshots.freeze(lite, "mine", ["mine"])
    for name in ("demo-both", "mine"):
        run_service.create(lite, TrainRequest(name, "VGG16", MODERN, "none", epochs=1))
    for view in run_details.listed(lite):
        with lite.database.writing() as session:
            runs.set_values(session, view.run.id, status="failed")
    demo.remove(lite)
    assert [summary.name for summary in catalogue.summaries(lite)] == ["mine"]
    assert [snapshot.name for snapshot in snapshots.listed(lite)] == ["mine"]
    assert [view.snapshot.name for view in run_details.listed(lite)] == ["mine"]
    demo.remove(lite)


def test_its_plan():
    assert list(demo.SNAPSHOTS) == list(demo.EPOCHS) == ["demo-west", "demo-east", "demo-both"]
    assert demo.SNAPSHOTS["demo-both"] == tuple(f"demo-{style}" for style in demo.STYLES)
    assert np.all([count > 0 for count in demo.FACES.values()]) and demo.RECIPE.epochs == 4
    assert demo.RECIPE.small_below > 7 * demo.FACES["train"] and silent(0, 1, "") is None


def test_every_snapshot_is_trained_on_and_tested_on_both_datasets(lite, monkeypatch):
    """Trainings and evaluations are left out: what they are asked for, and how it is put together, is not."""
    monkeypatch.setattr(demo, "FACES", {"train": 2, "validation": 1, "test": 1})
    trained, tested = [], []

    def evaluate(store, run, places):
        tested.append(places)
        return [SimpleNamespace(dataset=dataset, accuracy=run + n / 10) for n, (dataset, _) in enumerate(places)]

    monkeypatch.setattr(demo.worker, "train", lambda store, run, progress: trained.append(run))
    monkeypatch.setattr(demo.evaluation, "evaluate_each", evaluate)
    with lite.database.writing() as session:
        request = Job(kind="demo", title="t", lane="device", arguments={}, submitted_by="tester")
        job = queue.submit(session, request)
        job.status = "running"
        waiting = Job(kind="demo", title="t", lane="device", arguments={}, submitted_by="tester")
        number = job.id
        queue.submit(session, waiting)
    assert demo.KIND.work(lite, {}, silent)["rows"] == [
        {"run": run, "trained_on": name, "accuracy": {"demo-west": run, "demo-east": run + 0.1}}
        for run, name in enumerate(("demo-west", "demo-east", "demo-both"), start=1)
    ]
    assert trained == [1, 2, 3] and tested == [[("demo-west", "test"), ("demo-east", "test")]] * 3
    views = sorted(run_details.listed(lite), key=lambda view: view.run.id)
    assert [(view.snapshot.datasets, view.run.epochs, view.job.id) for view in views] == [
        (["demo-west"], 4, number),
        (["demo-east"], 4, number),
        (["demo-west", "demo-east"], 3, number),
    ]
    assert {(view.run.backbone, view.run.weights, view.run.recipe["name"]) for view in views} == {
        ("MobileNetV2", "none", "demo")
    }

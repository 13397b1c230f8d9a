"""The app as AppTest runs it, on a store of its own for each test."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from fercore.jobs import queue
from fercore.services.training import devices, snapshots
from fercore.services.training import runs as run_service
from fercore.services.training.devices import BackendReport
from fercore.services.training.runs import TrainRequest
from fercore.settings import ROOT
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.tables import Epoch, Evaluation
from fercore.training.hardware.devices import BackendDevices
from fercore.training.hardware.precision import Device
from fercore.training.recipes.recipe import MODERN
from fercore.ui.shell import session
from tests.conftest import fill


@pytest.fixture(autouse=True)
def fresh_store():
    """The app keeps one store for all sessions; each test has its own."""
    session.store.clear()
    yield
    session.store().database.close()
    session.store.clear()


@pytest.fixture(autouse=True)
def idle_queue(monkeypatch):
    """What a page submits waits: a process that started meanwhile would decide what the page shows next."""
    monkeypatch.setattr(queue, "advance", lambda *_: None)


@pytest.fixture(autouse=True)
def asked_backend(monkeypatch):
    """No page has a backend loaded to ask it for devices; what each is asked and says can be changed."""
    message = {"answer": BackendReport(BackendDevices("tensorflow", (Device("cpu", "cpu"),), "no driver"))}
    monkeypatch.setattr(devices, "known", lambda settings: message["answer"])
    return message


def opened(page, language="en"):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["language"] = language
    app.switch_page(f"pages/{page}").run()
    assert not app.exception, app.exception
    return app


def shown(value):
    """A text as a reader sees it: without the signs that keep Markdown from reading it."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", str(value))


def texts(app):
    kinds = ("title", "markdown", "info", "caption", "warning", "success", "error")
    return " ".join(shown(element.value) for kind in kinds for element in app.get(kind))


@pytest.fixture
def full(lite):
    """Faces, a snapshot, a finished run with epochs and an evaluation, and a failed run."""
    import numpy as np

    from fercore.store.comparison import evaluations
    from fercore.store.datasets import datasets
    from fercore.store.training import runs

    faces = fill(lite, "D", [number % 7 for number in range(21)])
    fill(lite, "D", [number % 7 for number in range(14)], "validation", 100)
    snapshots.freeze(lite, "s", ["D"])
    done, failed = (run_service.create(lite, TrainRequest("s", "VGG16", MODERN, "none", seed)) for seed in (0, 1))
    with lite.database.writing() as writing:
        for number in (1, 2):
            runs.add_epoch(
                writing, Epoch(run_id=done, number=number, loss=1.0, accuracy=0.5, learning_rate=0.1, seconds=3)
            )
        runs.set_values(writing, done, status="done", reported_epoch=2, params_total=10, params_trainable=9)
        runs.set_values(writing, failed, status="failed", error="The loss is nan.")
        labels = np.arange(21) % 7
        probabilities = np.eye(7, dtype=np.float32)[(labels + (np.arange(21) < 7)) % 7]
        counts = np.zeros((7, 7), int)
        np.add.at(counts, (labels, probabilities.argmax(1)), 1)
        evaluation = Evaluation(
            run_id=done,
            dataset_id=datasets.named(writing, "D").id,
            split="train",
            n=21,
            accuracy=14 / 21,
            confusion=counts.tolist(),
        )
        evaluations.add(writing, evaluation, ScoredFaces(faces, labels, probabilities))
    return lite


@pytest.fixture
def frozen(lite):
    """Two snapshots."""
    for name, first in (("A", 0), ("B", 100)):
        fill(lite, name, [n % 7 for n in range(14)], "train", first)
        snapshots.freeze(lite, name, [name])
    return lite


def shown_photos(app):
    """What Predict gives the browser of each photo."""
    parts = app.get("bidi_component")
    return [json.loads(part.proto.json) for part in parts if str(part.key).startswith("photo-")]


def accept(app):
    next(box for box in app.checkbox if box.label.startswith("I understand the warnings")).check().run()


def press(app, label):
    """Press the button with this label, wherever it is."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception

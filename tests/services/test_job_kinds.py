"""Kinds of jobs: what each does with the arguments that a job keeps, and what it gives back."""

import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from fercore.services.comparison import evaluation
from fercore.services.datasets import exports, extraction, imports, uploads
from fercore.services.datasets.exports import ExportRequest
from fercore.services.datasets.extraction import ExtractRequest
from fercore.services.datasets.imports import ImportRequest
from fercore.services.jobs import KINDS
from fercore.services.review import model_predictions, sort_orders
from fercore.services.training import runs as run_service
from fercore.services.training import snapshots
from fercore.services.training.runs import TrainRequest
from fercore.store.review import model_predictions as stored_predictions
from fercore.store.training import runs
from fercore.training.models.backbones import BACKBONES
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill


@dataclass
class Report:
    """What a piece of work found."""

    faces: int = 3


@pytest.mark.parametrize(
    ("kind", "room", "does", "arguments", "request_", "cleared"),
    [
        pytest.param(
            "import", imports, "import_source", {"source": "fer2013", "path": "/up/f.csv", "dataset": "D"},
            ImportRequest("fer2013", Path("/up/f.csv"), "D"), True, id="import",
        ),
        pytest.param(
            "extract", extraction, "extract", {"path": "/up", "dataset": "D", "copy": True},
            ExtractRequest(Path("/up"), "D", copy=True), True, id="extract",
        ),
        pytest.param(
            "export", exports, "export", {"kind": "dataset", "name": "D", "format": "csv", "to": "/out"},
            ExportRequest("dataset", "D", "csv", Path("/out")), False, id="export",
        ),
    ],
)  # fmt: skip
def test_work_on_files(monkeypatch, kind, room, does, arguments, request_, cleared):
    calls, gone = [], []
    monkeypatch.setattr(room, does, lambda *given: calls.append(given) or Report())
    monkeypatch.setattr(uploads, "clear", lambda *given: gone.append(given))
    assert KINDS[kind].work("store", arguments, "progress") == {"faces": 3}
    assert calls == [("store", request_, "progress")]
    assert gone == ([("store", request_.path)] if cleared else [])


def test_an_evaluation_gives_its_numbers_back(monkeypatch):
    calls = []
    result = [SimpleNamespace(id=4), SimpleNamespace(id=7)]
    monkeypatch.setattr(evaluation, "evaluate_each", lambda *given: calls.append(given) or result)
    done = KINDS["evaluate"].work("store", {"run": 2, "on": [["D", "test"]]}, "progress")
    assert done == {"evaluations": [4, 7]}
    [(store, run, places, progress)] = calls
    assert (store, run, list(map(tuple, places)), progress) == ("store", 2, [("D", "test")], "progress")


def test_an_opinion_gives_the_number_of_faces_back(monkeypatch):
    calls = []
    monkeypatch.setattr(model_predictions, "gather", lambda *given: calls.append(given) or 9)
    assert KINDS["opinion"].work("store", {"run": 2, "dataset": "D"}, "progress") == {"faces": 9}
    assert calls == [("store", 2, "D", "progress")]


@pytest.mark.parametrize("all_gpus", [None, False, True])
def test_steps_are_measured_as_they_were_asked_for(monkeypatch, all_gpus):
    calls, messages = [], []

    def measure(plan, faces, folder):
        calls.append((plan.backbone, plan.recipe, plan.all_devices, faces, folder.is_dir()))
        return SimpleNamespace(as_dict=lambda: {"step_seconds": 1.0})

    room = SimpleNamespace(measure=measure)  # the real one loads a backend
    monkeypatch.setitem(sys.modules, "fercore.training.loop.step_measurement", room)
    arguments = {"backbone": "VGG16", "recipe": MODERN.model_dump(mode="json"), "faces": 140, "backend": "torch"}
    arguments |= {} if all_gpus is None else {"all_gpus": all_gpus}
    result = KINDS["probe"].work(None, arguments, lambda *now: messages.append(now))
    assert result == {"step_seconds": 1.0} and messages == [(0, 0, "Measuring a few steps")]
    assert calls == [(BACKBONES["VGG16"], MODERN, bool(all_gpus), 140, True)]


@pytest.fixture
def opinion(lite):
    """Four faces, and a trained run that has spoken of three: sure, undecided, and sure of another emotion."""
    ids = fill(lite, "D", [3, 3, 3, 3])
    other = fill(lite, "D 2", [3], start=50)
    snapshots.freeze(lite, "S", ["D 2"])
    run = run_service.create(lite, TrainRequest("S", "VGG16", MODERN, "none"))
    probabilities = np.full((3, 7), 0.01, np.float32)
    probabilities[0, 3], probabilities[1], probabilities[2, 5] = 0.94, 1 / 7, 0.94
    with lite.database.writing() as session:
        runs.set_values(session, run, status="done", reported_epoch=1)
        datasets = {"D": ids[1:], "D 2": other}
        for dataset_id, faces in enumerate(datasets.values(), start=1):
            stored_predictions.add(session, run, dataset_id, faces, probabilities[: len(faces)])
    return lite, run, ids


@pytest.mark.parametrize(("order", "places"), [("suspicious", [3, 2, 1, 0]), ("uncertain", [2, 1, 3, 0])])
def test_orders_by_what_a_model_says(opinion, order, places):
    store, run, ids = opinion
    assert sort_orders.face_ids(store, 1, order, run) == [ids[place] for place in places]


def test_runs_that_can_be_asked(opinion):
    store, run, _ = opinion
    run_service.create(store, TrainRequest("S", "VGG16", MODERN, "none"))
    [result] = model_predictions.advisors(store)
    assert result.title == f"{run} · VGG16 · modern · S"
    assert [model_predictions.count(store, run, dataset) for dataset in (1, 2, 3)] == [3, 1, 0]


def test_a_run_is_asked_about_a_dataset_once(opinion, monkeypatch):
    from fercore.jobs import queue

    store, run, _ = opinion
    monkeypatch.setattr(queue, "advance", lambda store: None)
    assert not model_predictions.is_asked(store, run, "D")
    model_predictions.ask(store, run, "D")
    assert [model_predictions.is_asked(store, *request) for request in ((run, "D"), (run, "D 2"), (99, "D"))] == [
        *(True, False, False)
    ]


def test_a_run_that_has_seen_all_is_not_loaded(opinion, monkeypatch):
    store, run, _ = opinion
    monkeypatch.setattr(stored_predictions, "unasked", lambda session, run, dataset: [])
    monkeypatch.setattr(evaluation, "predictor_of", None)
    assert model_predictions.gather(store, run, "D") == 0


def test_a_run_looks_at_faces_part_by_part(opinion, monkeypatch):
    store, run, ids = opinion
    messages, prepared = [], []
    predictor = SimpleNamespace(probabilities=lambda pixels: np.full((len(pixels), 7), 0.5, np.float32))
    monkeypatch.setattr(evaluation, "predictor_of", lambda store, run, progress: predictor)
    monkeypatch.setattr(stored_predictions, "unasked", lambda session, run, dataset: [ids[0]])
    monkeypatch.setattr(model_predictions, "CHUNK", 1)
    monkeypatch.setattr(model_predictions.sort_order_preparation, "prepare", lambda *given: prepared.append(given[1:3]))
    assert model_predictions.gather(store, run, "D", lambda *now: messages.append(now)) == 1
    assert messages == [(0, 1, "Predicting")] and prepared == [(1, run)]
    assert model_predictions.count(store, run, 1) == 4

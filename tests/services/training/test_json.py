"""Runs, sweeps and their files as the command line prints them."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from fercore.services.training import run_details, sweeps
from fercore.services.training.summaries import SweepSummary
from fercore.services.training.sweep_cells import CellView, Grid, SweepCell, SweepView
from fercore.services.training.tracking import MLflow, _flat
from fercore.store.tables import Epoch, Job, Run, Snapshot

BEGUN = datetime(2026, 3, 1, 9, tzinfo=UTC)


def view(status="failed"):
    run = Run(
        id=7,
        **{"status": status, "backbone": "VGG16", "recipe": {"name": "modern"}, "epochs": 6, "seed": 3},
        **{"weights": "none", "params_total": 20, "params_trainable": 12, "class_weights": {"Happy": 0.5}},
        **{"reported_epoch": 1, "started_at": BEGUN, "ended_at": BEGUN + timedelta(seconds=90)},
        **{"record": {"backend": "jax"}, "note": "too dark", "tags": ["a", "b"]},
    )
    epochs = [
        Epoch(number=1, loss=1.5, accuracy=0.25, val_loss=1.25, val_accuracy=0.5, learning_rate=0.1, seconds=3.0),
        Epoch(number=2, loss=1.0, accuracy=0.75, learning_rate=0.01, seconds=2.0, recalls=[0.5] * 7, memory_mb=900.0),
    ]
    snapshot = Snapshot(name="S 2", datasets=["D", "D 2"], hash="a" * 64)
    job = Job(status="failed", error="The loss is nan.")
    return run_details._view(run, snapshot, job, epochs)


def test_a_run_as_json():
    printed = run_details.as_json(view())
    history = printed.pop("history")
    assert printed == {
        "run": 7,
        "status": "failed",
        "backbone": "VGG16",
        "recipe": "modern",
        "snapshot": "S 2",
        "trained_on": ["D", "D 2"],
        "epochs": 2,
        "seed": 3,
        "weights": "none",
        "continues": None,
        "params_total": 20,
        "params_trainable": 12,
        "class_weights": {"Happy": 0.5},
        "reported_epoch": 1,
        "error": "The loss is nan.",
        "snapshot_hash": "a" * 64,
        "seconds": 90.0,
        "record": {"backend": "jax"},
        "exception": None,
        "note": "too dark",
        "tags": ["a", "b"],
    }
    assert [(event["number"], event["loss"], event["val_accuracy"], event["memory_mb"]) for event in history] == [
        (1, 1.5, 0.5, None),
        (2, 1.0, None, 900.0),
    ]
    former = {"watch_loss", "watch_accuracy"}
    assert set(history[0]) == {*run_details.EPOCH_FIELDS, *former} and history[1]["recalls"] == [0.5] * 7
    assert (history[0]["watch_loss"], history[0]["watch_accuracy"]) == (1.25, 0.5), "under their former names, too"


def test_a_sweep_as_json():
    places = {("D", "test"): 0.75, ("E", "validation"): 0.5}
    trained = CellView(SweepCell("VGG16", "paper", "S", 1), view(status="done"), places)
    deleted = CellView(SweepCell("VGG16", "paper", "S", 2), None, {})
    sweep = SweepSummary(id=4, name="first", plan={"evaluate": []})
    plain = {"backbone": "VGG16", "recipe": "paper", "snapshot": "S"}
    result = [
        {"dataset": "D", "split": "test", "accuracy": 0.75},
        {"dataset": "E", "split": "validation", "accuracy": 0.5},
    ]
    assert sweeps.as_json(SweepView(sweep, [trained, deleted], 12.5)) == {
        "sweep": 4,
        "name": "first",
        "seconds_left": 12.5,
        "cells": [
            {
                **plain,
                "seed": 1,
                "run": 7,
                "status": "done",
                "val_accuracy": 0.5,
                "watch_accuracy": 0.5,
                "accuracies": result,
            },
            {
                **plain,
                "seed": 2,
                "run": None,
                "status": "gone",
                "val_accuracy": None,
                "watch_accuracy": None,
                "accuracies": [],
            },
        ],
    }


def test_what_the_cells_of_a_stored_sweep_share():
    plan = {"evaluate": [["D", "test"], ["E", "train"]], "weights": "imagenet", "epochs": 3}
    expected = Grid((), (), (), weights="imagenet", epochs=3, evaluate=[("D", "test"), ("E", "train")])
    assert sweeps._grid(plan) == expected


@pytest.mark.parametrize(
    ("change", "same"), [({}, True), ({"seed": 2}, False), ({"snapshot": "T"}, False), ({"run": 9}, True)]
)
def test_the_row_of_a_cell(change, same):
    row = {"backbone": "VGG16", "recipe": "paper", "snapshot": "S", "seed": 1, "run": 7, **change}
    assert sweeps._is(row, SweepCell("VGG16", "paper", "S", 1)) == same


@pytest.mark.parametrize(
    ("files", "size"),
    [({}, 0.0), ({"model.keras": 2_500_000}, 2.5), ({"model.keras": 1_000_000, "tensorboard/events": 500_000}, 1.5)],
)
def test_what_a_run_takes_on_disk(lite, files, size):
    for name, length in files.items():
        file = lite.run_folder(7) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes(length))
    assert run_details.kept_mb(lite, 7) == size


@pytest.mark.parametrize(
    ("recipe", "flat"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"name": "own", "epochs": 4}, {"name": "own", "epochs": 4}, id="plain"),
        pytest.param(
            {"epochs": 4, "augmentation": {"flip": True, "shift": 0.1}},
            {"epochs": 4, "augmentation.flip": True, "augmentation.shift": 0.1},
            id="knobs within a knob",
        ),
    ],
)
def test_a_recipe_as_parameters(recipe, flat):
    assert _flat(recipe) == flat


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("paused", ("update_run", "SCHEDULED")),
        ("done", ("set_terminated", "FINISHED")),
        ("cancelled", ("set_terminated", "KILLED")),
        ("failed", ("set_terminated", "FAILED")),
        ("lost", ("set_terminated", "FAILED")),
    ],
)
def test_the_end_of_a_run_in_the_words_of_mlflow(status, message):
    heard = []
    client = SimpleNamespace(
        update_run=lambda run, status: heard.append(("update_run", run, status)),
        set_terminated=lambda run, status: heard.append(("set_terminated", run, status)),
    )
    listener = object.__new__(MLflow)
    listener._client, listener._id = client, "r1"
    listener.end(status)
    assert heard == [(message[0], "r1", message[1])]

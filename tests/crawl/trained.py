"""Runs, evaluations and a sweep of the filled installation."""

from datetime import timedelta
from pathlib import Path

import numpy as np

from fercore.clock import now
from fercore.evaluation.confusion import confusion
from fercore.evaluation.metrics import accuracy
from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.store import Store
from fercore.store.comparison import evaluations
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.datasets import datasets
from fercore.store.tables import Epoch, Evaluation
from fercore.store.training import runs, sweeps
from fercore.training.recipes.recipe import MODERN, PAPER


def add_runs(store: Store, first: str, second: str) -> None:
    """Runs that differ in everything a table must keep apart, evaluated on both datasets; their models read faces."""
    wanted = (
        TrainRequest("before", "MobileNetV2", MODERN, "none", 0, 3),
        TrainRequest("before", "MobileNetV2", MODERN, "none", 1, 3),
        TrainRequest("before **2**", "MobileNetV2", MODERN, "none", 0, 6),
        TrainRequest("FER2013 alone", "VGG16", PAPER, "none", 0, 1),
    )
    made = [run_service.create(store, request) for request in wanted]
    for place, run_id in enumerate(made):
        _train(store, run_id, wanted[place].total_epochs, 0.3 + 0.1 * place)
        for name, split in ((first, "validation"), (second, "test")) if place != 2 else ((first, "train"),):
            _evaluate(store, run_id, name, split, seed=place)
    for status, error in (("failed", "The loss is <b>nan</b>."), ("cancelled", None), ("paused", None)):
        run_id = run_service.create(store, TrainRequest("before", "Xception", MODERN, "none", 7))
        with store.database.writing() as session:
            runs.set_values(session, run_id, status=status, error=error)
    _sweep(store, made)


def _train(store: Store, run_id: int, epochs: int, start: float) -> None:
    with store.database.writing() as session:
        for number in range(1, epochs + 1):
            value = start + number / 50
            runs.add_epoch(
                session,
                Epoch(
                    run_id=run_id,
                    number=number,
                    loss=2 - value,
                    accuracy=value,
                    val_loss=2.1 - value,
                    val_accuracy=value - 0.1,
                    learning_rate=0.001,
                    seconds=2.0 + number,
                    recalls=[value] * 7,
                    compile_seconds=9.0 if number == 1 else None,
                    memory_mb=500.0,
                    device_use=0.7,
                ),
            )
        at = now() - timedelta(hours=run_id)
        values = {"params_total": 10, "params_trainable": 9, "started_at": at, "ended_at": at + timedelta(minutes=3)}
        runs.set_values(session, run_id, status="done", reported_epoch=epochs, **values)
    _model(store.run_folder(run_id) / "model.keras", run_id)


def _model(path: Path, seed: int) -> None:
    """A small network that reads faces at once; Keras is imported only where a store is filled."""
    import keras

    keras.utils.set_random_seed(seed)
    faces_in = keras.Input((48, 48))
    flat = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(faces_in))
    keras.Model(faces_in, keras.layers.Dense(7, activation="softmax")(flat)).save(path)


def _evaluate(store: Store, run_id: int, name: str, split: str, seed: int) -> None:
    with store.database.writing() as session:
        dataset_id = datasets.named(session, name).id
        ids, labels = evaluations.labelled_faces(session, dataset_id, split)
        shares = np.random.default_rng(seed).dirichlet(np.ones(7), len(ids)).astype(np.float32)
        truth = np.array(labels, np.int64)
        counts = confusion(truth, shares)
        evaluation = Evaluation(
            run_id=run_id,
            dataset_id=dataset_id,
            split=split,
            n=len(ids),
            accuracy=accuracy(counts),
            confusion=counts.tolist(),
        )
        evaluations.add(session, evaluation, ScoredFaces(ids, truth, shares))


def _sweep(store: Store, made: list[int]) -> None:
    cells = [
        {"backbone": "MobileNetV2", "recipe": "modern", "snapshot": "before", "seed": seed, "run": run}
        for seed, run in enumerate((*made[:2], 9999))
    ]
    plan = {
        "weights": "none",
        "epochs": 3,
        "evaluate": [["KFE", "validation"]],
        "recipes": {"modern": MODERN.model_dump(mode="json")},
        "cells": cells,
    }
    with store.database.writing() as session:
        sweeps.add(session, "Grid **one**", plan)

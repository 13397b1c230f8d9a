"""An installation in which every page has much to show: names that are alike, objects in every state."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np

from fercore.clock import now
from fercore.drawing.faces import dataset as drawn
from fercore.emotions import EMOTIONS
from fercore.evaluation.confusion import confusion
from fercore.evaluation.metrics import accuracy
from fercore.faces.pixels import pixel_hash
from fercore.services.review import adjudication, assignments, reviewers
from fercore.services.review.assignments import TaskPlan
from fercore.services.training import recipes, snapshots
from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.store import Store
from fercore.store.comparison import evaluations
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.datasets import datasets, faces
from fercore.store.datasets.faces import NewFace
from fercore.store.review import decisions, remarks
from fercore.store.review.decisions import DecisionRequest, ReviewMode
from fercore.store.tables import Epoch, Evaluation, Job
from fercore.store.training import runs, sweeps
from fercore.training.recipes.recipe import MODERN, PAPER

# Names are text: whatever Markdown, HTML or Streamlit would make of them, pages show them as they stand.
ODD = "**KFE** <b>2</b> :smile: $x$ [a](b)"
DATASETS = ("KFE", ODD, "FER2013")
PEOPLE = ("Kim", "Kim_2_", "*Lee* :smile:")
ODD_TASK = "First `pass` **bold**"
NOTE = "**bold** <b>b</b> <img src=x onerror=alert(1)> $x$ :smile: [a](b)"
JOB_STATES = ("done", "failed", "cancelled", "lost", "paused", "held", "queued")


def fill_store(store: Store) -> None:
    """Datasets, people, decisions, tasks, snapshots, recipes, runs, evaluations, a sweep, and jobs of every status."""
    numbers = {name: _faces(store, name, at) for at, name in enumerate(DATASETS)}
    for name in PEOPLE:
        reviewers.add(store, name)
    _decisions(store, numbers)
    _tasks(store)
    snapshots.freeze(store, "before", DATASETS[:2])
    _decide(store, "Kim", numbers["KFE"][8:12], emotion=6)
    snapshots.freeze(store, "before **2**", DATASETS[:2])
    snapshots.freeze(store, "FER2013 alone", ["FER2013"], validation_from=["KFE"])
    recipes.save(store, MODERN.model_copy(update={"name": "mine _too_", "epochs": 5}))
    _runs(store, numbers)
    _jobs(store)


def _faces(store: Store, name: str, at: int) -> list[int]:
    """Drawn faces in three splits, subjects of the same names in every dataset, some without an emotion."""
    style = "east" if at % 2 == 0 else "west"
    for number, (split, each) in enumerate((("train", 4), ("validation", 2), ("test", 2))):
        pixels, labels = drawn(style, each, seed=10 * at + number)
        new = []
        for row, (gray, label) in enumerate(zip(pixels, labels, strict=True)):
            unlabelled = at == 1 and row % 9 == 0
            new.append(
                NewFace(
                    identity=f"{split}/{row}",
                    split=split,
                    emotion=None if unlabelled else int(label),
                    word="" if unlabelled else EMOTIONS[label].lower(),
                    pixel_hash=pixel_hash(gray),
                    gray=gray,
                    subject=f"S{row % 4}" if at < 2 else None,
                    gender=("female", "male")[row % 2] if at == 0 else None,
                    age=10 * (row % 5) if at == 0 else None,
                )
            )
        with store.database.writing() as session:
            begun = datasets.begin_import(session, name, "folder", f"/data/{name}/{split}")
            faces.add(session, begun.dataset_id, begun.id, new)
            datasets.finish_import(session, begun.id)
    return all_faces(store, name)


def all_faces(store: Store, name: str) -> list[int]:
    """The numbers of a dataset's faces, in their order."""
    from sqlalchemy import select

    from fercore.store.tables import Dataset, Face

    with store.database.reading() as session:
        query = select(Face.id).join(Dataset, Dataset.id == Face.dataset_id).where(Dataset.name == name)
        return list(session.scalars(query.order_by(Face.id)))


def _decide(store: Store, who: str, ids: list[int], emotion: int | None = None, reason: str | None = None) -> None:
    with store.database.writing() as session:
        for face in ids:
            decisions.record(session, who, [DecisionRequest(str(uuid4()), str(uuid4()), face, emotion, reason)])


def _decisions(store: Store, numbers: dict[str, list[int]]) -> None:
    """Votes that agree and disagree, rejections, and something that was settled."""
    for name in DATASETS[:2]:
        ids = numbers[name]
        _decide(store, "Kim", ids[:6], emotion=3)
        _decide(store, "Kim_2_", ids[3:9], emotion=5)
        _decide(store, "*Lee* :smile:", ids[6:8], reason="blurred")
        _decide(store, "*Lee* :smile:", ids[2:3], reason="not sure")
    adjudication.set_rule(store, ODD, "majority")
    _settle(store, numbers["KFE"][:5])
    _remark(store, numbers["KFE"])


def _remark(store: Store, ids: list[int]) -> None:
    """A flag, and notes that look like Markdown and HTML."""
    with store.database.writing() as session:
        remarks.record(session, "Kim", [remarks.RemarkRequest(str(uuid4()), str(uuid4()), ids[1], flag=True)])
        for who, note in (("tester", NOTE), ("*Lee* :smile:", "두 눈이 **감김**\nzwei Zeilen")):
            remarks.record(session, who, [remarks.RemarkRequest(str(uuid4()), str(uuid4()), ids[0], note=note)])


def _settle(store: Store, ids: list[int]) -> None:
    """Faces that an adjudicator settled, one otherwise than the others: answers to test people with."""
    wishes = [DecisionRequest(str(uuid4()), str(uuid4()), face, 3 if face != ids[0] else 5) for face in ids]
    with store.database.writing() as session:
        decisions.record(session, "Kim_2_", wishes, ReviewMode(adjudicates=True))


def _tasks(store: Store) -> None:
    assignments.create(store, TaskPlan("Pass", "KFE", people=PEOPLE[:2], twice=0.5, instructions="Look **twice**."))
    assignments.create(store, TaskPlan(ODD_TASK, ODD, blind=False))
    assignments.create(store, TaskPlan("Tested", "KFE", state="undecided", gold=0.1, control=0.1))
    closed = assignments.create(store, TaskPlan("Pass 2", "KFE", state="undecided"))
    assignments.close(store, closed)


def _runs(store: Store, numbers: dict[str, list[int]]) -> None:
    """Runs that differ in everything a table must keep apart, with models that read faces."""
    asked = (
        TrainRequest("before", "MobileNetV2", MODERN, "none", 0, 3),
        TrainRequest("before", "MobileNetV2", MODERN, "none", 1, 3),
        TrainRequest("before **2**", "MobileNetV2", MODERN, "none", 0, 6),
        TrainRequest("FER2013 alone", "VGG16", PAPER, "none", 0, 1),
    )
    made = [run_service.create(store, request) for request in asked]
    for place, run_id in enumerate(made):
        _train(store, run_id, asked[place].total_epochs, 0.3 + 0.1 * place)
        for name, split in (("KFE", "validation"), (ODD, "test")) if place != 2 else (("KFE", "train"),):
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


def _jobs(store: Store) -> None:
    """A job of every status; a running one lives on another machine, so that nobody buries it."""
    at = now()
    with store.database.writing() as session:
        for place, status in enumerate((*JOB_STATES, "running")):
            running = status == "running"
            session.add(
                Job(
                    kind="import",
                    title=f"Import <i>{status}</i>.csv",
                    lane="disk",
                    arguments={
                        **{"source": "fer2013", "path": f"/nowhere/{status}.csv", "dataset": "X", "skip_bad": True},
                        "title": f"<i>{status}</i>.csv",
                    },
                    status=status,
                    submitted_by="Kim",
                    done=5,
                    total=10,
                    message="Reading **rows**" if running else "",
                    result={"dataset": "X", "added": 5, "skipped": []} if status == "done" else None,
                    error="The file <b>is gone</b>." if status in ("failed", "lost") else None,
                    host="another-machine" if running else None,
                    pid=1 if running else None,
                    heartbeat_at=at + timedelta(hours=9) if running else None,
                    created_at=at + timedelta(seconds=place),
                    started_at=at if running else None,
                    ended_at=at if status in ("done", "failed", "cancelled", "lost") else None,
                    position=float(place),
                )
            )

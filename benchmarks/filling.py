"""Stores full of generated faces, with people who disagree and a model that has an opinion, to measure on."""

from uuid import uuid4

import numpy as np
from sqlalchemy import func, select

from fercore.faces.pixels import pixel_hash
from fercore.services.review import adjudication, sort_order_preparation
from fercore.services.training import runs as run_service
from fercore.services.training import snapshots
from fercore.services.training.runs import TrainRequest
from fercore.splits import Split
from fercore.store import Store
from fercore.store.datasets import datasets, faces
from fercore.store.datasets.faces import NewFace
from fercore.store.review import decisions, model_predictions
from fercore.store.review.decisions import DecisionRequest
from fercore.store.tables import Face, Run, Vote
from fercore.store.training import runs
from fercore.training.models.pretrained import InitialWeights
from fercore.training.recipes.recipe import MODERN

BATCH = 5_000
RATERS = ("rater A", "rater B")
RATED = 6_000


def fill(store: Store, count: int, name: str = "D") -> int:
    """Generated faces in one dataset, as many as asked; what is there is counted. Returns the dataset's number."""
    there = len(numbers(store, name))
    random = np.random.default_rng(0)
    pictures = random.integers(0, 256, (BATCH, 48, 48), np.uint8)
    hashes = [pixel_hash(picture) for picture in pictures]
    for start in range(there, count, BATCH):
        new = [
            NewFace(
                identity=str(start + n),
                split=Split.TRAIN,
                emotion=(start + n) % 7,
                word="",
                pixel_hash=hashes[n],
                gray=pictures[n],
            )
            for n in range(min(BATCH, count - start))
        ]
        with store.database.writing() as session:
            begun = datasets.begin_import(session, name, "folder", "bench")
            faces.add(session, begun.dataset_id, begun.id, new)
    with store.database.reading() as session:
        dataset_id = datasets.named(session, name).id
    sort_order_preparation.prepare(store, dataset_id)  # as the job after an import does
    return dataset_id


def numbers(store: Store, name: str) -> list[int]:
    """The faces of a dataset, where there is one."""
    with store.database.reading() as session:
        if name not in datasets.names(session):
            return []
        dataset_id = datasets.named(session, name).id
        return list(session.scalars(select(Face.id).where(Face.dataset_id == dataset_id).order_by(Face.id)))


def disagree(store: Store, name: str = "D") -> None:
    """Two people have looked at the last faces, and every tenth time said something else: these are disputed."""
    with store.database.reading() as session:
        if session.scalar(select(func.count()).select_from(Vote).where(Vote.reviewer.in_(RATERS))):
            return
    rated = numbers(store, name)[-RATED:]
    for rater, second in zip(RATERS, (False, True), strict=True):
        wishes = [
            DecisionRequest(str(uuid4()), str(uuid4()), face, emotion=(n + (second and n % 10 == 0)) % 7)
            for n, face in enumerate(rated)
        ]
        with store.database.writing() as session:
            decisions.record(session, rater, wishes)
    adjudication.set_rule(store, name, "unanimous")


def advise(store: Store, name: str = "D") -> None:
    """A run that learned other faces has a random opinion of each of these."""
    with store.database.reading() as session:
        if session.scalar(select(func.count()).select_from(Run)):
            return
    fill(store, 70, "Learned")
    snapshots.freeze(store, "Learned", ["Learned"])
    run = run_service.create(store, TrainRequest("Learned", "MobileNetV2", MODERN, InitialWeights.NONE))
    random = np.random.default_rng(0)
    face_ids = numbers(store, name)
    with store.database.reading() as session:
        dataset_id = datasets.named(session, name).id
    with store.database.writing() as session:
        runs.set_values(session, run, status="done", reported_epoch=1)
    for start in range(0, len(face_ids), BATCH):
        part = face_ids[start : start + BATCH]
        with store.database.writing() as session:
            probabilities = random.dirichlet(np.ones(7), len(part)).astype(np.float32)
            model_predictions.add(session, run, dataset_id, part, probabilities)
    sort_order_preparation.prepare(store, dataset_id, run)  # as the job in which a model looks at faces does at its end

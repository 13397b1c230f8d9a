"""Faces with attributes, and runs that misread some of them more than others."""

import numpy as np
from sqlalchemy import select

from fercore.services.comparison import evaluation
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.datasets import datasets
from fercore.store.tables import Face
from tests.conftest import fill

GENDERS = ("female", "male")


def people(store, name, split, count, start, subjects=None):
    """Faces of all emotions in turn, men and women in turn, decades of age by sevens; of people if that is said."""
    fill(store, name, [number % 7 for number in range(count)], split, start)
    with store.database.writing() as session:
        dataset_id = datasets.named(session, name).id
        query = select(Face).where(Face.dataset_id == dataset_id, Face.split == split).order_by(Face.id)
        for number, face in enumerate(session.scalars(query)):
            face.gender = GENDERS[number % 2]
            face.age = 20 + 10 * (number // 7 % 3)
            face.professional = number % 4 > 1
            face.box = [0, 0, 40 + number % 90, 60]
            if subjects:
                face.subject = f"p{number % subjects}"


def judge(store, run, name, split, accuracy, seed=0):
    """Evaluate a run whose accuracy on a face is a function of it; the probabilities are drawn."""
    target = evaluation.target_of(store, name, split)
    chance = np.random.default_rng(seed)
    with store.database.reading() as session:
        known = {face.id: face for face in session.scalars(select(Face).where(Face.id.in_(target.face_ids)))}
        right = chance.random(len(target.face_ids)) < [accuracy(known[number]) for number in target.face_ids]
    labels = np.array(target.labels)
    said = np.where(right, labels, (labels + chance.integers(1, 7, len(labels))) % 7)
    shares = chance.dirichlet(np.ones(7), len(labels))
    shares[np.arange(len(labels)), said] += 1 + chance.random(len(labels))
    shares = (shares / shares.sum(1, keepdims=True)).astype(np.float32)
    return evaluation.keep(store, run, target, split, ScoredFaces(target.face_ids, labels, shares))


def of_old_men(face):
    """Half as often right on men of forty years and more."""
    return 0.4 if face.gender == "male" and face.age >= 40 else 0.85

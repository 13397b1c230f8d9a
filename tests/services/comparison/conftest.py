"""Runs with evaluations of known guesses."""

import numpy as np
import pytest

from fercore.services.training import runs as run_service
from fercore.services.training import snapshots
from fercore.services.training.runs import TrainRequest
from fercore.store.comparison import evaluations as table
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.datasets import datasets
from fercore.store.tables import Evaluation
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill

HAPPY, SAD = 3, 5


def run(store, snapshot="S", seed=0, done=True):
    number = run_service.create(store, TrainRequest(snapshot, "VGG16", MODERN, "none", seed))
    if done:
        with store.database.writing() as session:
            runs.set_values(session, number, status="done", reported_epoch=1)
    return number


def evaluate(store, number, dataset, split, guesses):
    """Store an evaluation that says these emotions of the split's faces, in their order."""
    with store.database.writing() as session:
        dataset_id = datasets.named(session, dataset).id
        ids, labels = table.labelled_faces(session, dataset_id, split)
        shares = np.full((len(ids), 7), 0.05, np.float32)
        shares[np.arange(len(ids)), guesses] = 0.7
        truth = np.array(labels)
        counts = np.zeros((7, 7), int)
        np.add.at(counts, (truth, np.array(guesses)), 1)
        accuracy = float((truth == guesses).mean())
        new = Evaluation(
            run_id=number, dataset_id=dataset_id, split=split, n=len(ids), accuracy=accuracy, confusion=counts.tolist()
        )
        return table.add(session, new, ScoredFaces(ids, truth, shares)).id


@pytest.fixture
def judged(store):
    """Two runs on the same four faces of D's test split, three and two of which they read rightly, and a third of
    another dataset of nearly the same name.
    """
    fill(store, "D", [HAPPY, SAD])
    fill(store, "D", [HAPPY, HAPPY, SAD, SAD], "test", 50)
    fill(store, "D 2", [HAPPY, SAD], "test", 90)
    snapshots.freeze(store, "S", ["D"])
    first, second = run(store), run(store, seed=1)
    evaluate(store, first, "D", "test", [HAPPY, HAPPY, SAD, HAPPY])
    evaluate(store, second, "D", "test", [HAPPY, SAD, SAD, HAPPY])
    evaluate(store, first, "D 2", "test", [HAPPY, SAD])
    return store


def faces_of(store, dataset, split):
    with store.database.reading() as session:
        return table.labelled_faces(session, datasets.named(session, dataset).id, split)[0]

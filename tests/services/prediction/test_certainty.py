"""Sets that hold the answer: from validation faces only, at the temperature that is asked, measured elsewhere."""

import numpy as np
import pytest

from fercore.emotions import EMOTIONS
from fercore.evaluation.calibration import scaled
from fercore.services.prediction import certainty
from fercore.services.prediction.certainty import AnswerSets
from fercore.services.training import snapshots
from fercore.store.comparison import evaluations as table
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.datasets import datasets
from fercore.store.tables import Evaluation
from tests.conftest import fill
from tests.services.comparison.conftest import run


def judged(store, number, split, confidence):
    """An evaluation in which the true emotion of each face has such a probability, the next one all the rest."""
    with store.database.writing() as session:
        dataset_id = datasets.named(session, "D").id
        ids, labels = table.labelled_faces(session, dataset_id, split)
        shares = np.full((len(ids), 7), 1e-6, np.float32)
        truth = np.array(labels)
        shares[np.arange(len(ids)), truth] = confidence
        shares[np.arange(len(ids)), (truth + 1) % 7] = 1 - np.array(confidence)
        counts = np.zeros((7, 7), int)
        np.add.at(counts, (truth, shares.argmax(1)), 1)
        new = Evaluation(
            run_id=number, dataset_id=dataset_id, split=split, n=len(ids), accuracy=0.5, confusion=counts.tolist()
        )
        table.add(session, new, ScoredFaces(ids, truth, shares))


@pytest.fixture
def evaluated(store):
    """A run on 20 validation faces, 18 of which have 0.3 or more for the answer, and on 10 test faces with 0.2."""
    fill(store, "D", [n % 7 for n in range(14)])
    fill(store, "D", [n % 7 for n in range(20)], "validation", 50)
    fill(store, "D", [n % 7 for n in range(10)], "test", 90)
    snapshots.freeze(store, "S", ["D"])
    number = run(store)
    judged(store, number, "validation", [0.1] + [0.3] * 10 + [0.9] * 9)
    judged(store, number, "test", [0.2] * 5 + [0.8] * 5)
    return store, number


def test_the_threshold_comes_from_validation_faces_and_is_measured_on_the_others(evaluated):
    sets = certainty.of_run(*evaluated, calibrated=False)
    assert sets.threshold == pytest.approx(0.3) and (sets.dataset, sets.split, sets.faces) == ("D", "validation", 20)
    [other] = sets.elsewhere
    assert (other.dataset, other.split, other.coverage.n) == ("D", "test", 10)
    assert other.coverage.share == 0.5, "what holds 9 in 10 on validation faces holds half of the time here"


def test_faces_that_the_run_learned_measure_nothing(evaluated):
    store, number = evaluated
    judged(store, number, "train", [0.9] * 14)
    assert [(other.dataset, other.split) for other in certainty.of_run(store, number, calibrated=False).elsewhere] == [
        ("D", "test")
    ]


def test_scaled_probabilities_have_a_threshold_of_their_own(evaluated):
    sets = certainty.answer_sets(*evaluated, temperature=2.0)
    row = np.full(7, 1e-6)
    row[:2] = 0.3, 0.7
    assert sets.threshold == pytest.approx(float(scaled(row[None], 2.0)[0, 0]), abs=1e-3)


def test_a_run_without_validation_faces_has_none(store):
    fill(store, "D", [n % 7 for n in range(14)], "test")
    fill(store, "D", [n % 7 for n in range(14)], start=50)
    snapshots.freeze(store, "S", ["D"])
    number = run(store)
    assert certainty.of_run(store, number, calibrated=False) is None
    judged(store, number, "test", [0.8] * 14)
    assert certainty.of_run(store, number, calibrated=True) is None


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ([0, 0, 0, 0.9, 0.1, 0, 0], ["Happy"]),
        ([0, 0, 0.5, 0, 0, 0.1, 0.4], ["Fear", "Surprise"]),
        ([0.1, 0.2, 0.1, 0.2, 0.2, 0.1, 0.1], ["Disgust"]),
    ],
)
def test_the_emotions_of_a_set(row, expected):
    sets = AnswerSets(0.25, "D", "validation", 20, ())
    assert [EMOTIONS[emotion] for emotion in sets.of(np.array(row))] == expected

"""Measures and their intervals, against scikit-learn and against draws."""

import numpy as np
import pytest
from sklearn import metrics as sklearn

from fercore.emotions import EMOTIONS
from fercore.errors import NotFoundError
from fercore.evaluation import measures
from fercore.evaluation.confusion import CLASSES
from fercore.evaluation.intervals import clustered
from fercore.evaluation.measures import ACCURACY, BALANCED, MACRO_F1, MEASURES, RECALL, measured, value
from fercore.evaluation.significance import wilson

ORACLES = {
    ACCURACY: sklearn.accuracy_score,
    BALANCED: sklearn.balanced_accuracy_score,
    MACRO_F1: lambda true, said: sklearn.f1_score(true, said, labels=np.unique(true), average="macro", zero_division=0),
    **{
        name: lambda true, said, index=index: sklearn.recall_score(true, said, labels=[index], average=None)[0]
        for name, index in RECALL.items()
    },
}


def drawn(seed, faces=300, emotions=CLASSES):
    """True and predicted emotions, and their counts."""
    chance = np.random.default_rng(seed)
    true = chance.choice(emotions, faces, p=chance.dirichlet(np.ones(emotions)))
    said = np.where(chance.random(faces) < 0.6, true, chance.integers(0, CLASSES, faces))
    counts = np.zeros((CLASSES, CLASSES), np.int64)
    np.add.at(counts, (true, said), 1)
    return true, said, counts


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true:UserWarning")
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(("seed", "emotions"), [(1, 7), (2, 7), (3, 4), (4, 1)])
def test_as_scikit_learn_has_it(measure, seed, emotions):
    true, said, counts = drawn(seed, emotions=emotions)
    number = value(counts, measure)
    if measure in RECALL and not (true == RECALL[measure]).any():
        assert number is None
    else:
        assert number == pytest.approx(ORACLES[measure](true, said))


@pytest.mark.parametrize("measure", [MACRO_F1, BALANCED, "recall-sad", ACCURACY])
def test_the_spread_is_that_of_drawn_faces(measure):
    true, said, counts = drawn(5, 1500)
    cells = true * CLASSES + said
    chance = np.random.default_rng(0)
    values = []
    for _ in range(600):
        picked = np.bincount(cells[chance.integers(0, len(cells), len(cells))], minlength=49).reshape(7, 7)
        values.append(value(picked, measure))
    known = measures.variance(cells, measures.influence(counts, measure), np.arange(len(cells))) ** 0.5
    assert known == pytest.approx(np.std(values), rel=0.12)


@pytest.mark.parametrize("measure", MEASURES)
def test_an_influence_is_the_slope(measure):
    _, _, counts = drawn(6, 4000)
    slopes, before = measures.influence(counts, measure), value(counts, measure)
    for cell in ((0, 0), (2, 5), (6, 3)):
        more = counts.copy()
        more[cell] += 1
        change = (value(more, measure) - before) * (counts.sum() + 1)
        assert slopes[cell] == pytest.approx(change, rel=0.02, abs=0.02)


def test_an_accuracy_by_person_is_cochrans():
    true, said, counts = drawn(7)
    people = np.random.default_rng(1).integers(0, 30, 300)
    result = measured(counts, ACCURACY, true * CLASSES + said, people)
    assert (result.low, result.high) == pytest.approx(clustered(true == said, people))
    assert result.clusters == 30


@pytest.mark.parametrize("measure", [ACCURACY, "recall-happy"])
def test_shares_of_single_faces_have_wilsons_interval(measure):
    true, said, counts = drawn(8)
    result = measured(counts, measure, true * CLASSES + said, None)
    assert (result.low, result.high) == wilson(round(result.value * result.n), result.n)
    assert result.clusters is None


def test_a_recall_counts_the_people_who_show_the_emotion():
    counts = np.zeros((7, 7), np.int64)
    counts[3, 3], counts[5, 5] = 4, 2
    cells = np.array([24] * 4 + [40] * 2)
    result = measured(counts, "recall-happy", cells, np.array([0, 0, 1, 1, 2, 3]))
    assert (result.clusters, result.n) == (2, 4)
    assert (result.low, result.high) == wilson(2, 2), "all right: people count as faces"


def test_no_face_has_no_value():
    none = measured(np.zeros((7, 7), np.int64), MACRO_F1, np.empty(0, np.int64), None)
    assert (none.value, none.n, none.low, none.high) == (None, 0, 0.0, 1.0)


@pytest.mark.parametrize("measure", MEASURES)
def test_measures_are_named(measure):
    assert measures.checked_measure(measure) == measure


def test_an_unknown_measure_is_refused_with_all_names():
    with pytest.raises(NotFoundError, match="balanced-accuracy"):
        measures.checked_measure("kappa")
    assert len(MEASURES) == 3 + len(EMOTIONS)

"""Confusion matrices and scores, against scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics as reference

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.evaluation.confusion import confusion, predicted
from fercore.evaluation.metrics import accuracy, baseline, macro_f1, per_emotion, without


def draw(count, seed=0, shown=7):
    """Labels that use the first `shown` emotions, and probabilities."""
    random = np.random.default_rng(seed)
    return random.integers(0, shown, count), random.dirichlet(np.full(7, 0.4), count).astype(np.float32)


CASES = [
    pytest.param(*draw(500), id="all emotions"),
    pytest.param(*draw(60, 1, shown=3), id="four never true"),
    pytest.param(np.zeros(9, dtype=np.int64), np.eye(7, dtype=np.float32)[[0] * 9], id="one class, all right"),
    pytest.param(np.full(5, 6), np.eye(7, dtype=np.float32)[[0] * 5], id="all wrong"),
]


@pytest.mark.parametrize(("labels", "probabilities"), CASES)
def test_scores_equal_scikit_learns(labels, probabilities):
    counts = confusion(labels, probabilities)
    guesses = probabilities.argmax(axis=1)
    np.testing.assert_array_equal(counts, reference.confusion_matrix(labels, guesses, labels=range(7)))
    assert accuracy(counts) == pytest.approx(reference.accuracy_score(labels, guesses))
    expected = reference.precision_recall_fscore_support(labels, guesses, labels=range(7), zero_division=0)
    scores = per_emotion(counts)
    assert list(scores) == list(EMOTIONS)
    result = [[s.precision, s.recall, s.f1, s.n] for s in scores.values()]
    np.testing.assert_allclose(result, np.transpose(expected))
    shown = np.unique(labels)
    assert macro_f1(counts) == pytest.approx(
        reference.f1_score(labels, guesses, labels=shown, average="macro", zero_division=0)
    )


def test_no_face_at_all_is_zero_everywhere():
    counts = confusion(np.zeros(0, dtype=np.int64), np.zeros((0, 7), dtype=np.float32))
    assert (accuracy(counts), macro_f1(counts), counts.sum()) == (0.0, 0.0, 0)


def test_rows_are_true_and_columns_predicted():
    counts = confusion(np.array([2]), np.eye(7, dtype=np.float32)[[5]])
    assert counts[2, 5] == counts.sum() == 1


def test_the_first_of_equal_probabilities_wins():
    assert predicted(np.full((1, 7), 1 / 7, dtype=np.float32)).tolist() == [0]


@pytest.mark.parametrize(
    ("labels", "probabilities", "message"),
    [
        pytest.param(np.zeros(2, int), np.zeros((2, 6), np.float32), r"expected \(N, 7\)", id="six columns"),
        pytest.param(np.zeros(3, int), np.zeros((2, 7), np.float32), r"shape \(2,\) do not fit", id="lengths"),
        pytest.param(np.array([-1, 0]), np.zeros((2, 7), np.float32), "from -1 to 0", id="unlabelled"),
    ],
)
def test_what_does_not_fit_is_refused(labels, probabilities, message):
    with pytest.raises(InputError, match=message):
        confusion(labels, probabilities)


def matrix(**cells):
    """(7, 7) counts with these cells, named by true and predicted emotion as in `t3p5`."""
    counts = np.zeros((7, 7), dtype=np.int64)
    for cell, count in cells.items():
        counts[int(cell[1]), int(cell[3])] = count
    return counts


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        pytest.param(matrix(), (0, 0.0), id="no face"),
        pytest.param(matrix(t3p5=1), (3, 1.0), id="one face"),
        pytest.param(matrix(t2p0=2, t4p0=2), (2, 0.5), id="the first of equals"),
        pytest.param(matrix(t2p0=1, t4p6=3), (4, 0.75), id="the most frequent, whatever was predicted"),
    ],
)
def test_baseline(counts, expected):
    assert baseline(counts) == expected


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        pytest.param([], (0.5, 8), id="none"),
        pytest.param([3], (0.25, 4), id="one"),
        pytest.param([3, 5], (0.0, 3), id="two"),
        pytest.param(range(7), (0.0, 0), id="all"),
    ],
)
def test_without_emotions(left_out, expected):
    counts = matrix(t3p3=3, t3p1=1, t5p5=1, t0p3=3)
    assert without(counts, left_out) == expected


def test_macro_f1_leaves_out_what_never_occurs():
    assert macro_f1(matrix(t3p3=2, t5p3=2)) == pytest.approx((2 * 0.5 / 1.5 + 0) / 2)

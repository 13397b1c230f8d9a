"""Agreement of runs equals scikit-learn's kappa and statsmodels' interval on random cases, and counting one by one."""

import warnings

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

from fercore.evaluation.agreement import agreement, kappa_interval


def case(seed, runs, n, accuracy):
    """Labels and predictions of runs, half of whose mistakes are the same."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 7, n)
    shared = random.integers(0, 7, n)
    said = np.where(random.random((runs, n)) < 0.5, shared, random.integers(0, 7, (runs, n)))
    return labels, np.where(random.random((runs, n)) < accuracy, labels, said)


@pytest.mark.parametrize(
    ("seed", "runs", "n", "accuracy"),
    [(seed, 2 + seed % 5, 5 + 40 * seed, 0.1 * (seed % 10)) for seed in range(12)],
)
def test_every_pair_equals_scikit_learn_and_counting(seed, runs, n, accuracy):
    labels, said = case(seed, runs, n, accuracy)
    found = agreement(said, labels)
    for a in range(runs):
        for b in range(runs):
            same = said[a] == said[b]
            both = (said[a] != labels) & (said[b] != labels)
            assert found.kappa[a, b] == pytest.approx(cohen_kappa_score(said[a], said[b]), abs=1e-9)
            assert found.equal[a, b] == pytest.approx(same.mean(), abs=1e-12)
            assert found.equal_mistakes[a, b] == pytest.approx(same[both].mean() if both.any() else np.nan, nan_ok=True)


@pytest.mark.parametrize("seed", range(8))
def test_the_interval_equals_that_of_statsmodels(seed):
    labels, (first, second) = case(seed, 2, 300 + 100 * seed, 0.4 + 0.05 * seed)
    table = np.zeros((7, 7))
    np.add.at(table, (first, second), 1)
    low, high = kappa_interval(first, second, np.arange(len(labels)))
    expected = cohens_kappa(table)
    # Theirs divides by n, ours by n - 1.
    assert (high - low) / 2 == pytest.approx(
        1.959963985 * expected.std_kappa * (len(labels) / (len(labels) - 1)) ** 0.5, rel=1e-6
    )
    assert (high + low) / 2 == pytest.approx(expected.kappa, abs=1e-9)


def test_copies_of_a_face_say_no_more_than_one():
    _, (first, second) = case(3, 2, 200, 0.6)
    alone = kappa_interval(first, second, np.arange(200))
    copied = kappa_interval(first.repeat(5), second.repeat(5), np.arange(200).repeat(5))
    assert copied == pytest.approx(alone, abs=1e-12)
    as_if_alone = kappa_interval(first.repeat(5), second.repeat(5), np.arange(1000))
    assert as_if_alone[1] - as_if_alone[0] < 0.5 * (alone[1] - alone[0])


@pytest.mark.parametrize(
    ("first", "second", "kappa"),
    [
        pytest.param([3, 3, 3], [3, 3, 3], np.nan, id="both say one emotion alone"),
        pytest.param([3, 3, 3], [5, 5, 5], 0.0, id="each says another one alone"),
        pytest.param([3, 5, 3], [3, 5, 3], 1.0, id="the same"),
        pytest.param([3, 5], [5, 3], -1.0, id="the opposite"),
    ],
)
def test_corner_cases(first, second, kappa):
    said = np.array([first, second])
    found = agreement(said, np.array(first))
    assert found.kappa[0, 1] == pytest.approx(kappa, nan_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert cohen_kappa_score(first, second) == pytest.approx(kappa, nan_ok=True)
    assert np.isnan(found.equal_mistakes[0, 1]), "the first gets nothing wrong"
    interval = kappa_interval(said[0], said[1], np.arange(len(first)))
    assert np.isnan(interval).all() if np.isnan(kappa) else -1 <= interval[0] <= kappa <= interval[1] <= 1

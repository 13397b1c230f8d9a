"""All pairs at once as one after the other, and ranks that hold or do not."""

import numpy as np
import pytest

from fercore.evaluation.differences import difference
from fercore.evaluation.measures import ACCURACY
from fercore.evaluation.ranking import pairwise_p, stability
from fercore.evaluation.significance import mcnemar


def drawn(skills, faces=400, seed=0):
    chance = np.random.default_rng(seed)
    return chance.random((len(skills), faces)) < np.array(skills)[:, None] * chance.beta(6, 2, faces) * 4 / 3


def test_all_pairs_are_tested_as_one_by_one():
    right = drawn([0.5, 0.55, 0.7, 0.7])
    p_values = pairwise_p(right, None)
    for first in range(4):
        assert np.isnan(p_values[first, first])
        for second in range(first):
            assert p_values[first, second] == pytest.approx(mcnemar(right[first], right[second]).p_mid)
            assert p_values[first, second] == p_values[second, first]


def test_clustered_pairs_are_tested_as_one_by_one():
    right, people = drawn([0.5, 0.55, 0.7]), np.random.default_rng(1).integers(0, 25, 400)
    labels = np.zeros(400, np.int64)
    cells = np.where(right, labels * 8, labels * 7 + 1)
    p_values = pairwise_p(right, people)
    for first, second in ((0, 1), (0, 2), (1, 2)):
        known = difference(cells[[first]], cells[[second]], people, ACCURACY)
        assert p_values[first, second] == pytest.approx(known.p_value)


@pytest.mark.parametrize("clusters", [None, np.arange(400) // 8])
def test_equal_runs_do_not_differ(clusters):
    right = np.repeat(drawn([0.6]), 2, axis=0)
    assert pairwise_p(right, clusters)[0, 1] == 1.0


def test_one_cluster_shows_nothing():
    assert pairwise_p(drawn([0.2, 0.9]), np.zeros(400, int))[0, 1] == 1.0


def test_a_run_far_ahead_stays_first_and_equals_share_a_rank():
    right = np.vstack([drawn([0.9, 0.5, 0.5]), drawn([0.1], seed=4)])
    right[2] = right[1]
    first, second, third, last = stability(right, np.arange(400))
    assert (first.low, first.high, first.first) == (1, 1, 1.0)
    assert second == third and (second.low, second.high, second.first) == (2, 2, 0.0)
    assert (last.low, last.high) == (4, 4)


def test_close_runs_change_places():
    first, second = stability(drawn([0.6, 0.61], seed=2), np.arange(400))
    assert (first.low, first.high) == (second.low, second.high) == (1, 2)
    assert 0.2 < first.first < 0.98

"""The Pareto front equals looking at every pair."""

import numpy as np
import pytest

from fercore.evaluation.pareto import front


def brute(values, costs):
    known = [not (np.isnan(value) or np.isnan(cost)) for value, cost in zip(values, costs, strict=True)]
    return [
        known[i]
        and not any(
            known[j]
            and values[j] >= values[i]
            and costs[j] <= costs[i]
            and (values[j] > values[i] or costs[j] < costs[i])
            for j in range(len(values))
        )
        for i in range(len(values))
    ]


@pytest.mark.parametrize(("seed", "n", "levels"), [(seed, 1 + 7 * seed, 2 + seed % 9) for seed in range(24)])
def test_the_front_equals_looking_at_every_pair(seed, n, levels):
    """Few levels: most values and costs are shared by several."""
    random = np.random.default_rng(seed)
    values, costs = random.integers(0, levels, (2, n)) / levels
    values[random.random(n) < 0.1] = np.nan
    costs[random.random(n) < 0.1] = np.nan
    assert front(values, costs).tolist() == brute(values, costs)


@pytest.mark.parametrize(
    ("values", "costs", "expected"),
    [
        pytest.param([0.6, 0.6], [1, 1], [True, True], id="equals stand together"),
        pytest.param([0.6, 0.6], [1, 2], [True, False], id="the same value for more"),
        pytest.param([0.6, 0.5], [1, 1], [True, False], id="less for the same"),
        pytest.param([0.6, 0.7, 0.7, 0.7], [1, 2, 2, 3], [True, True, True, False], id="equals after a step"),
        pytest.param([0.6, np.nan, 0.9], [1, 0, np.nan], [True, False, False], id="unknown"),
        pytest.param([], [], [], id="none"),
    ],
)
def test_ties(values, costs, expected):
    assert front(np.array(values, float), np.array(costs, float)).tolist() == expected

"""Intervals of accuracies whose faces come from few people."""

import numpy as np
import pytest

from fercore.errors import InputError
from fercore.evaluation.intervals import clustered
from fercore.evaluation.significance import wilson


def test_many_faces_of_few_people_are_less_sure_than_as_many_people():
    people = np.repeat(np.arange(10), 20)
    right = np.repeat([True, False] * 5, 20)
    low, high = clustered(right, people)
    plain = wilson(100, 200)
    assert high - low > 3 * (plain[1] - plain[0])
    assert low < 0.5 < high


def test_faces_alone_are_nearly_as_sure_as_wilson_says():
    right = np.random.default_rng(1).random(2000) < 0.7
    low, high = clustered(right, np.arange(2000))
    assert (low, high) == pytest.approx(wilson(int(right.sum()), 2000), abs=0.002)


@pytest.mark.parametrize(
    ("right", "clusters", "expected"),
    [
        pytest.param([True] * 6, [0, 0, 1, 1, 2, 2], wilson(3, 3), id="all right: people count as faces"),
        pytest.param([False] * 4, [5, 5, 9, 9], wilson(0, 2), id="all wrong"),
        pytest.param([True, False], [1, 1], (0.0, 1.0), id="one person says nothing of others"),
    ],
)
def test_edges(right, clusters, expected):
    assert clustered(np.array(right), np.array(clusters)) == pytest.approx(expected)


def test_it_covers_the_truth_about_as_often_as_it_says():
    """People differ in how well they are read; 95 % of intervals hold the mean of all people."""
    chance, hits = np.random.default_rng(7), 0
    for _ in range(1000):
        skill = chance.beta(4, 4, 12)
        people = np.repeat(np.arange(12), 15)
        low, high = clustered(chance.random(180) < skill[people], people)
        hits += low <= 0.5 <= high
    assert 0.92 <= hits / 1000 <= 0.98


def test_shapes_must_fit():
    with pytest.raises(InputError):
        clustered(np.ones(3, bool), np.zeros(2, int))

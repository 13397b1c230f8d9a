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


# Student's t at 0.975 (two-sided 95 %) and at 0.95 (90 %), from printed tables.
T = {(0.95, 2): 4.303, (0.95, 1): 12.706, (0.95, 3): 3.182, (0.9, 2): 2.920}


@pytest.mark.parametrize(
    ("sizes", "hits", "confidence"),
    [
        pytest.param([4, 4, 4], [2, 3, 2], 0.95, id="three people"),
        pytest.param([2, 4, 6, 8], [1, 2, 4, 3], 0.95, id="of unequal sizes"),
        pytest.param([4, 4, 4], [2, 3, 2], 0.9, id="another confidence"),
        pytest.param([9, 1], [5, 0], 0.95, id="two people: cut at 0 and 1"),
        pytest.param([20, 20, 20], [20, 20, 18], 0.95, id="nearly all right: cut at 1"),
        pytest.param([20, 20, 20], [0, 0, 2], 0.95, id="nearly all wrong: cut at 0"),
    ],
)
def test_by_its_formula(sizes, hits, confidence):
    right = np.concatenate([[True] * hit + [False] * (size - hit) for size, hit in zip(sizes, hits, strict=True)])
    people = np.repeat(np.arange(len(sizes)) * 7, sizes)
    count, faces, share = len(sizes), sum(sizes), sum(hits) / sum(sizes)
    squares = sum((hit - share * size) ** 2 for size, hit in zip(sizes, hits, strict=True))
    half = T[confidence, count - 1] * (count / (count - 1) * squares) ** 0.5 / faces
    expected = (max(share - half, 0), min(share + half, 1))
    assert clustered(right, people, confidence) == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize(("right", "clusters"), [((3,), (2,)), ((2, 2), (2, 2)), ((0,), (1,))])
def test_other_shapes_do_not_fit(right, clusters):
    with pytest.raises(InputError, match="flags of shape"):
        clustered(np.ones(right, bool), np.zeros(clusters, int))

"""Balanced accuracy and its interval."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score

from fercore.evaluation.balanced_accuracy import balanced_accuracy


def test_it_is_that_of_scikit_learn():
    random = np.random.default_rng(0)
    true = random.choice([0, 2, 5], 300, p=[0.8, 0.15, 0.05])
    guess = np.where(random.random(300) < 0.6, true, random.choice([0, 2, 5], 300))
    result = balanced_accuracy(true, guess, np.arange(300))
    assert result.value == pytest.approx(balanced_accuracy_score(true, guess))
    assert result.low < result.value < result.high and (result.classes, result.faces) == (3, 300)
    assert result.chance == pytest.approx(1 / 3)
    assert result.skill == pytest.approx(balanced_accuracy_score(true, guess, adjusted=True))


def test_the_interval_holds_the_truth_where_faces_are_alike():
    """Ten faces of each person are read alike: as single faces they would promise too much."""
    held = {"people": 0, "faces": 0}
    for seed in range(200):
        random = np.random.default_rng(seed)
        person = np.repeat(np.arange(60), 10)
        true = (np.arange(60) % 2)[person]
        right = (random.random(60) < 0.7)[person]
        guess = np.where(right, true, 1 - true)
        for name, clusters in (("people", person), ("faces", np.arange(600))):
            result = balanced_accuracy(true, guess, clusters)
            held[name] += result.low <= 0.7 <= result.high
    assert held["people"] >= 180 and held["faces"] < 130


def test_nothing_and_all_right():
    true = np.array([0, 1, 0, 1])
    assert balanced_accuracy(true, true, np.arange(4)).value == 1
    blind = balanced_accuracy(true, np.zeros(4, int), np.arange(4))
    assert (blind.value, blind.skill) == (0.5, 0)

"""The gap between two sides, and the difference of two gaps."""

import numpy as np
import pytest

from fercore.errors import InputError
from fercore.evaluation.gap import TestSet as Side
from fercore.evaluation.gap import gap, gap_difference, of_emotions, shared_emotions
from fercore.evaluation.measures import ACCURACY, BALANCED


def side(right, of=100, emotion=3, clusters=None):
    """Faces of one emotion, the first of which are read rightly."""
    cells = np.where(np.arange(of) < right, emotion * 8, emotion * 7 + (emotion + 1) % 7)
    return Side(cells, np.arange(of) if clusters is None else clusters)


def test_two_proportions_as_by_hand():
    result = gap([side(70)], [side(50)], ACCURACY)
    spread = (0.7 * 0.3 / 99 + 0.5 * 0.5 / 99) ** 0.5
    assert result.value == pytest.approx(0.2)
    assert (result.low, result.high) == pytest.approx((0.2 - 1.96 * spread, 0.2 + 1.96 * spread), abs=1e-4)


def test_each_dataset_counts_alike_on_its_side():
    small, large = side(9, of=10), side(5000, of=10_000)
    assert gap([small, large], [side(50)], ACCURACY).value == pytest.approx(0.7 - 0.5)


def test_few_people_make_a_gap_less_sure():
    people = np.arange(100) // 10
    alone, alike = gap([side(70)], [side(50)], ACCURACY), gap([side(70, clusters=people)], [side(50)], ACCURACY)
    assert alike.high - alike.low > 1.5 * (alone.high - alone.low)


@pytest.mark.parametrize(
    ("western", "east_asian", "message"),
    [
        pytest.param([], [side(5)], "of Western and one of East Asian", id="no Western faces"),
        pytest.param([side(5)], [], "of Western and one of East Asian", id="no East Asian faces"),
        pytest.param([side(5)], [side(0, of=0)], "no face that counts", id="no shared emotion"),
    ],
)
def test_refusals(western, east_asian, message):
    with pytest.raises(InputError, match=message):
        gap(western, east_asian, ACCURACY)


def test_one_person_says_nothing():
    result = gap([side(70, clusters=np.zeros(100, int))], [side(50)], ACCURACY)
    assert (result.low, result.high, result.p_value) == (-1.0, 1.0, 1.0)


def test_only_emotions_that_all_sets_show_are_counted():
    both = Side(np.concatenate([side(30, 60).cells, side(10, 40, emotion=5).cells]), np.arange(100))
    happy = side(50)
    assert shared_emotions([both, happy]) == (3,)
    kept = of_emotions(both, (3,))
    assert len(kept.cells) == 60 and gap([kept], [happy], BALANCED).value == pytest.approx(0.0)


def test_a_difference_in_differences_pairs_the_faces():
    """Both runs misread the same faces: the gaps' difference is surer than two gaps of other faces would be."""
    pairs = [(side(70), side(65))], [(side(60), side(45))]
    result = gap_difference(*pairs, ACCURACY)
    assert result.value == pytest.approx((0.70 - 0.60) - (0.65 - 0.45))
    only = np.array([0.05 * 0.95, 0.15 * 0.85]) / 99  # of faces that only the first run reads
    assert result.high - result.value == pytest.approx(1.96 * only.sum() ** 0.5, abs=1e-3)


def test_equal_gaps_do_not_differ():
    result = gap_difference([(side(70), side(70))], [(side(50), side(50))], ACCURACY)
    assert (result.value, result.p_value) == (0.0, 1.0)


def test_it_errs_one_time_in_twenty():
    chance, times = np.random.default_rng(1), 2000
    errors = 0
    for _ in range(times):
        western, east_asian = (Side(np.where(chance.random(150) < 0.6, 24, 22), np.arange(150)) for _ in range(2))
        errors += gap([western], [east_asian], ACCURACY).p_value < 0.05
    assert 0.035 < errors / times < 0.07

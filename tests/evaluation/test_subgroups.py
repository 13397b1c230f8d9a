"""Groups of faces and the largest gap between them: groups too small, people, and errors of the test."""

import numpy as np
import pytest
from scipy import stats

from fercore.evaluation import subgroups
from fercore.evaluation.measures import ACCURACY, MACRO_F1
from fercore.evaluation.significance import wilson
from fercore.evaluation.subgroups import Fitness

ALONE = None


def cells(right, labels=None):
    """Cells of faces that are read rightly, or for the next emotion."""
    labels = np.arange(len(right)) % 7 if labels is None else labels
    return labels * 7 + np.where(right, labels, (labels + 1) % 7)


def gap_of(right, codes, clusters=None, measure=ACCURACY):
    given = cells(right)
    found = subgroups.groups(given, clusters, codes, measure)
    alone = np.arange(len(given)) if clusters is None else clusters
    return found, subgroups.largest_gap(given, alone, codes, measure, found)


def test_two_groups_are_a_test_of_two_proportions():
    right = np.r_[np.arange(200) < 150, np.arange(300) < 180]
    codes = np.repeat([0, 1], [200, 300])
    found, gap = gap_of(right, codes)
    assert [(group.measured.value, group.measured.n) for group in found] == [(0.75, 200), (0.6, 300)]
    assert (found[0].measured.low, found[0].measured.high) == wilson(150, 200)
    z = 0.15 / (0.75 * 0.25 / 200 + 0.6 * 0.4 / 300) ** 0.5
    assert (gap.high_code, gap.low_code, gap.value) == (0, 1, pytest.approx(0.15))
    assert gap.p_value == pytest.approx(2 * stats.norm.sf(z), rel=0.35)
    half = 1.96 * (0.75 * 0.25 / 200 + 0.6 * 0.4 / 300) ** 0.5
    assert (gap.low, gap.high) == pytest.approx((0.15 - half, 0.15 + half), abs=0.002)


@pytest.mark.parametrize(
    ("sizes", "people", "measure", "fitness", "tested"),
    [
        pytest.param((40, 29, 60), None, ACCURACY, ["fit", "few faces", "fit"], True, id="few faces"),
        pytest.param((40, 29), None, ACCURACY, ["fit", "few faces"], False, id="one group left"),
        pytest.param((60, 60), (20, 4), ACCURACY, ["fit", "few people"], False, id="few people"),
        pytest.param((70, 35), None, MACRO_F1, ["fit", "fit"], True, id="all emotions"),
        pytest.param((70, 35), None, "recall-happy", ["few faces", "few faces"], False, id="few of one emotion"),
    ],
)
def test_small_groups_are_named_and_not_tested(sizes, people, measure, fitness, tested):
    codes = np.repeat(np.arange(len(sizes)), sizes)
    clusters = None
    if people is not None:
        clusters = np.concatenate([100 * at + np.arange(n) % people[at] for at, n in enumerate(sizes)])
    found, gap = gap_of(np.arange(sum(sizes)) % 3 > 0, codes, clusters, measure)
    assert [group.fitness for group in found] == fitness and (gap is not None) == tested


def test_a_mean_over_emotions_compares_groups_of_the_same_emotions():
    labels = np.r_[np.arange(70) % 7, np.arange(70) % 6]
    codes = np.repeat([0, 1], 70)
    found = subgroups.groups(cells(np.ones(140, bool), labels), ALONE, codes, MACRO_F1)
    assert [group.fitness for group in found] == [Fitness.FIT, Fitness.LACKS_EMOTIONS]


def test_faces_whose_group_is_unknown_are_left_out():
    found, gap = gap_of(np.ones(90, bool), np.repeat([0, 1, -1], 30))
    assert [group.code for group in found] == [0, 1] and gap.p_value == 1 and gap.value == 0


@pytest.mark.parametrize(
    ("kinds", "measure", "people"),
    [(2, ACCURACY, False), (5, ACCURACY, False), (2, ACCURACY, True), (4, ACCURACY, True), (3, MACRO_F1, False)],
)
def test_equal_groups_are_seldom_told_apart(kinds, measure, people):
    errors = covered = 0
    for seed in range(200):
        chance = np.random.default_rng(seed)
        clusters = np.repeat(np.arange(120), 6) if people else None
        codes = chance.integers(0, kinds, 120)[clusters] if people else chance.integers(0, kinds, 720)
        chances = chance.beta(4, 2, 120)[clusters] if people else 2 / 3
        _, gap = gap_of(chance.random(720) < chances, codes, clusters, measure)
        errors += gap.p_value < 0.05
        covered += gap.low <= 0
    assert errors <= 18 and covered >= 182, "5 % of 200, and chance"


def test_people_not_faces_decide():
    clusters = np.repeat(np.arange(24), 50)
    right = np.repeat(np.arange(24) % 3 > 0, 50)
    codes = np.repeat(np.arange(24) % 2, 50)
    right[:200] = False
    right[50:100] = True
    _, alone = gap_of(right, codes)
    _, grouped = gap_of(right, codes, clusters)
    assert grouped.p_value > alone.p_value and grouped.high - grouped.low > alone.high - alone.low


@pytest.mark.parametrize("sign", [1, -1])
def test_a_contrast_is_inside_less_outside(sign):
    inside = np.arange(400) < 100
    right = np.where(inside, np.arange(400) % 2 > 0, np.arange(400) % 4 > 0)
    found = subgroups.contrast(cells(right), ALONE, inside if sign == 1 else ~inside, ACCURACY)
    assert found.value == pytest.approx(-0.25 * sign) and found.p_value < 0.001
    assert found.low < found.value < found.high and (found.high < 0) == (sign == 1)
    assert subgroups.contrast(cells(right), ALONE, np.arange(400) < 5, ACCURACY) is None


def test_a_group_without_a_mistake_is_not_known_for_certain():
    right = np.r_[np.ones(30, bool), np.arange(300) % 20 > 0]
    found, gap = gap_of(right, np.repeat([0, 1], [30, 300]))
    assert [group.measured.value for group in found] == [1.0, 0.95] and gap.low < 0 and gap.p_value > 0.05

"""Tests of independence and their effect size."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency
from scipy.stats.contingency import association as scipy_v

from fercore.evaluation.association import UNKNOWN, PValueOrigin, associated, cramers_v


def faces(table):
    """A table's faces as two columns of codes, in a random order."""
    cells = [(row, column) for row, counts in enumerate(table) for column, n in enumerate(counts) for _ in range(n)]
    return np.random.default_rng(0).permutation(np.array(cells, np.int64)).T


def nobody(count):
    return np.full(count, UNKNOWN)


def test_chi_squared_is_that_of_scipy():
    table = np.array([[30, 50, 20], [60, 40, 100]])
    result = associated(*faces(table), nobody(300))
    assert result.test == PValueOrigin.CHI_SQUARED and result.faces == 300
    assert result.p_value == pytest.approx(chi2_contingency(table, correction=False).pvalue)
    assert (result.strongest.first, result.strongest.second, result.strongest.observed) == (0, 1, 50)
    assert result.strongest.expected == pytest.approx(30)


def test_cramers_v_is_that_of_scipy_less_its_bias():
    table = np.array([[30, 50, 20], [60, 40, 100]])
    phi = scipy_v(table, "cramer") ** 2  # one less row is one
    rows, columns = 2 - 1 / 299, 3 - 4 / 299
    assert cramers_v(table) == pytest.approx(np.sqrt((phi - 2 / 299) / min(rows - 1, columns - 1)))
    assert cramers_v(np.array([[500, 0], [0, 500]])) == pytest.approx(1, abs=1e-3)
    assert cramers_v(np.array([[25, 25], [25, 25]])) == 0


def test_without_association_v_is_near_nothing():
    """Uncorrected, it would be about 0.35 on so few faces."""
    random = np.random.default_rng(0)
    found = [associated(*random.integers(0, 7, (2, 50)), nobody(50)).v for _ in range(50)]
    assert np.mean(found) < 0.1


@pytest.mark.parametrize(
    ("table", "below"), [([[6, 0], [0, 4]], 0.02), ([[3, 2], [2, 3]], 1.01), ([[9, 1, 0], [8, 1, 1]], 1.01)]
)
def test_small_cells_are_permuted(table, below):
    result = associated(*faces(table), nobody(np.sum(table)))
    assert result.test == PValueOrigin.FACES and 0 < result.p_value < below
    assert (result.p_value > 0.3) == (below > 1)


def test_people_are_permuted_whole():
    """A gender of two people says nothing, however many faces they have; of forty it does."""
    random = np.random.default_rng(0)
    for people, significant in ((2, False), (40, True)):
        person = np.repeat(np.arange(people), 400 // people)
        gender = person % 2
        emotion = np.where(random.random(400) < 0.3, random.integers(0, 7, 400), gender)
        result = associated(emotion, gender, person, seed=1)
        assert result.test == PValueOrigin.PEOPLE and (result.p_value < 0.05) == significant
        assert result.v > 0.6
        assert associated(gender, emotion, person, seed=1).test == PValueOrigin.PEOPLE
        assert associated(emotion, gender, nobody(400)).p_value < 1e-9


def test_people_with_habits_do_not_make_an_association():
    """Each person shows one emotion mostly: faces alone would call nearly each gender different."""
    wrong = {PValueOrigin.PEOPLE: 0, PValueOrigin.CHI_SQUARED: 0}
    for seed in range(40):
        random = np.random.default_rng(seed)
        person = np.repeat(np.arange(20), 50)
        gender = random.permutation(np.arange(20) % 2)[person]
        emotion = np.where(random.random(1000) < 0.5, random.integers(0, 3, 20)[person], random.integers(0, 3, 1000))
        for known in (person, nobody(1000)):
            result = associated(emotion, gender, known)
            wrong[result.test] += result.p_value < 0.05
    assert wrong[PValueOrigin.PEOPLE] <= 6 < 20 < wrong[PValueOrigin.CHI_SQUARED]


@pytest.mark.parametrize(("first", "second"), [([0, 0, 1], [2, 2, 2]), ([-1, -1, 1], [0, 1, 2]), ([], [])])
def test_one_value_is_no_attribute(first, second):
    assert associated(np.array(first, int), np.array(second, int), nobody(len(first))) is None


def test_unknown_values_are_left_out_and_codes_kept():
    first = np.array([2, 2, 5, 5, -1, 5] * 20)
    second = np.array([9, 9, 4, 4, 4, -1] * 20)
    result = associated(first, second, nobody(120))
    assert result.faces == 80 and result.v == pytest.approx(1, abs=0.02)
    assert {result.strongest.first, result.strongest.second} <= {2, 5, 9, 4}

"""Cells of two confusion matrices tested on the same faces, and shares and order of one."""

import numpy as np
import pytest
from sklearn import metrics as reference

from fercore.evaluation.cell_tests import cell_tests
from fercore.evaluation.confusion_shares import Shares, clustered_order, confusions, shares
from fercore.evaluation.significance import holm, mcnemar

ANGRY, DISGUST, HAPPY, SAD = 0, 1, 3, 5


def drawn(seed, faces=400):
    """Labels and two runs' predictions, which agree on most faces."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 7, faces)
    first = np.where(random.random(faces) < 0.6, labels, random.integers(0, 7, faces))
    second = np.where(random.random(faces) < 0.7, first, random.integers(0, 7, faces))
    return labels, first, second


@pytest.mark.parametrize("seed", range(8))
def test_every_cell_is_mcnemars_test_of_its_row(seed):
    labels, first, second = drawn(seed, faces=10 + 150 * seed)
    tests = cell_tests(labels, first, second)
    for row in range(7):
        here = labels == row
        for column in range(7):
            single = mcnemar(first[here] == column, second[here] == column)
            at = row, column
            assert (tests.only_first[at], tests.only_second[at]) == (single.only_first, single.only_second)
            if here.any():
                assert tests.p_mid[at] == tests.p_value[at] == pytest.approx(single.p_mid)
                assert tests.p_exact[at] == pytest.approx(single.p_exact)
                gap = (first[here] == column).mean() - (second[here] == column).mean()
                assert tests.value[at] == pytest.approx(gap)
                assert tests.low[at] <= tests.value[at] <= tests.high[at]
    np.testing.assert_allclose(tests.p_holm, holm(tests.p_mid))
    assert tests.tests == 7 * len(set(labels))


def test_the_exact_p_is_that_of_statsmodels():
    from statsmodels.stats.contingency_tables import mcnemar as statsmodels

    labels, first, second = drawn(3)
    tests = cell_tests(labels, first, second)
    only_first, only_second = tests.only_first[HAPPY, HAPPY], tests.only_second[HAPPY, HAPPY]
    expected = statsmodels([[0, only_first], [only_second, 0]], exact=True).pvalue
    assert tests.p_exact[HAPPY, HAPPY] == pytest.approx(expected)


def test_a_row_without_a_face_is_not_tested():
    tests = cell_tests(np.array([HAPPY] * 4), np.array([SAD, SAD, HAPPY, HAPPY]), np.array([HAPPY] * 4))
    assert tests.tests == 7 and np.isnan(tests.p_holm[ANGRY]).all() and tests.p_mid[HAPPY, ANGRY] == 1
    assert tests.value[HAPPY, SAD] == 0.5 and tests.only_first[HAPPY, SAD] == 2


@pytest.mark.parametrize(
    ("people", "shown"), [pytest.param(60, True, id="sixty people"), pytest.param(2, False, id="two people")]
)
def test_faces_of_few_people_show_less(people, shown):
    labels, second = np.full(60, HAPPY), np.full(60, HAPPY)
    first = np.where(np.arange(60) < 15, SAD, HAPPY)
    tests = cell_tests(labels, first, second, np.arange(60) * people // 60)
    assert tests.p_mid[HAPPY, SAD] < 0.001
    assert (tests.p_value[HAPPY, SAD] < 0.05) == shown and tests.p_value[HAPPY, SAD] >= tests.p_mid[HAPPY, SAD]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("base", "normalize"), [("counts", None), ("rows", "true"), ("columns", "pred")])
def test_shares_are_those_of_scikit_learn(seed, base, normalize):
    labels, guesses, _ = drawn(seed, faces=5 + 60 * seed)
    counts = reference.confusion_matrix(labels, guesses, labels=range(7))
    expected = reference.confusion_matrix(labels, guesses, labels=range(7), normalize=normalize)
    np.testing.assert_allclose(shares(counts, Shares(base)), expected)


def test_confused_emotions_lie_side_by_side():
    counts = np.eye(7, dtype=np.int64) * 50
    counts[ANGRY, SAD] = counts[SAD, ANGRY] = 40
    counts[DISGUST, HAPPY] = 30
    order = clustered_order(counts)
    assert sorted(order) == list(range(7))
    assert abs(order.index(ANGRY) - order.index(SAD)) == 1 and abs(order.index(DISGUST) - order.index(HAPPY)) == 1
    assert order[0] < order[-1]


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        pytest.param({}, [0, 1, 2, 3, 4, 5, 6], id="no face"),
        pytest.param({(4, 2): 3}, [2, 4, 0, 1, 3, 5, 6], id="emotions without a face come last"),
    ],
)
def test_the_order_of_few_faces(cells, order):
    counts = np.zeros((7, 7), np.int64)
    for cell, count in cells.items():
        counts[cell] = count
    assert clustered_order(counts) == order


def test_the_largest_confusions_come_first():
    counts = np.eye(7, dtype=np.int64) * 9
    counts[0, 5], counts[3, 4], counts[6, 2] = 2, 7, 2
    assert confusions(counts) == [(3, 4), (0, 5), (6, 2)]

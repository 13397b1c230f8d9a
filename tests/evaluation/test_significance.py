"""McNemar's test and Wilson's interval, against published and independently computed numbers."""

import numpy as np
import pytest
from scipy import stats

from fercore.errors import InputError
from fercore.evaluation.significance import detectable, from_accuracies, holm, mcnemar, mcnemar_p, needed_faces, wilson


def flags(both, only_first, only_second, neither=0):
    first = [True] * (both + only_first) + [False] * (only_second + neither)
    second = [True] * both + [False] * only_first + [True] * only_second + [False] * neither
    return np.array(first, dtype=bool), np.array(second, dtype=bool)


@pytest.mark.parametrize(
    ("only_first", "only_second", "p_exact", "p_mid"),
    [
        pytest.param(0, 0, 1.0, 1.0, id="no difference"),
        pytest.param(1, 9, 22 / 1024, 12 / 1024, id="exact, 2 (1 + 10) / 2^10"),
        pytest.param(12, 12, 1.0, 1.0, id="balanced"),
        # The airway example of Fagerland, Lydersen and Laake 2013: 1 against 7.
        pytest.param(1, 7, 0.0703, 0.0391, id="airway hyper-responsiveness"),
        pytest.param(6, 16, 0.0525, 0.0347, id="6 against 16"),
        # Agresti 1990: 86 against 150; the asymptotic test without correction says 3.1e-05.
        pytest.param(86, 150, 3.716e-05, 2.893e-05, id="Agresti"),
    ],
)
def test_mcnemar(only_first, only_second, p_exact, p_mid):
    result = mcnemar(*flags(30, only_first, only_second, 4))
    assert (result.only_first, result.only_second) == (only_first, only_second)
    assert result.p_exact == pytest.approx(p_exact, rel=5e-3)
    assert result.p_mid == pytest.approx(p_mid, rel=1e-2)


@pytest.mark.parametrize("seed", range(8))
def test_mcnemar_as_two_other_libraries_have_it(seed):
    from mlxtend.evaluate import mcnemar as mlxtend
    from statsmodels.stats.contingency_tables import mcnemar as statsmodels

    first, second = np.random.default_rng(seed).random((2, 300)) < [[0.6], [0.55]]
    table = [[sum(first & second), sum(first & ~second)], [sum(~first & second), sum(~first & ~second)]]
    result = mcnemar(first, second)
    assert result.p_exact == pytest.approx(statsmodels(table, exact=True).pvalue, rel=1e-9)
    assert result.p_exact == pytest.approx(mlxtend(np.array(table), exact=True)[1], rel=1e-9)
    assert result.p_mid == pytest.approx(statsmodels(table, exact=False, correction=False).pvalue, rel=0.05)


def test_the_order_of_the_runs_does_not_matter():
    first, second = flags(5, 20, 40)
    there, back = mcnemar(first, second), mcnemar(second, first)
    assert (there.p_exact, there.p_mid) == (back.p_exact, back.p_mid)
    assert there.cohen_g == pytest.approx(-back.cohen_g) == pytest.approx(-1 / 6)


def test_mcnemar_needs_the_same_faces():
    with pytest.raises(InputError, match="same faces"):
        mcnemar(np.ones(3, dtype=bool), np.ones(4, dtype=bool))


@pytest.mark.parametrize(
    ("right", "faces"),
    [pytest.param(2251, 3589, id="PublicTest"), pytest.param(0, 10, id="none"), pytest.param(213, 213, id="all")],
)
def test_wilson_by_its_formula(right, faces):
    z, share = stats.norm.ppf(0.975), right / faces
    middle = (share + z**2 / (2 * faces)) / (1 + z**2 / faces)
    half = z / (1 + z**2 / faces) * np.sqrt(share * (1 - share) / faces + z**2 / (4 * faces**2))
    assert wilson(right, faces) == pytest.approx((middle - half, middle + half), abs=1e-9)


def test_wilson_without_faces_says_nothing():
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("count", [1, 4, 25])
def test_holm_as_statsmodels_has_it(count):
    from statsmodels.stats.multitest import multipletests

    p_values = np.random.default_rng(count).beta(0.5, 3, count)
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_holm_by_hand_and_without_tests_that_were_not_made():
    # Holm 1979's steps: 4 x 0.01, then 3 x 0.02, then no less than before.
    assert holm([[0.01, np.nan], [0.04, 0.03], [0.02, np.nan]]) == pytest.approx(
        np.array([[0.04, np.nan], [0.06, 0.06], [0.06, np.nan]]), nan_ok=True
    )
    assert holm([]).tolist() == []


@pytest.mark.parametrize(
    ("difference", "share", "power", "expected"),
    [
        # Connor 1987: n = (1.96 sqrt(share) + z sqrt(share - d^2))^2 / d^2
        pytest.param(0.1, 0.3, 0.8, 234, id="ten points"),
        pytest.param(-0.1, 0.3, 0.9, 312, id="the other way, 90 %"),
        pytest.param(0.03, 0.2, 0.8, 1742, id="three points"),
        pytest.param(0.2, 0.1, 0.8, 37, id="a difference takes as many disagreements"),
        pytest.param(0.0, 0.3, 0.8, None, id="none"),
    ],
)
def test_needed_faces(difference, share, power, expected):
    assert needed_faces(difference, share, power) == expected


@pytest.mark.parametrize("faces", [213, 3589, 28709])
@pytest.mark.parametrize("share", [0.0, 0.05, 0.3])
def test_what_a_test_set_shows_is_the_other_way_round(faces, share):
    smallest = detectable(faces, share)
    assert abs(needed_faces(smallest, share) - faces) <= 1


@pytest.mark.parametrize(("faces", "share"), [(0, 0.3), (3, 0.3)])
def test_too_few_faces_show_nothing(faces, share):
    assert detectable(faces, share) is None


def test_power_is_what_it_says():
    """With the smallest difference that 800 faces show, four tests in five find it."""
    chance, share = np.random.default_rng(3), 0.25
    difference = detectable(800, share)
    shares = [(share + difference) / 2, (share - difference) / 2, 1 - share]
    counts = chance.multinomial(800, shares, 2000)
    assert 0.77 <= np.mean(mcnemar_p(counts[:, 0], counts[:, 1])[1] < 0.05) <= 0.84


def test_the_papers_accuracies_alone_decide_nothing():
    """VGG16 0.627 and Xception 0.619 on 3,589 faces: without the predictions, p lies between nothing and 0.6."""
    alone = from_accuracies(0.627, 0.619, 3589)
    assert alone.difference == pytest.approx(0.008)
    assert (alone.low, alone.high) == pytest.approx((-0.01443, 0.0304), abs=2e-4)
    assert alone.p_least < 1e-6 and alone.p_most > 0.5


@pytest.mark.parametrize(
    ("first", "second", "faces", "interval"),
    [
        # Newcombe 1998, table II: 56/70 - 48/80 and 9/10 - 3/10.
        pytest.param(56 / 70, 42 / 70, 70, (0.0478, 0.3391), id="equal groups"),
        pytest.param(0.9, 0.3, 10, (0.1705, 0.8090), id="Newcombe, (b)"),
    ],
)
def test_the_interval_of_unpaired_accuracies(first, second, faces, interval):
    alone = from_accuracies(first, second, faces)
    assert (alone.low, alone.high) == pytest.approx(interval, abs=2e-3)


@pytest.mark.parametrize(("first", "second", "faces"), [(0.5, 0.5, 0), (1.2, 0.5, 10), (0.5, -0.1, 10)])
def test_accuracies_are_shares(first, second, faces):
    with pytest.raises(InputError, match="between 0 and 1"):
        from_accuracies(first, second, faces)

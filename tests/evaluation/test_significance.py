"""McNemar's test and Wilson's interval, against published and independently computed numbers."""

import numpy as np
import pytest
from scipy import stats

from fercore.errors import InputError
from fercore.evaluation.significance import mcnemar, wilson


def flags(both, only_first, only_second, neither=0):
    first = [True] * (both + only_first) + [False] * (only_second + neither)
    second = [True] * both + [False] * only_first + [True] * only_second + [False] * neither
    return np.array(first, dtype=bool), np.array(second, dtype=bool)


@pytest.mark.parametrize(
    ("only_first", "only_second", "p_value", "method"),
    [
        pytest.param(0, 0, 1.0, "exact", id="no difference"),
        pytest.param(1, 9, 22 / 1024, "exact", id="exact, 2 (1 + 10) / 2^10"),
        pytest.param(12, 12, 1.0, "exact", id="balanced"),
        # Agresti 1990: 86 against 150, (|86 - 150| - 1)^2 / 236 = 16.82
        pytest.param(86, 150, 4.115e-05, "chi-squared", id="Agresti"),
        pytest.param(13, 13, 1.0, "chi-squared", id="balanced, many"),
    ],
)
def test_mcnemar(only_first, only_second, p_value, method):
    result = mcnemar(*flags(30, only_first, only_second, 4))
    assert (result.only_first, result.only_second, result.method) == (only_first, only_second, method)
    assert result.p_value == pytest.approx(p_value, rel=1e-3)


def test_the_order_of_the_runs_does_not_matter():
    first, second = flags(5, 20, 40)
    assert mcnemar(first, second).p_value == mcnemar(second, first).p_value


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

"""Significance: do two runs on the same faces really differ, and how sure is one accuracy?"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.errors import InputError
from fercore.language.sentences import sentence

_EXACT_BELOW: Final = 25


class McNemarMethod(StrEnum):
    """The method of the p-value of McNemar's test."""

    EXACT = "exact"
    CHI_SQUARED = "chi-squared"


@dataclass(frozen=True, slots=True)
class McNemar:
    """McNemar's test: faces that only the first run or only the second read rightly."""

    only_first: int
    only_second: int
    p_value: float
    method: McNemarMethod
    statistic: float | None  # chi-squared with one degree of freedom; None for the exact test


def mcnemar(first_right: npt.NDArray[np.bool_], second_right: npt.NDArray[np.bool_]) -> McNemar:
    """Compare two runs by (N,) flags, one per face and in the same order for both.

    McNemar 1947: exact binomial below 25 discordant faces, else chi-squared with Edwards' continuity
    correction. Dietterich 1998 finds it fit for two models that were trained once each.
    """
    if first_right.shape != second_right.shape or first_right.ndim != 1:
        raise InputError(
            sentence(
                "The runs were evaluated on {first} and {second} faces; evaluate both on the same faces.",
                first=first_right.shape,
                second=second_right.shape,
            )
        )
    only_first = int(np.count_nonzero(first_right & ~second_right))
    only_second = int(np.count_nonzero(second_right & ~first_right))
    return _test(only_first, only_second)


def _test(only_first: int, only_second: int) -> McNemar:
    from scipy import stats

    discordant = only_first + only_second
    if discordant < _EXACT_BELOW:
        p_value = stats.binomtest(only_first, discordant).pvalue if discordant else 1.0
        return McNemar(only_first, only_second, float(p_value), McNemarMethod.EXACT, None)
    statistic = max(abs(only_first - only_second) - 1, 0) ** 2 / discordant
    return McNemar(only_first, only_second, float(stats.chi2.sf(statistic, 1)), McNemarMethod.CHI_SQUARED, statistic)


def wilson(right: int, faces: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval (1927) of an accuracy; (0.0, 1.0) without a face."""
    if not faces:
        return 0.0, 1.0
    from scipy import stats

    interval = stats.binomtest(right, faces).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)

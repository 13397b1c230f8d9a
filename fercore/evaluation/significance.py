"""Significance: do two runs on the same faces really differ, how sure is an accuracy, what could a test set show?"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.errors import InputError
from fercore.language.sentences import sentence

POWER: Final = 0.8
ALPHA: Final = 0.05
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class McNemar:
    """McNemar's test: faces that only the first or only the second run reads rightly, and both p-values."""

    only_first: int
    only_second: int
    p_exact: float
    p_mid: float

    @property
    def discordant(self) -> int:
        """Faces that one run reads rightly and the other does not."""
        return self.only_first + self.only_second

    @property
    def cohen_g(self) -> float:
        """Cohen's g (1988): how far the first run's share of the discordant faces is from a half, -0.5 to 0.5."""
        return self.only_first / self.discordant - 0.5 if self.discordant else 0.0


def mcnemar(first_right: Flags, second_right: Flags) -> McNemar:
    """Compare two runs by (N,) flags, one per face and in the same order for both; `InputError` if they do not fit."""
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
    exact, middle = mcnemar_p(np.array(only_first), np.array(only_second))
    return McNemar(only_first, only_second, float(exact), float(middle))


def mcnemar_p(
    only_first: npt.NDArray[np.int64], only_second: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Exact and mid-p two-sided p-values from discordant counts of any one shape.

    The exact test doubles the smaller binomial tail; the mid-p counts the observed table by half only (Fagerland,
    Lydersen and Laake 2013, BMC Medical Research Methodology 13:91, who advise it: the exact test errs far less often
    than it says). Both are 1 where the counts are equal.
    """
    from scipy import stats

    total, fewer = only_first + only_second, np.minimum(only_first, only_second)
    tails = 2 * stats.binom.cdf(fewer, total, 0.5)
    return np.minimum(tails, 1.0), np.minimum(tails - stats.binom.pmf(fewer, total, 0.5), 1.0)


def holm(p_values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Holm's (1979) adjusted p-values in the order and shape given; NaN stands for a test that was not made."""
    given = np.asarray(p_values, np.float64)
    adjusted = np.full(given.size, np.nan)
    made = np.flatnonzero(~np.isnan(given.ravel()))
    order = made[np.argsort(given.ravel()[made], kind="stable")]
    steps = given.ravel()[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted.reshape(given.shape)


def needed_faces(difference: float, discordant_share: float, power: float = POWER, alpha: float = ALPHA) -> int | None:
    """The number of faces on which a true difference of two accuracies would be shown with that power.

    Connor 1987 (Biometrics 43, 207-211) for McNemar's test, faces independent. None without a difference.
    """
    if not difference:
        return None
    from scipy import stats

    share = max(discordant_share, abs(difference))
    error, miss = stats.norm.ppf(1 - alpha / 2), stats.norm.ppf(power)
    root = error * share**0.5 + miss * (share - difference**2) ** 0.5
    return int(np.ceil((root / difference) ** 2))


def detectable(faces: float, discordant_share: float, power: float = POWER, alpha: float = ALPHA) -> float | None:
    """The smallest true difference of two accuracies that this many faces would show with that power.

    Connor's formula as in `needed_faces`, solved for the difference; runs that differ by it disagree on that share of
    faces at least. None where no difference could be shown.
    """
    if faces <= 0:
        return None
    from scipy import optimize, stats

    error, miss = stats.norm.ppf(1 - alpha / 2), stats.norm.ppf(power)

    def surplus(difference: float) -> float:
        share = max(discordant_share, difference)
        spread = error * share**0.5 + miss * max(share - difference**2, 0.0) ** 0.5
        return float(faces**0.5 * difference - spread)

    return None if surplus(1.0) < 0 else float(optimize.brentq(surplus, 1e-12, 1.0))


def wilson(right: int, faces: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval (1927) of an accuracy; (0.0, 1.0) without a face."""
    if not faces:
        return 0.0, 1.0
    from scipy import stats

    interval = stats.binomtest(right, faces).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


@dataclass(frozen=True, slots=True)
class FromAccuracies:
    """The most that two accuracies on the same faces tell without the predictions.

    `low` and `high` bound the difference as if each accuracy were of other faces; a paired test's exact p lies
    between `p_least`, if all disagreements went one way, and `p_most`, with as many disagreements as there can be.
    """

    difference: float
    low: float
    high: float
    p_least: float
    p_most: float


def from_accuracies(first: float, second: float, faces: int) -> FromAccuracies:
    """The bounds on the difference of two accuracies (0 to 1) on the same number of faces.

    Interval: Newcombe 1998 (Statistics in Medicine 17, 873-890), method 10. The paired p is monotone in the number of
    disagreements, which the accuracies bound on both sides.
    """
    if faces <= 0 or not (0 <= first <= 1 and 0 <= second <= 1):
        raise InputError(sentence("Accuracies lie between 0 and 1, and the number of faces is positive."))
    hits = round(first * faces), round(second * faces)
    bounds = [wilson(hit, faces) for hit in hits]
    difference = first - second
    low = difference - ((first - bounds[0][0]) ** 2 + (bounds[1][1] - second) ** 2) ** 0.5
    high = difference + ((bounds[0][1] - first) ** 2 + (second - bounds[1][0]) ** 2) ** 0.5
    gap = hits[0] - hits[1]
    shared = min(faces - max(hits), min(hits))  # disagreements in both directions that the accuracies leave room for
    one_way = mcnemar_p(np.array(max(gap, 0)), np.array(max(-gap, 0)))[0]
    most = mcnemar_p(np.array(shared + max(gap, 0)), np.array(shared + max(-gap, 0)))[0]
    return FromAccuracies(difference, low, high, float(one_way), float(most))

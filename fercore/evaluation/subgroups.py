"""A measure by groups of faces, and the largest gap between groups with a test.

The gap's p-value and interval allow for having picked the largest of all pairs: they are those of the largest of all
pairs' t, drawn from the joint distribution of the groups' figures (Hothorn, Bretz and Westfall 2008, Biometrical
Journal 50, 346-363), whose covariance is summed over clusters of faces that are alike. For two groups it is a t-test.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.evaluation.confusion import CLASSES
from fercore.evaluation.measures import ACCURACY, BALANCED, LEAST_FACES, MACRO_F1, RECALL, Measured, influence, measured

Indices = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
LEAST_CLUSTERS: Final = 10
DRAWS: Final = 20_000
UNKNOWN: Final = -1


class Fitness(StrEnum):
    """The reasons for which a group is shown, but takes part in no test."""

    FIT = "fit"
    FEW_FACES = "few faces"
    FEW_CLUSTERS = "few people"
    LACKS_EMOTIONS = "lacks emotions"


@dataclass(frozen=True, slots=True)
class Group:
    """The faces of one code, and the measure on them."""

    code: int
    measured: Measured
    fitness: Fitness


@dataclass(frozen=True, slots=True)
class LargestGap:
    """The group of the highest figure, that of the lowest, and the gap between them with its interval and p-value."""

    high_code: int
    low_code: int
    value: float
    low: float
    high: float
    p_value: float


def groups(cells: Indices, clusters: Indices | None, codes: Indices, measure: str) -> list[Group]:
    """The groups of (N,) codes from 0 (`UNKNOWN`: left out) that occur, by their measure on (N,) cells.

    Clusters, or None where all faces stand alone, are (N,). A mean over emotions compares groups of the same ones only.
    """
    shown = set(np.unique(cells[codes >= 0] // CLASSES).tolist())
    return [_group(cells, clusters, codes == code, int(code), measure, shown) for code in np.unique(codes[codes >= 0])]


def _group(
    cells: Indices, clusters: Indices | None, here: npt.NDArray[np.bool_], code: int, measure: str, shown: set[int]
) -> Group:
    part = cells[here]
    counts = np.bincount(part, minlength=CLASSES**2).reshape(CLASSES, CLASSES)
    known = None if clusters is None else np.unique(clusters[here], return_inverse=True)[1]
    found = measured(counts, measure, part, known)
    fitness = Fitness.FIT
    if found.n < LEAST_FACES:
        fitness = Fitness.FEW_FACES
    elif found.clusters is not None and found.clusters < LEAST_CLUSTERS:
        fitness = Fitness.FEW_CLUSTERS
    elif measure in (MACRO_F1, BALANCED) and shown - set((part // CLASSES).tolist()):
        fitness = Fitness.LACKS_EMOTIONS
    return Group(code, found, fitness)


def largest_gap(
    cells: Indices, clusters: Indices, codes: Indices, measure: str, found: Sequence[Group], seed: int = 0
) -> LargestGap | None:
    """The largest gap among the groups that are fit for a test; None where fewer than two are."""
    fit = [group for group in found if group.fitness == Fitness.FIT and group.measured.value is not None]
    if len(fit) < 2:
        return None
    figures = np.array([group.measured.value for group in fit], np.float64)
    high, low = int(figures.argmax()), int(figures.argmin())
    if high == low:
        high, low = 0, 1
    covariance = _covariance(cells, clusters, codes, measure, fit)
    freedom = min((group.measured.clusters or group.measured.n) for group in fit) - 1
    gap = float(figures[high] - figures[low])
    half = _critical(covariance, freedom, seed) * _spread(covariance, high, low)
    return LargestGap(
        high_code=fit[high].code,
        low_code=fit[low].code,
        value=gap,
        low=gap - half,
        high=gap + half,
        p_value=_p_value(covariance, high, low, gap, freedom, seed),
    )


def contrast(
    cells: Indices, clusters: Indices | None, inside: npt.NDArray[np.bool_], measure: str
) -> LargestGap | None:
    """The faces inside less all others, with the test of two groups; None where either is too small."""
    codes = inside.astype(np.int64)
    found = groups(cells, clusters, codes, measure)
    alone = np.arange(len(cells)) if clusters is None else clusters
    gap = largest_gap(cells, alone, codes, measure, found)
    if gap is None or gap.high_code == 1:
        return gap
    return LargestGap(1, 0, -gap.value, -gap.high, -gap.low, gap.p_value)


def _covariance(cells: Indices, clusters: Indices, codes: Indices, measure: str, fit: Sequence[Group]) -> Values:
    """The (K, K) covariance of the groups' figures.

    The variance of a share is at least that of as many single faces with one more of either kind (Agresti and Caffo
    2000, The American Statistician 54, 280-288): a group without a mistake is not known for certain.
    """
    kept = np.isin(codes, [group.code for group in fit])
    slopes = np.zeros((len(cells), len(fit)))
    for at, group in enumerate(fit):
        here = codes == group.code
        counts = np.bincount(cells[here], minlength=CLASSES**2).reshape(CLASSES, CLASSES)
        slopes[here, at] = influence(counts, measure).ravel()[cells[here]] / here.sum()
    _, dense = np.unique(clusters[kept], return_inverse=True)
    covariance = _by_cluster(slopes[kept], dense)
    if measure == ACCURACY or measure in RECALL:
        for at, group in enumerate(fit):
            n = group.measured.n + 2
            share = ((group.measured.value or 0.0) * group.measured.n + 1) / n
            covariance[at, at] = max(covariance[at, at], share * (1 - share) / n)
    return covariance


def _by_cluster(slopes: Values, clusters: Indices) -> Values:
    sums = np.stack([np.bincount(clusters, weights=column) for column in slopes.T], axis=1)
    count = len(sums)
    covariance: Values = count / max(count - 1, 1) * sums.T @ sums
    return covariance


def _spread(covariance: Values, first: int, second: int) -> float:
    variance = covariance[first, first] + covariance[second, second] - 2 * covariance[first, second]
    return float(max(variance, 0.0) ** 0.5)


def _largest_t(covariance: Values, freedom: int, seed: int) -> Values:
    """(DRAWS,) draws of the largest of all pairs' |t| among groups that are equal."""
    random = np.random.default_rng(seed)
    values, vectors = np.linalg.eigh(covariance)
    drawn = random.standard_normal((DRAWS, len(values))) * np.maximum(values, 0) ** 0.5 @ vectors.T
    scale = (random.chisquare(freedom, DRAWS) / freedom) ** 0.5
    largest = np.zeros(DRAWS)
    for first, second in combinations(range(len(values)), 2):
        spread = _spread(covariance, first, second)
        if spread:
            np.maximum(largest, np.abs(drawn[:, first] - drawn[:, second]) / spread, out=largest)
    return largest / scale


def _critical(covariance: Values, freedom: int, seed: int) -> float:
    if len(covariance) == 2:
        from scipy import special

        return float(special.stdtrit(freedom, 0.975))
    return float(np.quantile(_largest_t(covariance, freedom, seed), 0.95))


def _p_value(covariance: Values, high: int, low: int, gap: float, freedom: int, seed: int) -> float:
    spread = _spread(covariance, high, low)
    if not spread:
        return float(gap == 0)
    if len(covariance) == 2:
        from scipy import special

        return 2 * float(special.stdtr(freedom, -gap / spread))
    return float((1 + (_largest_t(covariance, freedom, seed) >= gap / spread).sum()) / (DRAWS + 1))


def over_all(cells: Indices, clusters: Indices | None, measure: str) -> Measured:
    """The measure on all faces."""
    counts = np.bincount(cells, minlength=CLASSES**2).reshape(CLASSES, CLASSES)
    return measured(counts, measure, cells, clusters)

"""The accuracy gap between Western and East Asian faces: of one run, and between two runs.

Each side is the mean over its datasets, so that a large one does not drown a small one. Faces of different datasets are
independent: their variances, each by clusters of faces that are alike, add up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from fercore.errors import InputError
from fercore.evaluation.confusion import CLASSES
from fercore.evaluation.measures import influence, mean_variance, value
from fercore.language.sentences import sentence

Cells = npt.NDArray[np.int64]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TestSet:
    """One run's (N,) cells (7 · label + predicted) on one dataset, and the (N,) clusters of its faces."""

    cells: Cells
    clusters: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Gap:
    """A difference of two shares with its 95 % interval and two-sided p-value."""

    value: float
    low: float
    high: float
    p_value: float


def shared_emotions(sets: Sequence[TestSet]) -> tuple[int, ...]:
    """The emotions that faces of every test set truly show."""
    shown = [set(np.unique(each.cells // CLASSES).tolist()) for each in sets]
    return tuple(sorted(set.intersection(*shown))) if shown else ()


def of_emotions(test_set: TestSet, emotions: Sequence[int]) -> TestSet:
    """The faces of a test set that truly show one of these emotions."""
    kept = np.isin(test_set.cells // CLASSES, emotions)
    return TestSet(test_set.cells[kept], test_set.clusters[kept])


def gap(western: Sequence[TestSet], east_asian: Sequence[TestSet], measure: str) -> Gap:
    """Western minus East Asian by a measure, of one run; raises InputError where a side has no face that counts."""
    return _difference(western, east_asian, lambda each: _part(each, measure))


def gap_difference(
    western: Sequence[tuple[TestSet, TestSet]], east_asian: Sequence[tuple[TestSet, TestSet]], measure: str
) -> Gap:
    """The first run's gap minus the second's, on the same faces in the same order: a difference in differences."""

    def part(pair: tuple[TestSet, TestSet]) -> tuple[float, npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        (number, influences, clusters), (other, other_influences, _) = (_part(each, measure) for each in pair)
        return number - other, influences - other_influences, clusters

    return _difference(western, east_asian, part)


def _part(test_set: TestSet, measure: str) -> tuple[float, npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """The measure on a test set, the (N,) influences of its faces, and their clusters."""
    counts = np.bincount(test_set.cells, minlength=CLASSES**2).reshape(CLASSES, CLASSES)
    number = value(counts, measure)
    if number is None:
        raise InputError(sentence("A test set has no face that counts for this measure."))
    return number, influence(counts, measure).ravel()[test_set.cells], test_set.clusters


def _difference(
    western: Sequence[T],
    east_asian: Sequence[T],
    part: Callable[[T], tuple[float, npt.NDArray[np.float64], npt.NDArray[np.int64]]],
) -> Gap:
    if not western or not east_asian:
        raise InputError(sentence("The gap needs a test set of Western and one of East Asian faces."))
    from scipy import stats

    number, spread = 0.0, 0.0
    for sign, sets in ((1, western), (-1, east_asian)):
        for each in sets:
            share, influences, clusters = part(each)
            number += sign * share / len(sets)
            _, dense = np.unique(clusters, return_inverse=True)
            if int(dense.max()) == 0:
                return Gap(number, -1.0, 1.0, 1.0)  # one person says nothing of others
            spread += mean_variance(influences, dense) / len(sets) ** 2
    if spread == 0:
        return Gap(number, number, number, float(number == 0))
    half = float(stats.norm.ppf(0.975)) * spread**0.5
    return Gap(number, number - half, number + half, float(2 * stats.norm.sf(abs(number) / spread**0.5)))

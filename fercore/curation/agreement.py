"""Agreement of people on the same faces, beyond chance, with intervals from faces drawn again and again.

A rating is an emotion's index, `REJECTED`, or `NOBODY` where a person has not decided on a face.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS

REJECTED: Final = len(EMOTIONS)
CATEGORIES: Final = len(EMOTIONS) + 1
NOBODY: Final = -1
_RESAMPLES: Final = 400
_INTERVAL: Final = (2.5, 97.5)  # percentiles

Ints = npt.NDArray[np.int64]
Coefficient = Callable[[Ints], float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient on `faces` faces with its 95 % interval; None where it is undefined, as with one category alone."""

    faces: int
    value: float | None
    low: float | None
    high: float | None


def counts_of(ratings: Ints) -> Ints:
    """(faces, people) ratings → (faces with two ratings or more, CATEGORIES) how many people said what."""
    counts: Ints = np.stack([(ratings == category).sum(axis=1) for category in range(CATEGORIES)], axis=1)
    decided: Ints = counts[counts.sum(axis=1) >= 2]
    return decided


def observed(counts: Ints) -> float:
    """The share of agreeing pairs of people on a face, averaged over faces."""
    people = counts.sum(axis=1)
    return float(((counts * (counts - 1)).sum(axis=1) / (people * (people - 1))).mean())


def fleiss_kappa(counts: Ints) -> float:
    """Fleiss 1971; where faces have different numbers of ratings, as Gwet 2014 generalised it."""
    shares = _shares(counts)
    return _beyond(observed(counts), float((shares**2).sum()))


def gwet_ac1(counts: Ints) -> float:
    """Gwet 2008: a chance agreement that stays low where nearly all faces are of one category."""
    shares = _shares(counts)
    return _beyond(observed(counts), float((shares * (1 - shares)).sum() / (counts.shape[1] - 1)))


def krippendorff_alpha(counts: Ints) -> float:
    """Krippendorff 2011, for nominal data; nan where there is one category alone."""
    from krippendorff import alpha

    if np.count_nonzero(counts.sum(axis=0)) < 2:
        return float("nan")
    return float(alpha(value_counts=counts, level_of_measurement="nominal"))


def estimate(coefficient: Coefficient, counts: Ints, seed: int = 0) -> Estimate:
    """A coefficient of (faces, categories) counts, with the percentiles of what resampled faces give."""
    if not len(counts):
        return Estimate(0, None, None, None)
    random = np.random.default_rng(seed)
    drawn = [coefficient(counts[random.integers(0, len(counts), len(counts))]) for _ in range(_RESAMPLES)]
    return _estimate(len(counts), coefficient(counts), drawn)


def for_category(counts: Ints, category: int) -> Ints:
    """Counts of two categories: this one, and all others together."""
    return np.stack([counts[:, category], counts.sum(axis=1) - counts[:, category]], axis=1)


def cohen_kappa(ratings: Ints, other: Ints, seed: int = 0) -> Estimate:
    """Cohen 1960 for two people's ratings, (faces,) each, on the faces that both decided."""
    both = (ratings != NOBODY) & (other != NOBODY)
    faces = int(both.sum())
    if not faces:
        return Estimate(0, None, None, None)
    table = np.zeros((CATEGORIES, CATEGORIES), np.int64)
    np.add.at(table, (ratings[both], other[both]), 1)
    drawn = np.random.default_rng(seed).multinomial(faces, table.ravel() / faces, size=_RESAMPLES)
    return _estimate(faces, _kappa(table), [_kappa(cells.reshape(table.shape)) for cells in drawn])


def _kappa(table: Ints) -> float:
    """Cohen's kappa of a (categories, categories) table of what one person and the other said."""
    shares = table / table.sum()
    return _beyond(float(np.trace(shares)), float(shares.sum(axis=1) @ shares.sum(axis=0)))


def confused(ratings: Ints) -> Ints:
    """(CATEGORIES, CATEGORIES) symmetric: how many pairs of people said these two of the same face."""
    counts = counts_of(ratings)
    together = counts.T @ counts
    together[np.diag_indices(CATEGORIES)] = (counts * (counts - 1) // 2).sum(axis=0)
    return together


def _shares(counts: Ints) -> npt.NDArray[np.float64]:
    """The frequency of each category, every face counting the same."""
    shares: npt.NDArray[np.float64] = (counts / counts.sum(axis=1, keepdims=True)).mean(axis=0)
    return shares


def _beyond(agreed: float, by_chance: float) -> float:
    """The share of the agreement beyond chance that was reached; nan where chance explains all."""
    return float("nan") if by_chance >= 1 else (agreed - by_chance) / (1 - by_chance)


def _estimate(faces: int, value: float, drawn: list[float]) -> Estimate:
    usable = [value for value in drawn if np.isfinite(value)]
    if not np.isfinite(value) or not usable:
        return Estimate(faces, None, None, None)
    low, high = np.percentile(usable, _INTERVAL)
    return Estimate(faces, value, float(low), float(high))

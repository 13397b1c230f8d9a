"""Intervals of an accuracy whose faces are not independent: several of them show the same person."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercore.errors import InputError
from fercore.evaluation.significance import wilson
from fercore.language.sentences import sentence


def clustered(
    right: npt.NDArray[np.bool_], clusters: npt.NDArray[np.int64], confidence: float = 0.95
) -> tuple[float, float]:
    """The interval of the accuracy of (N,) flags whose faces belong to (N,) clusters, such as people.

    The accuracy is a ratio of cluster totals; its linearised variance (Cochran 1977, Sampling Techniques, 3rd ed.,
    section 9A) with Student's t at one less than the number of clusters. Where every cluster reads alike, that variance
    is zero, and Wilson's interval counts the clusters as faces.
    """
    if right.shape != clusters.shape or right.ndim != 1:
        raise InputError(
            sentence(
                "There are flags of shape {shape} and clusters of shape {clusters}.",
                shape=right.shape,
                clusters=clusters.shape,
            )
        )
    _, numbers = np.unique(clusters, return_inverse=True)
    sizes = np.bincount(numbers)
    count, faces = len(sizes), len(right)
    if count < 2:
        return 0.0, 1.0
    hits = np.bincount(numbers, weights=right)
    share = float(hits.sum() / faces)
    variance = count / (count - 1) * float(((hits - share * sizes) ** 2).sum()) / faces**2
    if variance == 0:
        return wilson(round(share * count), count, confidence)
    from scipy import stats  # half a second's import, which pages without intervals do not pay

    half = float(stats.t.ppf(0.5 + confidence / 2, count - 1)) * variance**0.5
    return max(share - half, 0.0), min(share + half, 1.0)


@dataclass(frozen=True)
class Interval:
    """A 95 % interval of an accuracy; `people` is their number where it was worked out by person, else None."""

    low: float
    high: float
    people: int | None = None


def by_person(right: npt.NDArray[np.bool_], subjects: Sequence[str | None]) -> Interval:
    """The interval of (N,) flags, by the person whom each face shows where any is named: their faces are alike.

    Without a flag nothing is known: from 0 to 1.
    """
    people = {subject for subject in subjects if subject}
    if not people:
        return Interval(*wilson(int(right.sum()), len(right)))
    numbers = {person: number for number, person in enumerate(sorted(people))}
    alone = iter(range(len(numbers), len(numbers) + len(subjects)))
    clusters = np.array([numbers[subject] if subject else next(alone) for subject in subjects], np.int64)
    return Interval(*clustered(right, clusters), people=len(people))

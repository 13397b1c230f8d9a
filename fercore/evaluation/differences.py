"""Differences of any measure between two trainings on the same faces, without a draw: fast enough for whole tables."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercore.evaluation.confusion import CLASSES
from fercore.evaluation.measures import influence, value

Cells = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first side's measure less the second's, with its 95 % interval and two-sided p-value; `seeds` of each."""

    value: float
    low: float
    high: float
    p_value: float
    seeds: tuple[int, int]


def difference(first: Cells, second: Cells, clusters: npt.NDArray[np.int64], measure: str) -> Difference | None:
    """The difference of two trainings, given as (S, N) and (T, N) cells (7 · label + predicted) of the same N faces.

    Variance: the clustered one of the mean difference of influences over faces (see `measures`), and that of the seeds
    on each side where it has several, less the noise that both count (a two-way analysis of variance over cluster
    totals). Student's t with Satterthwaite's degrees of freedom. None where no face counts for the measure.
    """
    sides = [_side(cells, measure) for cells in (first, second)]
    if any(side is None for side in sides):
        return None
    (values, by_face), (other_values, other_by_face) = (side for side in sides if side is not None)
    number = float(values.mean() - other_values.mean())
    parts, degrees = variances([by_face, other_by_face], [values, other_values], clusters)
    seeds = len(values), len(other_values)
    total = sum(parts)
    if total == 0 or degrees[0] == 0:
        edge = 0.0 if degrees[0] and number == 0 else 1.0
        return Difference(number, max(number - edge, -1), min(number + edge, 1), float(number == 0 or edge == 1), seeds)
    from scipy import special  # its distributions answer ten times faster than those of scipy.stats

    freedom = total**2 / sum(p**2 / d for p, d in zip(parts, degrees, strict=True) if d)
    half = float(special.stdtrit(freedom, 0.975)) * total**0.5
    p_value = 2 * float(special.stdtr(freedom, -abs(number) / total**0.5))
    return Difference(number, number - half, number + half, p_value, seeds)


def variances(
    influences: list[Values], values: list[Values], clusters: npt.NDArray[np.int64]
) -> tuple[list[float], list[int]]:
    """(parts, degrees of freedom) of the variance of a difference: of the faces, then of each side's seeds.

    `influences` are (S, N) and (T, N) centred influences of faces, `values` (S,) and (T,) the measure by seed.
    """
    _, dense = np.unique(clusters, return_inverse=True)
    count, faces = int(dense.max()) + 1, len(dense)
    sums = influences  # where each face is a cluster of its own
    if count < faces:
        sums = [np.stack([np.bincount(dense, weights=row, minlength=count) for row in side]) for side in influences]
    if count < 2:
        return [0.0, 0.0, 0.0], [0, 0, 0]
    gap = sums[0].mean(0) - sums[1].mean(0)
    parts, degrees = [count / (count - 1) * float((gap**2).sum()) / faces**2], [count - 1]
    for side, by_seed in zip(sums, values, strict=True):
        seeds = len(side)
        degrees.append(seeds - 1)
        if seeds < 2:
            parts.append(0.0)
            continue
        noise = side - side.mean(0) - side.mean(1, keepdims=True) + side.mean()
        noise_part = float((noise**2).sum()) / ((seeds - 1) * (count - 1)) * count / seeds / faces**2
        parts.append(max(float(by_seed.var(ddof=1)) / seeds - noise_part, 0.0))
    return parts, degrees


def _side(cells: Cells, measure: str) -> tuple[Values, Values] | None:
    """The measure by seed, and the (S, N) influences of the faces on it; None without a face that counts."""
    values, influences = [], []
    for row in cells:
        counts = np.bincount(row, minlength=CLASSES**2).reshape(CLASSES, CLASSES)
        number = value(counts, measure)
        if number is None:
            return None
        values.append(number)
        influences.append(influence(counts, measure).ravel()[row])
    return np.array(values), np.stack(influences)

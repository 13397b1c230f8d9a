"""Bootstrap intervals of the difference of two runs, by clusters of faces, and over faces and seeds.

Few clusters make the spread of bootstrap draws too small and a normal quantile too short: draws are spread by
sqrt(n / (n - 1)), and the interval takes the percentiles that Student's t would (Hesterberg 2015, The American
Statistician 69, 371-386, "expanded percentile").
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.errors import InputError
from fercore.evaluation.differences import variances
from fercore.language.sentences import sentence

DRAWS: Final = 4_000
_CHUNK: Final = 4_000_000  # drawn numbers at a time: 32 MB
LEAST_SEEDS: Final = 5
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BootstrapDifference:
    """A difference with its interval, two-sided p-value and degrees of freedom (units that were drawn, less one)."""

    value: float
    low: float
    high: float
    p_value: float
    freedom: float


def paired(
    values: npt.ArrayLike,
    clusters: npt.NDArray[np.int64],
    seed: int = 0,
    draws: int = DRAWS,
    confidence: float = 0.95,
) -> BootstrapDifference:
    """The mean of (N,) differences per face, such as first right minus second right, by (N,) clusters of faces.

    Whole clusters are drawn; the mean is the ratio of their totals.
    """
    sums, sizes = _by_cluster(np.asarray(values, np.float64)[None], clusters)
    count = len(sizes)
    value = float(sums.sum() / sizes.sum())
    if count < 2:
        return BootstrapDifference(value, -1.0, 1.0, 1.0, 0.0)
    drawn = np.concatenate(
        [
            totals[:, 0] / totals[:, 1]
            for totals in _drawn_totals(np.vstack([sums, sizes]), np.random.default_rng(seed), draws)
        ]
    )
    return _difference(value, _spread(drawn, value, count), count - 1, confidence)


def crossed(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    clusters: npt.NDArray[np.int64],
    seed: int = 0,
    draws: int = DRAWS,
    confidence: float = 0.95,
) -> BootstrapDifference:
    """The difference of two trainings over their seeds: (S, N) and (T, N) flags of the same N faces.

    Seeds and faces are crossed factors, and are drawn apart (Owen 2007, The Annals of Applied Statistics 1, 386-411).
    The degrees of freedom are Satterthwaite's over the parts of faces and of both trainings' seeds. Fewer than two
    seeds on a side raise `InputError`; below `LEAST_SEEDS` nothing should be claimed.
    """
    sides = [np.asarray(side, np.float64) for side in (first, second)]
    if min(len(side) for side in sides) < 2:
        raise InputError(sentence("A difference over seeds needs two seeds or more of each training."))
    sums = [_by_cluster(side, clusters)[0] for side in sides]
    sizes = _by_cluster(sides[0], clusters)[1]
    count, faces = len(sizes), float(sizes.sum())
    value = float(sums[0].mean(0).sum() - sums[1].mean(0).sum()) / faces
    if count < 2:
        return BootstrapDifference(value, -1.0, 1.0, 1.0, 0.0)
    random = np.random.default_rng(seed)
    weights = [_seed_weights(len(side), draws, random) for side in sides]
    drawn, start = np.empty(draws), 0
    for totals in _drawn_totals(np.vstack([*sums, sizes]), random, draws):
        part = slice(start, start := start + len(totals))
        by_seed = _spread(totals[:, :-1] / totals[:, -1:], np.concatenate([s.sum(1) for s in sums]) / faces, count)
        edge = len(sides[0])
        drawn[part] = (by_seed[:, :edge] * weights[0][part]).sum(1) - (by_seed[:, edge:] * weights[1][part]).sum(1)
    # Drawing seeds and faces apart counts the noise of one seed on one face three times (Owen, theorem 2): the draws
    # are brought to the variance in which it counts once.
    parts, degrees = variances([s - s.mean(1, keepdims=True) for s in sides], [s.mean(1) for s in sides], clusters)
    total = sum(parts)
    freedom = total**2 / sum(p**2 / d for p, d in zip(parts, degrees, strict=True)) if total else count - 1.0
    if total:
        drawn = value + (drawn - value) * (total / drawn.var()) ** 0.5
    return _difference(value, drawn, freedom, confidence)


def _by_cluster(values: Values, clusters: npt.NDArray[np.int64]) -> tuple[Values, Values]:
    """(S, G) sums of (S, N) values over the faces of each cluster, and the (G,) number of faces."""
    if values.shape[1:] != clusters.shape or not clusters.size:
        raise InputError(
            sentence(
                "There are flags of shape {shape} and clusters of shape {clusters}.",
                shape=values.shape[1:],
                clusters=clusters.shape,
            )
        )
    _, numbers = np.unique(clusters, return_inverse=True)
    sizes = np.bincount(numbers).astype(np.float64)
    return np.stack([np.bincount(numbers, weights=row, minlength=len(sizes)) for row in values]), sizes


def _drawn_totals(rows: Values, random: np.random.Generator, draws: int) -> list[Values]:
    """(n, R) totals of (R, G) rows over G clusters drawn with replacement, in parts that make `draws` together.

    Clusters that count alike are drawn together: single faces have three values, whatever their number.
    """
    count = rows.shape[1]
    kinds, times = np.unique(rows, axis=1, return_counts=True)
    step = max(_CHUNK // len(times), 1)
    sizes = [min(step, draws - start) for start in range(0, draws, step)]
    return [random.multinomial(count, times / count, size).astype(np.float64) @ kinds.T for size in sizes]


def _seed_weights(count: int, draws: int, random: np.random.Generator) -> Values:
    """(draws, count) shares of seeds drawn with replacement."""
    times = random.multinomial(count, np.full(count, 1 / count), draws)
    return _spread(times / count, np.full(count, 1 / count), count)


def _spread(drawn: Values, centre: Values | float, count: int) -> Values:
    """Draws whose variance is no longer (n - 1) / n of what it should be."""
    spread: Values = centre + (drawn - centre) * (count / (count - 1)) ** 0.5
    return spread


def _difference(value: float, drawn: Values, freedom: float, confidence: float) -> BootstrapDifference:
    from scipy import stats

    if drawn.min() == drawn.max():
        return BootstrapDifference(value, value, value, float(value == 0), freedom)
    edge = stats.norm.cdf(stats.t.ppf((1 - confidence) / 2, freedom))
    low, high = np.quantile(drawn, [edge, 1 - edge])
    below = (np.count_nonzero(drawn < 0) + np.count_nonzero(drawn == 0) / 2 + 0.5) / (len(drawn) + 1)
    p_value = 2 * stats.t.cdf(-abs(stats.norm.ppf(below)), freedom)
    if not (drawn.min() <= 0 <= drawn.max()):
        # No draw comes near zero: their number is no bound of the p-value, which many tests divide among them.
        p_value = min(p_value, 2 * stats.t.cdf(-abs(value) / drawn.std(), freedom))
    return BootstrapDifference(value, float(low), float(high), float(min(p_value, 1.0)), freedom)

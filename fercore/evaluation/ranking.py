"""The order of many runs on the same faces: every pair's test at once, and its stability when faces are drawn anew.

Rank stability by the bootstrap follows Wiesenfarth et al. 2021 (Scientific Reports 11, 2369), over faces in place of
test sets.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.evaluation.significance import mcnemar_p

DRAWS: Final = 1_000
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RankStability:
    """Ranks of one run over draws of faces: the middle 95 % of them, from 1, and how often it came first (0 to 1)."""

    low: int
    high: int
    first: float


def pairwise_p(right: Flags, clusters: npt.NDArray[np.int64] | None) -> npt.NDArray[np.float64]:
    """(R, R) unadjusted two-sided p-values of all pairs of (R, N) flags; NaN on the diagonal.

    McNemar's mid-p; where faces come in (N,) clusters, a t test of the linearised difference over clusters (Cochran
    1977, section 9A).
    """
    count = len(right)
    first, second = np.triu_indices(count, 1)
    p_values = np.full((count, count), np.nan)
    if clusters is None:
        flags = right.astype(np.float32)  # counts up to 2^24 are exact
        both = flags @ flags.T
        hits = flags.sum(1)
        only_first = np.rint(hits[:, None] - both).astype(np.int64)
        found = mcnemar_p(only_first[first, second], only_first[second, first])[1]
    else:
        found = _clustered_p(right, clusters, first, second)
    p_values[first, second] = p_values[second, first] = found
    return p_values


def _clustered_p(
    right: Flags, clusters: npt.NDArray[np.int64], first: npt.NDArray[np.intp], second: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64]:
    """The t tests of the pairs (first, second): sums of squares of differences from sums of products."""
    sums, sizes = totals(right, clusters)
    count = len(sizes)
    if count < 2:
        return np.ones(len(first))
    from scipy import stats

    centred = sums - right.mean(1)[:, None] * sizes
    products = centred @ centred.T
    squares = products[first, first] + products[second, second] - 2 * products[first, second]
    gaps = right.mean(1)[first] - right.mean(1)[second]
    spread = np.sqrt(np.maximum(squares, 0) * count / (count - 1)) / right.shape[1]
    ratios = np.divide(gaps, spread, out=np.where(gaps == 0, 0.0, np.inf), where=spread > 1e-12)
    p_values: npt.NDArray[np.float64] = 2 * stats.t.sf(np.abs(ratios), count - 1)
    return p_values


def stability(right: Flags, clusters: npt.NDArray[np.int64], seed: int = 0, draws: int = DRAWS) -> list[RankStability]:
    """The rank stability of each of R runs from (R, N) flags and (N,) clusters; equal runs share the better rank."""
    from scipy import stats

    sums, sizes = totals(right, clusters)
    random = np.random.default_rng(seed)
    kinds, times = np.unique(np.vstack([sums, sizes]), axis=1, return_counts=True)
    drawn = random.multinomial(len(sizes), times / len(sizes), draws).astype(np.float64) @ kinds.T
    shares = np.round(drawn[:, :-1] / drawn[:, -1:], 12)
    ranks = stats.rankdata(-shares, method="min", axis=1)
    low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="nearest")
    first = (ranks == 1).mean(0)
    return [RankStability(int(a), int(b), float(c)) for a, b, c in zip(low, high, first, strict=True)]


def totals(right: Flags, clusters: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """(R, G) right readings by cluster of (R, N) flags, and (G,) faces by cluster."""
    _, dense = np.unique(clusters, return_inverse=True)
    sizes = np.bincount(dense).astype(np.float64)
    if len(sizes) == right.shape[1]:
        return right[:, np.argsort(dense)].astype(np.float64), sizes
    return np.stack([np.bincount(dense, weights=row, minlength=len(sizes)) for row in right]), sizes

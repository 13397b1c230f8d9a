"""Curves of one emotion against the rest, and the areas under them with 95 % intervals.

The area under the ROC curve is the chance that a face of the emotion is said to show it more surely than another face
(Fawcett 2006, Pattern Recognition Letters 27, 861-874). Its variance is DeLong's (1988, Biometrics 44, 837-845), over
clusters Obuchowski's (1997, Biometrics 53, 567-578). Average precision is the sum of precisions over steps of recall;
its variance is that of its slopes by the weight of each face. Intervals lie on the logit scale, within 0 and 1.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercore.evaluation.significance import wilson

Flags = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Curve:
    """Both curves of N faces by falling threshold, (K,) each: the share of other faces that pass it, the share of the
    emotion's (recall), and the share of those that pass which show the emotion (precision).
    """

    thresholds: Values
    false_positives: Values
    recall: Values
    precision: Values


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; None where no face counts for it.

    `slopes` (N,) are the figure's slopes by the weight of each face, so scaled that the sum of squares of their totals
    by cluster is the variance.
    """

    value: float | None
    low: float = 0.0
    high: float = 1.0
    slopes: Values | None = None


def curve(true: Flags, shares: npt.ArrayLike) -> Curve:
    """Both curves of (N,) flags and probabilities, a point for each probability that occurs; needs faces of both kinds.

    Precision and recall are scikit-learn's in the opposite order, without its added end.
    """
    given = np.asarray(shares)
    order = np.argsort(-given, kind="stable")
    falling = given[order]
    ends = np.append(np.flatnonzero(np.diff(falling)), len(falling) - 1)
    hits = np.cumsum(true[order])[ends].astype(np.float64)
    passing = ends + 1.0
    others = len(true) - hits[-1]
    return Curve(falling[ends].astype(np.float64), (passing - hits) / others, hits / hits[-1], hits / passing)


def area(true: Flags, shares: npt.ArrayLike, clusters: Indices) -> Estimate:
    """The area under the ROC curve of (N,) flags and probabilities, faces in (N,) dense clusters."""
    count, rest = int(true.sum()), int((~true).sum())
    if not count or not rest:
        return Estimate(None)
    from scipy import stats

    given = np.asarray(shares)
    ranks = stats.rankdata(given)
    placed = np.empty(len(given))
    placed[true] = (ranks[true] - stats.rankdata(given[true])) / rest
    placed[~true] = 1 - (ranks[~true] - stats.rankdata(given[~true])) / count
    value = float(placed[true].mean())
    units = len(np.unique(clusters[true])), len(np.unique(clusters[~true]))
    slopes = (placed - value) / np.where(true, count, rest)
    for kind, number in zip((true, ~true), units, strict=True):
        slopes[kind] *= (number / max(number - 1, 1)) ** 0.5
    return bounded(value, slopes, clusters, min(units))


def average_precision(true: Flags, shares: npt.ArrayLike, clusters: Indices) -> Estimate:
    """The mean precision at the faces of the emotion, each with all that are said to show it as surely or more."""
    count = int(true.sum())
    if not count or count == len(true):
        return Estimate(None)
    given = np.asarray(shares)
    order = np.argsort(-given, kind="stable")
    falling, hit = given[order], true[order].astype(np.float64)
    starts = np.append(0, np.flatnonzero(np.diff(falling)) + 1)
    block = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(falling))))
    ends = np.append(starts[1:], len(falling)) - 1
    hits, passing = np.cumsum(hit)[ends], ends + 1.0
    precision = hits / passing
    value = float((precision[block] * hit).sum() / count)
    # A face of more weight counts itself, and moves the precision at each face that passes with it or after it.
    here = np.add.reduceat(hit, starts)
    of_hit = np.cumsum((here / passing)[::-1])[::-1]
    of_all = np.cumsum((here * precision / passing)[::-1])[::-1]
    moved = hit * of_hit[block] - of_all[block]
    slopes = np.empty(len(given))
    slopes[order] = (hit * (precision[block] - value) + moved) / count
    groups = len(np.unique(clusters))
    slopes *= (groups / max(groups - 1, 1)) ** 0.5
    return bounded(value, slopes, clusters, len(np.unique(clusters[true])))


def variance(slopes: Values, clusters: Indices) -> float:
    """The variance of a figure from its (N,) slopes and dense clusters."""
    return float((np.bincount(clusters, weights=slopes) ** 2).sum())


def bounded(value: float, slopes: Values, clusters: Indices, units: int) -> Estimate:
    """A figure between 0 and 1 with its interval: Student's t over `units` clusters, on the logit scale.

    At 0 or 1, or where nothing varies, the interval is Wilson's of so many faces; of one cluster nothing is known.
    """
    if units < 2:
        return Estimate(value, 0.0, 1.0, slopes)
    spread = variance(slopes, clusters) ** 0.5
    if spread == 0 or not 0 < value < 1:
        low, high = wilson(round(value * units), units)
        return Estimate(value, min(low, value), max(high, value), slopes)
    from scipy import special

    half = float(special.stdtrit(units - 1, 0.975)) * spread / (value * (1 - value))
    centre = float(special.logit(value))
    return Estimate(value, float(special.expit(centre - half)), float(special.expit(centre + half)), slopes)

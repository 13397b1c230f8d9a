"""Precision, recall and F1 of each emotion, and the areas under its curves, with 95 % intervals; two runs, tested."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.evaluation import one_versus_rest
from fercore.evaluation.confusion import CLASSES
from fercore.evaluation.intervals import clustered
from fercore.evaluation.measures import RECALL, Measured, measured
from fercore.evaluation.one_versus_rest import Estimate, Flags, Indices, Values, variance
from fercore.evaluation.significance import wilson

FIGURES: Final = ("precision", "recall", "f1", "auc", "average_precision")
_RECALLS: Final = tuple(RECALL)


@dataclass(frozen=True, slots=True)
class EmotionScores:
    """One emotion against the rest: `n` faces truly show it, `predicted` are said to; areas need probabilities."""

    n: int
    predicted: int
    precision: Estimate
    recall: Estimate
    f1: Estimate
    auc: Estimate
    average_precision: Estimate

    def figure(self, name: str) -> Estimate:
        """One of `FIGURES`."""
        found: Estimate = getattr(self, name)
        return found


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """The first run's figure less the second's, with its 95 % interval and two-sided p-value."""

    value: float
    low: float
    high: float
    p_value: float


def scores(
    labels: Indices, predicted: Indices, shares: npt.NDArray[np.float32] | None, clusters: Indices | None
) -> list[EmotionScores]:
    """The scores of the seven emotions from (N,) labels and predictions, (N, 7) probabilities (None: only words are
    known), and (N,) dense clusters (None: all faces stand alone).
    """
    alone = np.arange(len(labels)) if clusters is None else clusters
    found = []
    for emotion in range(CLASSES):
        true, said = labels == emotion, predicted == emotion
        known = shares is not None and bool(true.any())
        column = np.empty(0) if shares is None else shares[:, emotion]
        found.append(
            EmotionScores(
                n=int(true.sum()),
                predicted=int(said.sum()),
                precision=_share(predicted, labels, clusters, emotion) if true.any() else Estimate(None),
                recall=_share(labels, predicted, clusters, emotion),
                f1=_f1(true, said, clusters) if true.any() else Estimate(None),
                auc=one_versus_rest.area(true, column, alone) if known else Estimate(None),
                average_precision=one_versus_rest.average_precision(true, column, alone) if known else Estimate(None),
            )
        )
    return found


def difference(first: Estimate, second: Estimate, clusters: Indices) -> FigureDifference | None:
    """The difference of two runs' figures on the same faces in (N,) dense clusters; None where either has none."""
    if first.value is None or second.value is None or first.slopes is None or second.slopes is None:
        return None
    value = first.value - second.value
    units = len(np.unique(clusters))
    spread = variance(first.slopes - second.slopes, clusters) ** 0.5
    if units < 2:
        return FigureDifference(value, -1.0, 1.0, 1.0)
    if spread == 0:
        return FigureDifference(value, value, value, float(value == 0))
    from scipy import special

    half = float(special.stdtrit(units - 1, 0.975)) * spread
    p_value = 2 * float(special.stdtr(units - 1, -abs(value) / spread))
    return FigureDifference(value, value - half, value + half, p_value)


def _share(rows: Indices, columns: Indices, clusters: Indices | None, emotion: int) -> Estimate:
    """The share of the faces in one row that lie on the diagonal: a recall, or of the transposed matrix a precision."""
    cells = rows * CLASSES + columns
    counts = np.bincount(cells, minlength=CLASSES**2).reshape(CLASSES, CLASSES)
    share: Measured = measured(counts, _RECALLS[emotion], cells, clusters)
    if share.value is None:
        return Estimate(None)
    here = rows == emotion
    slopes = here * ((columns == emotion) - share.value) / share.n
    return Estimate(share.value, share.low, share.high, slopes * _inflation(len(rows), clusters))


def _f1(true: Flags, said: Flags, clusters: Indices | None) -> Estimate:
    """F1, which rises with the share of the faces in either set that are in both (J): F1 = 2 J / (1 + J).

    Its interval is that of J, a plain share, brought to F1 (Lam et al. 2023, arXiv 2309.14621: Wilson's, indirect).
    """
    either, both = true | said, true & said
    n, hits = int(either.sum()), int(both.sum())
    value = 2 * hits / (n + hits)
    low, high = wilson(hits, n) if clusters is None else clustered(both[either], clusters[either])
    slopes: Values = (2.0 * both - value * (true.astype(np.float64) + said)) / (n + hits)
    return Estimate(value, 2 * low / (1 + low), 2 * high / (1 + high), slopes * _inflation(len(true), clusters))


def _inflation(faces: int, clusters: Indices | None) -> float:
    count = faces if clusters is None else len(np.unique(clusters))
    return float((count / max(count - 1, 1)) ** 0.5)

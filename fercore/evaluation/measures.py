"""Measures of a model: how each follows from a confusion matrix, and how sure it is on faces that come in clusters.

Every measure is a smooth function of the shares of the 49 cells, so each face has an influence on it: the derivative
by the share of the face's cell. The variance of the measure is that of the mean influence, over clusters where faces
are alike (the delta method; for macro-F1 the formula of Takahashi et al. 2022, Applied Intelligence 52, 4961-4972).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.errors import NotFoundError
from fercore.evaluation.confusion import CLASSES, Counts
from fercore.evaluation.significance import wilson

ACCURACY: Final = "accuracy"
BALANCED: Final = "balanced-accuracy"
MACRO_F1: Final = "macro-f1"
RECALL: Final = {f"recall-{name.lower()}": index for index, name in enumerate(EMOTIONS)}
MEASURES: Final = (ACCURACY, MACRO_F1, BALANCED, *RECALL)
LEAST_FACES: Final = 30  # of fewer, a figure may be high by chance: it stands after all others, and warns of nothing
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure's value (None: no face counts for it), the faces that count, and its 95 % interval.

    `clusters` is their number where faces are alike, else None.
    """

    value: float | None
    n: int
    low: float
    high: float
    clusters: int | None = None


def checked_measure(name: str) -> str:
    """The name of a measure; raises `NotFoundError` naming all."""
    if name not in MEASURES:
        raise NotFoundError("measure", name, MEASURES)
    return name


def counted_faces(counts: Counts, measure: str) -> int:
    """The faces that a measure counts: those of its emotion for a recall, else all."""
    return int(counts[RECALL[measure]].sum() if measure in RECALL else counts.sum())


def value(counts: Counts, measure: str) -> float | None:
    """A measure of (7, 7) counts, 0 to 1; None without a face that counts.

    Macro-F1 and balanced accuracy are means over the emotions that truly occur.
    """
    if not counted_faces(counts, measure):
        return None
    hits, true, said = np.diag(counts), counts.sum(1), counts.sum(0)
    shown = true > 0
    if measure == ACCURACY:
        return float(hits.sum() / counts.sum())
    if measure == BALANCED:
        return float((hits[shown] / true[shown]).mean())
    if measure == MACRO_F1:
        return float((2 * hits[shown] / (true + said)[shown]).mean())
    index = RECALL[measure]
    return float(hits[index] / true[index])


def influence(counts: Counts, measure: str) -> Values:
    """(7, 7) influences of a face by its cell: the derivative of the measure by that cell's share, less their mean."""
    total = int(counts.sum())
    shares = counts / max(total, 1)
    hits, true, said = np.diag(shares), shares.sum(1), shares.sum(0)
    by_true = np.divide(1, true, out=np.zeros(CLASSES), where=true > 0)
    on_diagonal = np.eye(CLASSES)
    if measure == ACCURACY:
        slopes = on_diagonal
    elif measure == MACRO_F1:
        whole = np.where(true > 0, true + said, 0)
        by_whole = np.divide(1, whole, out=np.zeros(CLASSES), where=whole > 0)
        loss = 2 * hits * by_whole**2
        slopes = (2 * on_diagonal * by_whole[:, None] - loss[:, None] - loss[None, :]) / max((true > 0).sum(), 1)
    else:
        slopes = (on_diagonal - (hits * by_true)[:, None]) * by_true[:, None]
        if measure == BALANCED:
            slopes = slopes / max((true > 0).sum(), 1)
        else:
            slopes = slopes * (np.arange(CLASSES) == RECALL[measure])[:, None]
    centred: Values = slopes - (slopes * shares).sum()
    return centred


def variance(cells: npt.NDArray[np.int64], influences: Values, clusters: npt.NDArray[np.int64]) -> float:
    """The variance of a measure from the (N,) cells (7 · true + predicted) of faces in (N,) dense cluster numbers."""
    return mean_variance(influences.ravel()[cells], clusters)


def mean_variance(influences: Values, clusters: npt.NDArray[np.int64]) -> float:
    """The variance of the mean of (N,) centred influences by (N,) dense cluster numbers; 0.0 for one cluster."""
    sums = np.bincount(clusters, weights=influences)
    count = len(sums)
    return count / (count - 1) * float((sums**2).sum()) / len(influences) ** 2 if count > 1 else 0.0


def measured(
    counts: Counts, measure: str, cells: npt.NDArray[np.int64], clusters: npt.NDArray[np.int64] | None
) -> Measured:
    """A measure with its interval from (7, 7) counts, and (N,) cells and clusters of the same faces.

    Without clusters all faces are independent. Shares of independent faces (accuracy, recall) get Wilson's interval;
    all else gets Student's t over the clusters, cut at 0 and 1, and where all clusters read alike, Wilson's interval of
    as many faces as there are clusters.
    """
    number, faces = value(counts, measure), counted_faces(counts, measure)
    if number is None:
        return Measured(None, 0, 0.0, 1.0)
    if clusters is None and (measure == ACCURACY or measure in RECALL):
        return Measured(number, faces, *wilson(round(number * faces), faces))
    groups = np.arange(len(cells)) if clusters is None else clusters
    counted = groups[cells // CLASSES == RECALL[measure]] if measure in RECALL else groups
    units = len(np.unique(counted))
    known = None if clusters is None else units
    if units < 2:
        return Measured(number, faces, 0.0, 1.0, known)
    spread = variance(cells, influence(counts, measure), groups)
    if spread == 0:
        return Measured(number, faces, *wilson(round(number * units), units), known)
    from scipy import stats

    half = float(stats.t.ppf(0.975, units - 1)) * spread**0.5
    return Measured(number, faces, max(number - half, 0.0), min(number + half, 1.0), known)

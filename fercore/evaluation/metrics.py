"""Accuracy, precision, recall and F1 from a confusion matrix, by the paper's formulas.

Where a formula divides by zero (an emotion that never occurs, or is never predicted) the figure is 0.0. scikit-learn
has the same figures from labels and predictions; tables and charts have the stored counts only, and are drawn without
its import of a second. The tests compare both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.evaluation.confusion import Counts


@dataclass(frozen=True, slots=True)
class Scores:
    """One emotion against the rest."""

    precision: float  # TP / (TP + FP)
    recall: float  # TP / (TP + FN)
    f1: float  # 2 · precision · recall / (precision + recall)
    n: int  # faces that truly show it


def accuracy(counts: Counts) -> float:
    """The share of faces on the diagonal of (7, 7) counts; 0.0 without a face."""
    total = int(counts.sum())
    return int(np.trace(counts)) / total if total else 0.0


def per_emotion(counts: Counts) -> dict[str, Scores]:
    """Each emotion's scores from (7, 7) counts, in the order of `EMOTIONS`."""
    hits, true = np.diag(counts), counts.sum(axis=1)
    precision = _share(hits, counts.sum(axis=0))
    recall = _share(hits, true)
    f1 = _share(2 * precision * recall, precision + recall)
    return {
        name: Scores(float(precision[i]), float(recall[i]), float(f1[i]), int(true[i]))
        for i, name in enumerate(EMOTIONS)
    }


def macro_f1(counts: Counts) -> float:
    """The mean F1 of the emotions that truly occur; 0.0 without a face."""
    values = [scores.f1 for scores in per_emotion(counts).values() if scores.n]
    return sum(values) / len(values) if values else 0.0


def baseline(counts: Counts) -> tuple[int, float]:
    """The most frequent true emotion's index, the first of equals, and the accuracy of always naming it."""
    true = counts.sum(axis=1)
    total = int(true.sum())
    index = int(true.argmax())
    return index, int(true[index]) / total if total else 0.0


def without(counts: Counts, emotions: Sequence[int]) -> tuple[float, int]:
    """(accuracy, faces) of (7, 7) counts without the faces that truly show these emotions."""
    rows = [row for row in range(len(counts)) if row not in emotions]
    faces = int(counts[rows].sum())
    return (int(counts[rows, rows].sum()) / faces if faces else 0.0), faces


def _share(part: npt.ArrayLike, whole: npt.ArrayLike) -> npt.NDArray[np.float64]:
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    shares: npt.NDArray[np.float64] = np.zeros_like(part)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares

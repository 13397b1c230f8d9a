"""Confusion matrices over the seven emotions: rows are true, columns predicted, both in project order."""

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.errors import InputError

Counts = npt.NDArray[np.int64]
CLASSES = len(EMOTIONS)


def predicted(probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """(N, 7) probabilities → (N,) indices of the most probable emotion, the first of equals."""
    if probabilities.ndim != 2 or probabilities.shape[1] != CLASSES:
        raise InputError(f"Probabilities have shape {probabilities.shape}; expected (N, {CLASSES}).")
    best: npt.NDArray[np.int64] = probabilities.argmax(axis=1).astype(np.int64)
    return best


def confusion(labels: npt.NDArray[np.int64], probabilities: npt.NDArray[np.float32]) -> Counts:
    """(7, 7) counts from (N,) true indices and (N, 7) probabilities; `InputError` if they do not fit."""
    guesses = predicted(probabilities)
    if labels.shape != guesses.shape:
        raise InputError(f"Predictions of shape {guesses.shape} do not fit labels of shape {labels.shape}.")
    if len(labels) and not 0 <= labels.min() <= labels.max() < CLASSES:
        raise InputError(
            f"Labels run from {labels.min()} to {labels.max()}; expected 0 to {CLASSES - 1}, "
            "so unlabelled faces must be left out."
        )
    cells = np.bincount(labels * CLASSES + guesses, minlength=CLASSES * CLASSES)
    return cells.reshape(CLASSES, CLASSES).astype(np.int64)


def row_shares(counts: Counts) -> npt.NDArray[np.float64]:
    """(7, 7) shares of each true emotion's faces; a row without a face is all 0.0."""
    totals = counts.sum(axis=1, keepdims=True)
    shares: npt.NDArray[np.float64] = np.zeros(counts.shape)
    np.divide(counts, totals, out=shares, where=totals > 0)
    return shares

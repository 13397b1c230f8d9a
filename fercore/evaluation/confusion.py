"""Confusion matrices over the seven emotions: rows are true, columns predicted, both in project order."""

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.language.sentences import sentence

Counts = npt.NDArray[np.int64]
CLASSES = len(EMOTIONS)


def predicted(probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """(N, 7) probabilities → (N,) indices of the most probable emotion, the first of equals."""
    if probabilities.ndim != 2 or probabilities.shape[1] != CLASSES:
        raise InputError(
            sentence(
                "Probabilities have shape {shape}; expected (N, {classes}).", shape=probabilities.shape, classes=CLASSES
            )
        )
    best: npt.NDArray[np.int64] = probabilities.argmax(axis=1).astype(np.int64)
    return best


def confusion(labels: npt.NDArray[np.int64], probabilities: npt.NDArray[np.float32]) -> Counts:
    """(7, 7) counts from (N,) true indices and (N, 7) probabilities; `InputError` if they do not fit."""
    guesses = predicted(probabilities)
    if labels.shape != guesses.shape:
        raise InputError(
            sentence(
                "Predictions of shape {shape} do not fit labels of shape {labels}.",
                shape=guesses.shape,
                labels=labels.shape,
            )
        )
    if len(labels) and not 0 <= labels.min() <= labels.max() < CLASSES:
        raise InputError(
            sentence(
                "Labels run from {lowest} to {highest}; expected 0 to {last}, so unlabelled faces must be left out.",
                lowest=labels.min(),
                highest=labels.max(),
                last=CLASSES - 1,
            )
        )
    if not len(labels):
        return np.zeros((CLASSES, CLASSES), np.int64)
    from sklearn.metrics import confusion_matrix  # a second's import, for evaluations only

    counted: Counts = confusion_matrix(labels, guesses, labels=range(CLASSES)).astype(np.int64)
    return counted

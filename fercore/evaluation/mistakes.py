"""Faces that all runs get wrong, and that only one gets right."""

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS

Rows = npt.NDArray[np.intp]


def all_wrong(right: npt.NDArray[np.bool_]) -> Rows:
    """The faces of (R, N) flags that every run gets wrong."""
    return np.flatnonzero(~right.any(axis=0))


def one_right(right: npt.NDArray[np.bool_]) -> tuple[Rows, Rows]:
    """The faces of (R, N) flags that exactly one run gets right, and the row of that run for each."""
    faces = np.flatnonzero(right.sum(axis=0) == 1)
    return faces, right[:, faces].argmax(axis=0) if len(right) else faces


def most_said(predicted: npt.NDArray[np.int64], labels: npt.NDArray[np.int64]) -> tuple[Rows, npt.NDArray[np.int64]]:
    """The wrong emotion that most of (R, N) predictions name for each face (the first of equals), and how many do."""
    counts = np.stack([(predicted == emotion).sum(axis=0) for emotion in range(len(EMOTIONS))])
    counts[labels, np.arange(len(labels))] = -1
    emotions = counts.argmax(axis=0)
    return emotions, np.maximum(counts[emotions, np.arange(len(labels))], 0)

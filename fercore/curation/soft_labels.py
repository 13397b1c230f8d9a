"""Votes on frozen faces as targets to learn."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fercore.curation.snapshots import SnapshotRow
from fercore.emotions import EMOTIONS


def shares(rows: Sequence[SnapshotRow]) -> npt.NDArray[np.float32] | None:
    """(N, 7) shares of each emotion among a face's votes, the label's alone where all agreed; None if all did."""
    if all(row.votes is None for row in rows):
        return None
    distribution = np.zeros((len(rows), len(EMOTIONS)), np.float32)
    for number, row in enumerate(rows):
        if row.votes is None:
            distribution[number, row.label] = 1
        else:
            distribution[number] = np.frombuffer(row.votes, np.uint8)
    distribution /= distribution.sum(axis=1, keepdims=True)
    return distribution

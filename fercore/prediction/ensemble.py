"""An ensemble: several models' answers to the same faces as one."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def mean(readings: Sequence[npt.NDArray[np.floating]]) -> npt.NDArray[np.float32]:
    """The mean of the models' probabilities, each (N, 7), every model counting the same: (N, 7), rows sum to 1."""
    return np.asarray(np.mean(np.stack(readings), axis=0, dtype=np.float64), np.float32)

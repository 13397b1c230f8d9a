"""Weights of emotions in the loss, so that rare emotions are not ignored."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS


def class_weights(counts: Sequence[int]) -> dict[str, float]:
    """The paper's weights, `round(max(count) / count[c], 2)`, by emotion.

    `counts` has seven numbers in the order of `EMOTIONS`. An emotion without a face gets no weight:
    no face could use it, and a division by zero is no number.
    """
    most = max(counts, default=0)
    return {name: round(most / count, 2) for name, count in zip(EMOTIONS, counts, strict=True) if count > 0}


def equal_weights(counts: Sequence[int]) -> dict[str, float]:
    """1.0 for every emotion that has a face."""
    return {name: 1.0 for name, count in zip(EMOTIONS, counts, strict=True) if count > 0}


def clipped(weights: dict[str, float], most: float | None) -> dict[str, float]:
    """None of them above `most`, so that a handful of faces does not outweigh all others."""
    return weights if most is None else {name: min(weight, most) for name, weight in weights.items()}


def as_array(weights: dict[str, float]) -> npt.NDArray[np.float32]:
    """Weights as (7,) float32 in the order of `EMOTIONS`; 1.0 where there is none."""
    return np.array([weights.get(name, 1.0) for name in EMOTIONS], dtype=np.float32)

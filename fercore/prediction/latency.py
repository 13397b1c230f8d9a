"""Latency of a model on this machine: one face as Predict reads it, and many at once."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from fercore.prediction.predictor import Predictor
from fercore.training.models.backbones import FACE_PX

MANY: Final = 256
REPEATS: Final = 30
_WARM: Final = 3
_MANY_REPEATS: Final = 5


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds for one face (median and quartiles of `repeats` calls), and for each of `MANY` at once (median)."""

    one_ms: float
    one_low: float
    one_high: float
    many_ms: float
    repeats: int


def measure(predictor: Predictor, heard: Callable[[int, int], None] = lambda done, total: None) -> Latency:
    """Time a model on faces of noise, which take as long as real ones; the first calls, which compile, do not count.

    One face is padded to the smallest batch that a predictor compiles, as it is in Predict.
    """
    faces = np.random.default_rng(0).integers(0, 256, (MANY, FACE_PX, FACE_PX), np.uint8)
    total = 2 * _WARM + REPEATS + _MANY_REPEATS
    done = 0

    def timed(count: int) -> float:
        nonlocal done
        began = time.perf_counter()
        predictor.probabilities(faces[:count])
        seconds = time.perf_counter() - began
        done += 1
        heard(done, total)
        return seconds * 1000

    for _ in range(_WARM):
        timed(1)
    one = [timed(1) for _ in range(REPEATS)]
    for _ in range(_WARM):
        timed(MANY)
    many = [timed(MANY) / MANY for _ in range(_MANY_REPEATS)]
    low, middle, high = statistics.quantiles(one, n=4)
    return Latency(middle, low, high, statistics.median(many), REPEATS)

"""A few steps of a training, measured: what one costs in time and memory on this machine."""

import statistics
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import keras
import numpy as np

from fercore.emotions import EMOTIONS
from fercore.errors import Cancelled
from fercore.training.backbones import FACE_PX
from fercore.training.data import Faces
from fercore.training.memory import held_mb
from fercore.training.plan import Plan
from fercore.training.progress import Hooks
from fercore.training.trainer import train

STEPS: Final = 12


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of a step (median) and of the first one, in which the network is built; memory after it."""

    step_seconds: float
    first_seconds: float
    memory_mb: float | None
    steps_per_epoch: int

    def as_dict(self) -> dict[str, float | int | None]:
        """Plain values."""
        return asdict(self)


def probe(plan: Plan, count: int, folder: Path) -> Measured:
    """Train a few steps on `count` faces of noise, which takes as long as on real ones, and keep nothing.

    The plan's weights are left out: what they hold does not change a step's time.
    """
    # Noise, not one gray face: equal faces never part, so that no slice could be held out.
    pixels = np.random.default_rng(0).integers(0, 256, (count, FACE_PX, FACE_PX), np.uint8)
    faces = Faces(pixels, np.arange(count) % len(EMOTIONS))
    marks: list[tuple[int, float]] = []
    totals: list[int] = []
    began = time.perf_counter()

    def on_batch(done: int, total: int) -> None:
        marks.append((done, time.perf_counter()))
        totals.append(total)

    hooks = Hooks(on_batch=on_batch, stopped=lambda: len(marks) > STEPS)
    with suppress(Cancelled):
        train(replace(plan, weights="none", epochs=STEPS), faces, None, folder, hooks)
    pairs = pairwise(marks)
    each = [(later - earlier) / (b - a) for (a, earlier), (b, later) in pairs if b > a]
    first = marks[0][1] - began
    return Measured(statistics.median(each or [first]), first, held_mb(keras.config.backend()), totals[0])

"""A few steps of a training, measured: what one costs in time and memory on this machine."""

import statistics
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import keras
import numpy as np

from fercore.emotions import EMOTIONS
from fercore.errors import Cancelled
from fercore.training.data.faces import TrainingFaces
from fercore.training.hardware.memory import held_mb
from fercore.training.loop.config import TrainingConfig
from fercore.training.loop.events import Hooks
from fercore.training.loop.trainer import train
from fercore.training.models.backbones import FACE_PX
from fercore.training.models.pretrained import InitialWeights

STEPS: Final = 12


@dataclass(frozen=True, slots=True)
class StepMeasurement:
    """Seconds of a step (median) and until the end of the first one, in which the network is built; memory after it.

    `whole_seconds` is the median of whole epochs but for the first; None where the steps did not reach over one.
    """

    step_seconds: float
    first_seconds: float
    memory_mb: float | None
    steps_per_epoch: int
    whole_seconds: float | None = None

    def as_dict(self) -> dict[str, float | int | None]:
        """Plain values."""
        return asdict(self)


def measure(plan: TrainingConfig, count: int, folder: Path) -> StepMeasurement:
    """Train a few steps on `count` faces of noise, which takes as long as on real ones, and keep nothing.

    The plan's weights are left out: what they hold does not change a step's time.
    """
    # Noise, not one gray face: equal faces never part, so that no slice could be held out.
    pixels = np.random.default_rng(0).integers(0, 256, (count, FACE_PX, FACE_PX), np.uint8)
    faces = TrainingFaces(pixels, np.arange(count) % len(EMOTIONS))
    marks: list[tuple[int, float]] = []
    totals: list[int] = []
    began = time.perf_counter()

    def on_batch(done: int, total: int) -> None:
        marks.append((done, time.perf_counter()))
        totals.append(total)

    hooks = Hooks(on_batch=on_batch, stopped=lambda: len(marks) > STEPS)
    with suppress(Cancelled):
        train(replace(plan, weights=InitialWeights.NONE, epochs=STEPS), faces, None, folder, hooks)
    return measured(marks, totals[0], began, held_mb(keras.config.backend()))


def measured(marks: Sequence[tuple[int, float]], steps: int, began: float, memory_mb: float | None) -> StepMeasurement:
    """From the moments at which batches ended, as (batches of the epoch so far, seconds), and `steps` of an epoch.

    Where an epoch has one step, what lies between two steps is a whole epoch.
    """
    within = [(later - earlier) / (b - a) for (a, earlier), (b, later) in pairwise(marks) if b > a]
    ends = [moment for done, moment in marks if done == steps]
    wholes = [later - earlier for earlier, later in pairwise(ends)]
    first = marks[0][1] - began
    whole = statistics.median(wholes) if wholes else None
    step = statistics.median(within) if within else (first if whole is None else whole / steps)
    return StepMeasurement(step, first, memory_mb, steps, whole)

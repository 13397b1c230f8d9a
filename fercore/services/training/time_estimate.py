"""Times of trainings on this installation, learned from the epochs that it has seen."""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from fercore.services.training.run_details import RunView
from fercore.splits import Split


@dataclass(frozen=True)
class TrainingTime:
    """Seconds that a training takes once (loading, building, compiling), and seconds of each of its epochs."""

    start: float
    epoch: float

    def of(self, epochs: int) -> float:
        """Seconds of a whole training with so many epochs."""
        return self.start + self.epoch * epochs


@dataclass(frozen=True)
class TimeEstimates:
    """Seconds of the start, and of an epoch for each training face, by backbone and recipe, and by backbone alone."""

    exact: dict[tuple[str, str], TrainingTime] = field(default_factory=dict)
    alike: dict[str, TrainingTime] = field(default_factory=dict)

    @classmethod
    def of(cls, views: Iterable[RunView]) -> "TimeEstimates":
        """From runs with their epochs; the latest run of a kind counts, and the median of its epochs."""
        exact: dict[tuple[str, str], TrainingTime] = {}
        alike: dict[str, TrainingTime] = {}
        for view in sorted(views, key=lambda other: other.run.id):
            faces = _faces(view)
            if view.epochs and faces:
                each = median(epoch.seconds - (epoch.compile_seconds or 0.0) for epoch in view.epochs)
                seen = TrainingTime(_start(view), each / faces)
                exact[view.run.backbone, view.run.recipe["name"]] = alike[view.run.backbone] = seen
        return cls(exact, alike)

    def time(self, backbone: str, recipe: str, faces: int) -> TrainingTime | None:
        """The time of a training on so many faces; None where nothing like it was trained here."""
        seen = self.exact.get((backbone, recipe), self.alike.get(backbone))
        return None if seen is None else TrainingTime(seen.start, seen.epoch * faces)

    def seconds_left(self, view: RunView) -> float | None:
        """The seconds left of a run that waits or runs, if it uses all of its epochs."""
        time = self.time(view.run.backbone, view.run.recipe["name"], _faces(view))
        if time is None:
            return None
        left = max(view.run.epochs - len(view.epochs), 0)
        return time.epoch * left if view.epochs else time.of(left)


def _faces(view: RunView) -> int:
    return sum(view.snapshot.counts[Split.TRAIN].values())


def _start(view: RunView) -> float:
    """Seconds before the first epoch and beside all of them, and those of the first one's compilation.

    A run that was resumed knows the beginning of its last part alone: there, the compilation is what is known.
    """
    compiled = view.epochs[0].compile_seconds or 0.0
    run = view.run
    if run.started_at is None or run.ended_at is None:
        return compiled
    beside = (run.ended_at - run.started_at).total_seconds() - sum(epoch.seconds for epoch in view.epochs)
    return compiled + max(beside, 0.0)


def seconds_until_all_done(each: Sequence[float], beside: int) -> float:
    """When the last of these trainings ends, if so many run beside each other and start in this order."""
    free = [0.0] * max(beside, 1)
    for seconds in each:
        heapq.heapreplace(free, free[0] + seconds)
    return max(free)

"""How long trainings take on this installation, learned from the epochs that it has seen."""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from fercore.services.viewing import RunView


@dataclass(frozen=True)
class Pace:
    """Seconds an epoch takes for each training face, by backbone and recipe, and by backbone alone."""

    exact: dict[tuple[str, str], float] = field(default_factory=dict)
    alike: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, views: Iterable[RunView]) -> "Pace":
        """From runs with their epochs; the latest run of a kind counts, and the median of its epochs."""
        exact: dict[tuple[str, str], float] = {}
        alike: dict[str, float] = {}
        for view in sorted(views, key=lambda one: one.run.id):
            faces = sum(view.snapshot.counts["train"].values())
            if view.epochs and faces:
                seconds = sorted(epoch.seconds for epoch in view.epochs)[(len(view.epochs) - 1) // 2]
                exact[view.run.backbone, view.run.recipe["name"]] = seconds / faces
                alike[view.run.backbone] = seconds / faces
        return cls(exact, alike)

    def seconds_an_epoch(self, backbone: str, recipe: str, faces: int) -> float | None:
        """What an epoch over so many faces will take; None where nothing like it was trained here."""
        rate = self.exact.get((backbone, recipe), self.alike.get(backbone))
        return None if rate is None else rate * faces

    def seconds_left(self, view: RunView) -> float | None:
        """What is left of a run that waits or runs, if it uses all of its epochs."""
        faces = sum(view.snapshot.counts["train"].values())
        each = self.seconds_an_epoch(view.run.backbone, view.run.recipe["name"], faces)
        return None if each is None else each * max(view.run.epochs - len(view.epochs), 0)


def seconds_until_all_done(each: Sequence[float], beside: int) -> float:
    """When the last of these trainings ends, if so many run beside each other and start in this order."""
    free = [0.0] * max(beside, 1)
    for seconds in each:
        heapq.heapreplace(free, free[0] + seconds)
    return max(free)

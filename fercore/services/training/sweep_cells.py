"""Cells of a sweep: as they are asked for, and as they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from fercore.services.training.run_details import RunView
from fercore.services.training.summaries import SweepSummary
from fercore.statuses import Status
from fercore.training.models.pretrained import InitialWeights


@dataclass(frozen=True)
class SweepCell:
    """One training of a grid."""

    backbone: str
    recipe: str
    snapshot: str
    seed: int

    def __str__(self) -> str:
        return f"{self.backbone} · {self.recipe} · {self.snapshot} · {self.seed}"


@dataclass(frozen=True)
class Grid:
    """The axes of a sweep, and what all of its cells share; `evaluate` lists (dataset, split)."""

    snapshots: Sequence[str]
    backbones: Sequence[str]
    recipes: Sequence[str]
    seeds: Sequence[int] = (0,)
    weights: str = InitialWeights.IMAGENET
    epochs: int | None = None
    evaluate: Sequence[tuple[str, str]] = ()

    @property
    def cells(self) -> list[SweepCell]:
        """Every combination, backbones slowest."""
        axes = product(self.backbones, self.recipes, self.snapshots, self.seeds)
        return list(dict.fromkeys(SweepCell(backbone, recipe, name, seed) for backbone, recipe, name, seed in axes))


@dataclass(frozen=True)
class CellView:
    """A cell with its run (None: deleted) and, once it was evaluated, its accuracy by (dataset, split)."""

    cell: SweepCell
    run: RunView | None
    accuracies: dict[tuple[str, str], float]

    @property
    def status(self) -> str:
        """As its run's; `gone` where that was deleted."""
        return self.run.status if self.run else "gone"

    @property
    def validated(self) -> float | None:
        """The validation accuracy of the reported epoch, or of the last so far."""
        if self.run is None or not self.run.epochs:
            return None
        by_number = {epoch.number: epoch for epoch in self.run.epochs}
        return by_number.get(self.run.run.reported_epoch or 0, self.run.epochs[-1]).val_accuracy


@dataclass(frozen=True)
class SweepView:
    """A sweep as it is shown; `seconds_left` is None until there is an epoch to judge by, 0 when nothing is left.

    `evaluating` are the runs for which a job of its own evaluates.
    """

    sweep: SweepSummary
    cells: list[CellView]
    seconds_left: float | None
    evaluating: frozenset[int] = frozenset()

    @property
    def is_active(self) -> bool:
        """True if a cell waits or runs."""
        return any(cell.run is not None and cell.run.is_active for cell in self.cells)

    @property
    def is_busy(self) -> bool:
        """True if a cell waits or runs, or is evaluated."""
        return self.is_active or bool(self.evaluating)

    @property
    def places(self) -> list[tuple[str, str]]:
        """The places where its runs are evaluated, as (dataset, split)."""
        return [(dataset, split) for dataset, split in self.sweep.plan["evaluate"]]

    @property
    def unevaluated(self) -> list[int]:
        """Trained runs that were not evaluated everywhere, though nothing is under way."""
        ended = [cell for cell in self.cells if cell.run and cell.status == Status.DONE and not cell.run.is_active]
        rest = [cell.run.run.id for cell in ended if cell.run and not set(self.places) <= set(cell.accuracies)]
        return [run for run in rest if run not in self.evaluating]

    @property
    def done(self) -> int:
        """The number of trained cells."""
        return self.count(Status.DONE)

    @property
    def stopped(self) -> int:
        """The number of cells that did not come to their end."""
        return self.count(Status.FAILED, Status.LOST, Status.CANCELLED)

    def count(self, *statuses: str) -> int:
        """The number of cells in one of these states."""
        return sum(cell.status in statuses for cell in self.cells)

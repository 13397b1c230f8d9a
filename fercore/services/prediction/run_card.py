"""A run's card beside its predictions: made of what, tested on what, its gap between Western and East Asian faces."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from fercore.evaluation.gap import Gap
from fercore.evaluation.measures import ACCURACY, Measured
from fercore.services.comparison import figures, gap, stored_evaluations
from fercore.services.comparison.gap import GapChoice
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.prediction import model_files
from fercore.splits import Split
from fercore.store import Store
from fercore.store.training import runs


@dataclass(frozen=True)
class PlaceAccuracy:
    """The accuracy of a run on faces that it did not learn, with its 95 % interval.

    `chosen_on` is true where the run chose its epoch on them, so that the figure flatters it.
    """

    dataset: str
    split: str
    faces: int
    accuracy: float
    low: float
    high: float
    chosen_on: bool


@dataclass(frozen=True)
class PopulationGap:
    """Accuracy on Western faces less that on East Asian ones, measured on one split of these datasets."""

    gap: Gap
    split: str
    western: tuple[str, ...]
    east_asian: tuple[str, ...]


@dataclass(frozen=True)
class RunCard:
    """A run with the hash of what it learned, and what is known of how it does; None where no gap was measured."""

    run: int
    backbone: str
    recipe: str
    seed: int
    start: str
    epoch: int | None
    trained_by: str | None
    snapshot: str
    snapshot_hash: str
    faces: int
    trained_on: tuple[str, ...]
    tested_on: tuple[PlaceAccuracy, ...]
    gap: PopulationGap | None


def of_run(store: Store, run_id: int) -> RunCard:
    """The card of a run that has a model; raises NotFoundError, InputError."""
    with store.database.reading() as session:
        run = runs.get(session, run_id)
        model_files.check_trained(run)
        snapshot = runs.snapshot(session, run_id)
    views = [view for view in stored_evaluations.listed(store, run_id) if view.n and not view.is_training_accuracy]
    views.sort(key=lambda view: (view.split != Split.TEST, view.dataset))
    measured = figures.of_each(store, views)
    return RunCard(
        run=run_id,
        backbone=run.backbone,
        recipe=run.recipe["name"],
        seed=run.seed,
        start=PurePath(run.weights).name,  # of a file: its folder is nobody's business
        epoch=run.reported_epoch,
        trained_by=(run.record or {}).get("backend"),
        snapshot=snapshot.name,
        snapshot_hash=snapshot.hash,
        faces=snapshot.faces,
        trained_on=tuple(snapshot.datasets),
        tested_on=tuple(_tested(view, measured[view.id].all[ACCURACY]) for view in views),
        gap=_gap(store, run_id, views),
    )


def _tested(view: EvaluationView, accuracy: Measured) -> PlaceAccuracy:
    return PlaceAccuracy(view.dataset, view.split, view.n, view.accuracy, accuracy.low, accuracy.high, view.chosen_on)


def _gap(store: Store, run_id: int, views: Sequence[EvaluationView]) -> PopulationGap | None:
    """On test faces, or on validation faces where no test set shows both; on the emotions that all sets show."""
    for split in (Split.TEST, Split.VALIDATION):
        there = [view for view in views if view.split == split]
        if found := gap.of_run(store, run_id, there, GapChoice(split, shared_only=True)):
            return PopulationGap(found.gap, split, found.western, found.east_asian)
    return None


def as_json(card: RunCard) -> dict[str, Any]:
    """The card as programs read it."""
    measured = card.gap and {
        "western_minus_east_asian": round(card.gap.gap.value, 4),
        "interval": [round(card.gap.gap.low, 4), round(card.gap.gap.high, 4)],
        "split": card.gap.split,
        "western": list(card.gap.western),
        "east_asian": list(card.gap.east_asian),
    }
    return {
        "run": card.run,
        "backbone": card.backbone,
        "recipe": card.recipe,
        "start": card.start,
        "seed": card.seed,
        "epoch": card.epoch,
        "trained_by": card.trained_by,
        "snapshot": {"name": card.snapshot, "hash": card.snapshot_hash, "faces": card.faces},
        "trained_on": list(card.trained_on),
        "tested_on": [_tested_json(each) for each in card.tested_on],
        "gap": measured,
    }


def _tested_json(each: PlaceAccuracy) -> dict[str, Any]:
    return {
        "dataset": each.dataset,
        "split": each.split,
        "faces": each.faces,
        "accuracy": round(each.accuracy, 4),
        "interval": [round(each.low, 4), round(each.high, 4)],
        "chosen_on": each.chosen_on,
    }

"""The part of an evaluation's run in its own faces: what it, and the runs that it continues, learned and chose on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fercore.emotions import EMOTIONS
from fercore.services.comparison.training_key import filled_recipe
from fercore.splits import Split
from fercore.store.tables import Run, Snapshot
from fercore.store.training.lineage import Link

if TYPE_CHECKING:
    from fercore.services.comparison.stored_evaluations import EvaluationView


def with_earlier(view: "EvaluationView", earlier: Sequence[Link]) -> "EvaluationView":
    """An evaluation with what the runs before its own learned and chose on."""
    if not earlier:
        return view
    datasets = [*view.trained_on, *(name for _, snapshot in earlier for name in snapshot.datasets)]
    counts = [view.learned, *(snapshot.counts[Split.TRAIN] for _, snapshot in earlier)]
    return replace(
        view,
        trained_on=tuple(dict.fromkeys(datasets)),
        learned={name: max(each.get(name, 0) for each in counts) for name in EMOTIONS},
        chosen_on=view.chosen_on or any(chosen_on(view.split, view.dataset, *link) for link in earlier),
        continues=tuple(run.id for run, _ in earlier),
    )


def chosen_on(split: str, dataset: str, run: Run, snapshot: Snapshot | None) -> bool:
    """True if a run's recipe chose by the validation faces of its snapshot, and these are such."""
    if snapshot is None:
        return False
    knobs = filled_recipe(run.recipe)
    chooses = knobs.get("reported") == "best" or knobs.get("patience") is not None
    is_validation = split == Split.VALIDATION and dataset in {*snapshot.datasets, *snapshot.validation_from}
    return is_validation and chooses and knobs.get("validate_on") != "training slice"

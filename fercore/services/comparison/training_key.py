"""Keys of equal trainings: backbone, snapshot, recipe, weights and epochs."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from fercore.errors import StoredDataError
from fercore.store.tables import Run, Snapshot
from fercore.training.models.pretrained import InitialWeights
from fercore.training.recipes.validation import stored_recipe


@dataclass(frozen=True)
class TrainingKey:
    """The key that runs share which may be averaged: everything but the seed.

    Of a model from elsewhere, `backbone` is the name it was given, and all else is unknown but its number.
    """

    backbone: str
    snapshot_hash: str
    recipe_hash: str
    weights: str
    epochs: int
    foreign_run: int | None = None

    @property
    def is_foreign(self) -> bool:
        """True for a model from elsewhere, whose training is unknown."""
        return self.foreign_run is not None


def training_of(run: Run, snapshot: Snapshot | None) -> TrainingKey:
    """The key that a run shares with those that differ in their seed alone; a model from elsewhere has its own."""
    if snapshot is None:
        return TrainingKey(run.elsewhere or "", "", "", "", 0, run.id)
    return TrainingKey(run.backbone, snapshot.hash, recipe_hash(run.recipe), weights_of(run), run.epochs)


def recipe_hash(recipe: dict[str, Any]) -> str:
    """SHA-256 in hex over what a stored recipe sets, whatever its name."""
    content = {name: value for name, value in filled_recipe(recipe).items() if name != "name"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def filled_recipe(recipe: dict[str, Any]) -> dict[str, Any]:
    """A stored recipe with the defaults of settings that are younger than it; as it is where it cannot be read."""
    try:
        return stored_recipe(recipe).model_dump(mode="json")
    except StoredDataError:
        return recipe


def weights_of(run: Run) -> str:
    """The start of a run: `none`, `imagenet`, or the hash of its file; the file's path for older runs."""
    digest = ((run.record or {}).get("weights") or {}).get("sha256")
    return run.weights if run.weights in tuple(InitialWeights) or not digest else f"sha256:{digest}"

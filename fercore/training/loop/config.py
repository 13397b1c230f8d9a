"""The plan of a training: known before a backend is loaded."""

from dataclasses import dataclass
from typing import Final

from fercore.training.models.backbones import Backbone
from fercore.training.models.pretrained import InitialWeights, Weights
from fercore.training.recipes.recipe import Recipe

MAX_SEED: Final = 2**31 - 1  # what a whole number of the database holds


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """The plan of a training."""

    backbone: Backbone
    recipe: Recipe
    weights: Weights = InitialWeights.IMAGENET
    seed: int = 0
    epochs: int | None = None  # None: as many as the recipe says
    accumulate: int = 1  # cut each batch into so many parts, to need less memory for the same training
    all_devices: bool = False  # each takes its share of every batch
    start: str = ""  # the name of a weights file that lies elsewhere on another machine; else its path says what it is
    dynamics: bool = True  # keep what each epoch's steps thought of each face; not with several devices

    @property
    def total_epochs(self) -> int:
        """The number of epochs at most."""
        return self.recipe.epochs if self.epochs is None else self.epochs

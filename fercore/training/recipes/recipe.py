"""A recipe: everything about a training but the data and the backbone.

`PAPER` is Lee & Song's protocol (IJASEIT 2024), `MODERN` is what fercore proposes instead.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fercore.errors import NotFoundError

Precision = Literal["auto", "float32", "bfloat16", "float16"]
MAX_EPOCHS: Final = 10_000
MAX_RATE: Final = 100.0
MAX_BATCH: Final = 65_536
# Strict: YAML's `epochs: yes` is no 1. Finite: JSON, as runs are stored, has neither infinity nor "not a number".
_KNOBS: Final = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


# Names that knobs had before: files and stored runs with them are read as before, for one release.
FORMER_NAMES: Final = {"watches": "validate_on", "watch_share": "validation_share"}


def present_names(knobs: Mapping[str, Any]) -> dict[str, Any]:
    """Knobs under today's names; a knob that is there under both keeps its former one, which is refused."""
    return {
        new if (new := FORMER_NAMES.get(name)) is not None and new not in knobs else name: value
        for name, value in knobs.items()
    }


class Augmentation(BaseModel):
    """Bounds of a training face's warp; each number is drawn uniformly, anew in every epoch.

    The ranges mean what they mean in Keras' ImageDataGenerator; pixels from outside repeat the nearest edge.
    """

    model_config = _KNOBS

    zoom: float = Field(default=0.0, ge=0, lt=1, description="each axis by a factor in [1 - zoom, 1 + zoom]")
    shear_degrees: float = Field(default=0.0, ge=0, lt=90)
    rotation_degrees: float = Field(default=0.0, ge=0, le=180)
    shift: float = Field(default=0.0, ge=0, lt=1, description="share of the height and of the width")
    flip: bool = Field(default=False, description="flip each face with probability 0.5")
    interpolation: Literal["linear", "cubic"] = Field(
        default="linear",
        description="between pixels; linear, as in Keras' generator, takes half of a small face's fine detail, "
        "which the faces that are read later have; cubic leaves most of it",
    )


class Recipe(BaseModel):
    """Every knob of a training; the defaults are the paper's."""

    model_config = _KNOBS

    name: str = Field(min_length=1)
    epochs: int = Field(default=30, ge=1, le=MAX_EPOCHS)

    optimizer: Literal["adam", "adamw", "sgd"] = "adam"
    learning_rate: float = Field(default=1e-5, gt=0, le=MAX_RATE)
    learning_rate_scratch: float | None = Field(
        default=None, gt=0, le=MAX_RATE, description="used instead when no pre-trained weights are loaded"
    )
    learning_rate_plain: float | None = Field(
        default=None,
        gt=0,
        le=MAX_RATE,
        description="used instead for random weights in a backbone without batch normalisation "
        "(VGG16), which diverges at higher rates",
    )
    momentum: float = Field(default=0.9, ge=0, lt=1, description="Nesterov's, sgd only")
    weight_decay: float = Field(default=0.0, ge=0, le=10, description="decoupled from the gradient; adamw and sgd only")
    schedule: Literal["constant", "cosine"] = "constant"
    warmup_epochs: float = Field(default=0.0, ge=0, le=MAX_EPOCHS, description="cosine only: linear rise from zero")

    batch_size: int = Field(default=64, ge=1, le=MAX_BATCH)
    small_batch_size: int = Field(default=10, ge=1, le=MAX_BATCH)
    small_below: int = Field(
        default=5_000, ge=0, le=10**9, description="training sets with fewer faces use the small batch"
    )

    preprocessing: Literal["rescale", "backbone"] = Field(
        default="rescale", description="1/255, or the scaling of the backbone's ImageNet weights"
    )
    input_px: int | None = Field(
        default=None,
        ge=32,
        le=512,
        description="side to which the device resizes each face, if the backbone's own "
        "is not larger; None: the backbone's own",
    )
    augmentation: Augmentation = Augmentation()
    mixup: float = Field(
        default=0.0,
        ge=0,
        le=100,
        description="alpha of Zhang et al. 2018: blends each batch with itself in another order by a share from "
        "Beta(alpha, alpha); 0 blends nothing",
    )
    label_smoothing: float = Field(default=0.0, ge=0, lt=1)
    class_weights: bool = True
    class_weight_clip: float | None = Field(default=None, ge=1, le=1e6, description="no class weight above this")

    soft_labels: bool = Field(
        default=False, description="where people disagree, learn vote shares instead of the label"
    )

    face_weights: bool = Field(
        default=False,
        description="multiply each face's part in the loss by the weight that the snapshot froze, on average 1; "
        "faces of weight 0 are left out",
    )

    dense_units: int = Field(default=256, ge=1, le=65_536)
    dropout: float = Field(default=0.3, ge=0, lt=1)
    batch_norm_momentum: float | Literal["fit"] | None = Field(
        default=None, description="None keeps Keras' own, 'fit' derives it from the steps of an epoch"
    )

    depthwise_start: Literal["keras", "he"] = Field(
        default="keras",
        description="random weights of depthwise kernels: Keras' Glorot counts all channels as inputs of each "
        "and starts them far too small; 'he' (He et al. 2015) counts the one that it has",
    )

    residual_start: Literal["keras", "zero"] = Field(
        default="keras",
        description="random weights of residual blocks: 'zero' starts each as if it were not there, by a last "
        "batch normalisation of zero gain (Goyal et al. 2017), so that a deep network learns from its first steps",
    )

    average: float | Literal["fit"] | None = Field(
        default=None,
        description="decay of the moving average of the weights that is validated and reported in place of the weights "
        "themselves; 'fit' averages over about an epoch",
    )
    flip_at_test: bool = Field(
        default=False,
        description="the model that is validated and reported averages over each face and its mirror image",
    )

    precision: Precision = Field(
        default="float32", description="of the arithmetic; weights stay float32. 'auto' takes the fastest the card has"
    )
    steps_per_execution: int = Field(default=1, ge=1, le=10_000, description="training steps per compiled call")

    validate_on: Literal["validation", "training slice"] = "validation"
    validation_share: float = Field(default=0.1, gt=0, lt=1, description="of the training faces, for the slice")
    patience: int | None = Field(
        default=10, ge=1, le=MAX_EPOCHS, description="stop after so many epochs without a better validation accuracy"
    )
    reported: Literal["last", "best"] = "last"

    @model_validator(mode="before")
    @classmethod
    def _under_present_names(cls, knobs: Any) -> Any:
        return present_names(knobs) if isinstance(knobs, dict) else knobs

    @model_validator(mode="after")
    def _shares_are_shares(self) -> "Recipe":
        for name in ("batch_norm_momentum", "average"):
            share = getattr(self, name)
            if isinstance(share, float) and not 0 <= share < 1:
                raise ValueError(f"{name} is {share:g}: give a number from 0 to below 1, 'fit' or nothing.")
        return self

    def batch_for(self, faces: int) -> int:
        """The batch size for so many training faces.

        The paper took 10 where it trained on CK+ or KFE alone (902 and 2,324 faces) and 64 elsewhere.
        """
        return self.small_batch_size if faces < self.small_below else self.batch_size

    def rate_for(self, pretrained: bool, normalised: bool = True) -> float:
        """The (peak) learning rate, with or without pre-trained weights and batch normalisation."""
        if pretrained:
            return self.learning_rate
        plain = None if normalised else self.learning_rate_plain
        return plain or self.learning_rate_scratch or self.learning_rate

    def momentum_for(self, steps_per_epoch: int) -> float | None:
        """The momentum of batch normalisation's moving statistics, or None for Keras' own.

        'fit' lets the statistics forget within a tenth of an epoch, so that a short training does not
        predict with the statistics it began with, and never averages fewer than about 5 batches.
        """
        if self.batch_norm_momentum != "fit":
            return self.batch_norm_momentum
        return min(max(1 - 10 / max(steps_per_epoch, 1), 0.8), 0.99)

    def average_for(self, steps_per_epoch: int) -> float | None:
        """The decay of the weights' moving average, or None where none is kept."""
        if self.average != "fit":
            return self.average
        return min(max(1 - 1 / max(steps_per_epoch, 1), 0.9), 0.9999)


PAPER: Final = Recipe(
    name="paper",
    augmentation=Augmentation(zoom=0.3, shear_degrees=0.3, rotation_degrees=20, shift=0.2),
)

MODERN: Final = Recipe(
    name="modern",
    epochs=30,
    optimizer="adamw",
    learning_rate=3e-4,
    learning_rate_scratch=3e-3,
    learning_rate_plain=3e-4,
    weight_decay=0.02,
    schedule="cosine",
    warmup_epochs=0.5,
    batch_size=32,
    small_batch_size=32,
    preprocessing="backbone",
    input_px=64,
    augmentation=Augmentation(
        zoom=0.1, shear_degrees=5, rotation_degrees=10, shift=0.08, flip=True, interpolation="cubic"
    ),
    label_smoothing=0.1,
    class_weights=False,
    batch_norm_momentum="fit",
    depthwise_start="he",
    residual_start="zero",
    precision="auto",
    validate_on="training slice",
    patience=None,
    reported="best",
)

RECIPES: Final[dict[str, Recipe]] = {recipe.name: recipe for recipe in (PAPER, MODERN)}


def recipe(name: str) -> Recipe:
    """The built-in recipe of that name; raises `NotFoundError` listing the known ones."""
    try:
        return RECIPES[name]
    except KeyError:
        raise NotFoundError("recipe", name, list(RECIPES)) from None

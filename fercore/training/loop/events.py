"""Events of a training: its messages while it runs, its questions, and its result."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from fercore.training.recipes.recipe import Recipe


class EpochMetrics(BaseModel):
    """One epoch's figures. Accuracies are shares; the loss is the weighted one that is minimised.

    `watch_loss` and `watch_accuracy` are the former names of what was found on the validation faces.
    """

    model_config = ConfigDict(frozen=True)

    number: int  # from 1
    loss: float
    accuracy: float
    val_loss: float | None = Field(validation_alias=AliasChoices("val_loss", "watch_loss"))
    val_accuracy: float | None = Field(validation_alias=AliasChoices("val_accuracy", "watch_accuracy"))
    learning_rate: float  # at the end of the epoch
    seconds: float
    recalls: list[float | None] | None = None  # of the validation faces, by emotion; None where it has no face
    compile_seconds: float | None = None  # part of `seconds`, in the first epoch of a process only
    memory_mb: float | None = None  # the device's peak, or what the process holds where no device tells
    device_use: float | None = None  # share of the GPU, or of all CPU cores, that was busy


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """The result of a training."""

    params_total: int
    params_trainable: int
    class_weights: dict[str, float]
    history: list[EpochMetrics]
    reported_epoch: int | None  # None when nothing was trained
    model_path: Path | None
    macs: int  # of one face through the reported model


def _ignore_history(_history: list[EpochMetrics]) -> None:
    return None


def _ignore_epoch(_epoch: EpochMetrics) -> None:
    return None


def _ignore_batch(_done: int, _total: int) -> None:
    return None


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Hooks:
    """Hooks through which a training speaks; every one has a silent default.

    `on_batch(done, total)` counts the batches of the running epoch; `stopped()` is asked after each;
    `on_begin(history)` names the epochs behind it, none for a new training.
    """

    on_epoch: Callable[[EpochMetrics], None] = _ignore_epoch
    on_batch: Callable[[int, int], None] = _ignore_batch
    stopped: Callable[[], bool] = _never
    on_begin: Callable[[list[EpochMetrics]], None] = _ignore_history


def reported_epoch(history: list[EpochMetrics], recipe: Recipe) -> int | None:
    """The epoch whose model counts: the last, or the first of the best validated (last if none is)."""
    if not history:
        return None
    if recipe.reported == "last" or history[-1].val_accuracy is None:
        return history[-1].number
    return max(history, key=lambda epoch: (epoch.val_accuracy or 0.0, -epoch.number)).number


def should_stop(history: list[EpochMetrics], patience: int | None) -> bool:
    """True if the validation accuracy has not risen for `patience` epochs; False when there is none."""
    if patience is None or not history or history[-1].val_accuracy is None:
        return False
    best = max(history, key=lambda epoch: (epoch.val_accuracy or 0.0, -epoch.number))
    return history[-1].number - best.number >= patience

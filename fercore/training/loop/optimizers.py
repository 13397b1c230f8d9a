"""The optimizer and the learning rate's course over a training."""

import math
from dataclasses import dataclass
from typing import Any

import keras

from fercore.training.recipes.recipe import Recipe


@dataclass(frozen=True, slots=True)
class StepSchedule:
    """The steps of a training: `steps` batches an epoch, of which `parts` in a row make one change of the weights."""

    steps: int
    epochs: int
    parts: int = 1


def optimizer_for(recipe: Recipe, rate: float, pace: StepSchedule) -> keras.optimizers.Optimizer:
    """A keras Optimizer with this peak rate.

    The schedule, the gathered gradients and the averaged weights are part of its saved state.
    """
    options: dict[str, Any] = {
        "learning_rate": learning_rate(recipe, rate, pace.steps, pace.epochs),
        "gradient_accumulation_steps": pace.parts if pace.parts > 1 else None,
    }
    decay = recipe.average_for(max(pace.steps // pace.parts, 1))
    if decay is not None:
        # Keras averages after each batch, also where it only gathers gradients.
        options |= {"use_ema": True, "ema_momentum": decay ** (1 / pace.parts)}
    if recipe.optimizer == "adam":
        return keras.optimizers.Adam(**options)
    if recipe.optimizer == "sgd":
        decoupled = recipe.weight_decay or None
        return keras.optimizers.SGD(momentum=recipe.momentum, nesterov=True, weight_decay=decoupled, **options)
    return keras.optimizers.AdamW(weight_decay=recipe.weight_decay, **options)


def learning_rate(
    recipe: Recipe, peak: float, steps: int, epochs: int
) -> "float | keras.optimizers.schedules.LearningRateSchedule":
    """The peak itself, or a linear rise to it and half a cosine down to zero (Loshchilov & Hutter 2017).

    Keras' schedules count batches, also those that only gather gradients; so does `steps`.
    """
    if recipe.schedule == "constant":
        return peak
    total = max(steps * epochs, 1)
    return WarmCosine(peak, min(round(steps * recipe.warmup_epochs), total // 2), total)


@keras.saving.register_keras_serializable(package="fercore")
class WarmCosine(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]  # Keras ships no types
    """A linear rise over `warmup` steps to `peak` and half a cosine down to zero at step `total`.

    In one expression: Keras evaluates a schedule anew for each weight that decays, and its own schedule
    branches, which made a third of the wait for a training's first step.
    """

    def __init__(self, peak: float, warmup: int, total: int) -> None:
        super().__init__()
        self._config = {"peak": peak, "warmup": warmup, "total": total}

    def __call__(self, step: Any) -> Any:
        """The rate of a step, a number or a tensor."""
        peak, warmup, total = self._config.values()
        step = keras.ops.cast(step, "float32")
        fallen = keras.ops.cos(math.pi * keras.ops.clip((step - warmup) / (total - warmup), 0.0, 1.0))
        risen = keras.ops.minimum(step / warmup, 1.0) if warmup else 1.0
        return 0.5 * peak * risen * (1.0 + fallen)

    def get_config(self) -> dict[str, float | int]:
        """The constructor's arguments."""
        return dict(self._config)


def carry_over(old: keras.Model, new: keras.Model) -> None:
    """Give `new` the weights and the optimizer's state of `old`, whose steps were cut into other parts."""
    new.set_weights(old.get_weights())
    new.optimizer.build(new.trainable_variables)
    states = {variable.path: variable for variable in old.optimizer.variables}
    for variable in new.optimizer.variables:
        if variable.path in states and not variable.path.endswith("gradient_accumulator"):
            variable.assign(states[variable.path])
    before, after = _inner(old.optimizer), _inner(new.optimizer)
    after._iterations.assign(before.iterations * (after.gradient_accumulation_steps or 1))


def _inner(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """The optimizer itself, where one that scales the loss is around it."""
    return getattr(optimizer, "inner_optimizer", optimizer)

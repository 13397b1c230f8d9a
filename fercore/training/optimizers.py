"""The optimizer and the learning rate's course over a training."""

from dataclasses import dataclass
from typing import Any

import keras

from fercore.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Pace:
    """How a training counts: `steps` batches an epoch, of which `parts` in a row make one change of the weights."""

    steps: int
    epochs: int
    parts: int = 1


def optimizer_for(recipe: Recipe, pretrained: bool, pace: Pace) -> keras.optimizers.Optimizer:
    """A keras Optimizer; the schedule, the gathered gradients and the averaged weights are part of its saved state."""
    options: dict[str, Any] = {
        "learning_rate": learning_rate(recipe, recipe.rate_for(pretrained), pace.steps, pace.epochs),
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
    warmup = min(round(steps * recipe.warmup_epochs), total // 2)
    if not warmup:
        return keras.optimizers.schedules.CosineDecay(peak, total)
    return keras.optimizers.schedules.CosineDecay(0.0, total - warmup, warmup_target=peak, warmup_steps=warmup)


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

"""The optimizer and the learning rate's course over a training."""

import keras

from fercore.training.recipe import Recipe


def optimizer_for(recipe: Recipe, pretrained: bool, steps: int, epochs: int) -> keras.optimizers.Optimizer:
    """A keras Optimizer for so many steps an epoch; the schedule is part of its saved state."""
    rate = learning_rate(recipe, recipe.rate_for(pretrained), steps, epochs)
    if recipe.optimizer == "adam":
        return keras.optimizers.Adam(rate)
    return keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay)


def learning_rate(
    recipe: Recipe, peak: float, steps: int, epochs: int
) -> "float | keras.optimizers.schedules.LearningRateSchedule":
    """The peak itself, or a linear rise to it and half a cosine down to zero (Loshchilov & Hutter 2017)."""
    if recipe.schedule == "constant":
        return peak
    total = max(steps * epochs, 1)
    warmup = min(round(steps * recipe.warmup_epochs), total // 2)
    if not warmup:
        return keras.optimizers.schedules.CosineDecay(peak, total)
    return keras.optimizers.schedules.CosineDecay(0.0, total - warmup, warmup_target=peak, warmup_steps=warmup)

"""Optimizers: how they count where a batch is cut into parts, and what they average."""

import keras
import numpy as np
import pytest

from fercore.training.data.batches import parts_per_step, steps_per_epoch
from fercore.training.recipes.recipe import MODERN, PAPER


@pytest.mark.parametrize(
    ("faces", "batch", "wanted", "expected"),
    [
        pytest.param(28_709, 64, 2, 2, id="as asked"),
        pytest.param(9, 4, 4, 3, id="no part is empty"),
        pytest.param(1, 64, 8, 1, id="one face"),
    ],
)
def test_parts_of_a_batch(faces, batch, wanted, expected):
    assert parts_per_step(faces, steps_per_epoch(faces, batch), wanted) == expected


def test_the_papers_optimizer_is_adam_at_a_hundred_thousandth():
    import keras

    from fercore.training.loop.optimizers import StepSchedule, optimizer_for

    result = optimizer_for(PAPER, PAPER.learning_rate, StepSchedule(449, 30))
    assert type(result) is keras.optimizers.Adam and float(result.learning_rate.numpy()) == pytest.approx(1e-5)
    assert not result.use_ema and result.gradient_accumulation_steps is None


def weights_after(parts, recipe, epochs=2, steps=3):
    """A weight that is pulled to zero, after so many epochs, each batch in so many equal parts."""
    import keras

    from fercore.training.loop.optimizers import StepSchedule, optimizer_for

    weight = keras.Variable([4.0])
    optimizer = optimizer_for(recipe, recipe.learning_rate, StepSchedule(steps * parts, epochs, parts))
    optimizer.build([weight])
    for _ in range(epochs * steps * parts):
        optimizer.apply([keras.ops.multiply(weight.value, 1.0)])
    average = [v for v in optimizer.variables if v.path.endswith("average")]
    return float(weight.numpy()[0]), float(average[0].numpy()[0]), int(optimizer.iterations.numpy())


@pytest.mark.parametrize("parts", [2, 4])
@pytest.mark.parametrize("name", ["sgd", "adam", "adamw"])
def test_parts_change_neither_weights_nor_averages(name, parts):
    knobs = {"optimizer": name, "learning_rate": 0.01, "average": 0.9, "schedule": "constant"}
    recipe = MODERN.model_copy(update=knobs)
    whole, cut = weights_after(1, recipe), weights_after(parts, recipe)
    assert whole[2] == cut[2] == 6
    np.testing.assert_allclose(cut[0], whole[0], rtol=1e-5)
    # Keras averages in every part, so that the average lags behind by less than a step.
    np.testing.assert_allclose(cut[1], whole[1], rtol=0.03)


@pytest.mark.parametrize("parts", [1, 2, 4])
def test_a_schedule_counts_parts_as_keras_does_and_ends_at_zero(parts):
    from fercore.training.loop.optimizers import learning_rate

    recipe = MODERN.model_copy(update={"warmup_epochs": 1})
    course = learning_rate(recipe, 0.5, 10 * parts, 4)
    rates = [float(course(step * parts)) for step in (0, 5, 10, 25, 40)]
    np.testing.assert_allclose(rates, [0, 0.25, 0.5, 0.25, 0], atol=1e-6)


@pytest.mark.parametrize("warmup_epochs", [0.0, 0.4, 1.5])
def test_the_schedule_is_that_of_keras_and_comes_back_from_its_own_description(warmup_epochs):
    from fercore.training.loop.optimizers import learning_rate

    course = learning_rate(MODERN.model_copy(update={"warmup_epochs": warmup_epochs}), 0.3, 10, 5)
    warmup = round(10 * warmup_epochs)
    rise = {"initial_learning_rate": 0.0, "warmup_target": 0.3, "warmup_steps": warmup}
    keras_own = keras.optimizers.schedules.CosineDecay(
        decay_steps=50 - warmup, **(rise if warmup else {"initial_learning_rate": 0.3})
    )
    again = keras.optimizers.schedules.deserialize(keras.optimizers.schedules.serialize(course))
    for step in range(0, 60, 3):
        assert float(course(step)) == pytest.approx(float(keras_own(step)), abs=1e-6) == float(again(step))


@pytest.mark.parametrize(
    ("wanted", "steps", "expected"),
    [
        pytest.param(None, 400, None, id="none"),
        pytest.param(0.99, 400, 0.99, id="given"),
        pytest.param("fit", 400, 0.9975, id="about an epoch"),
        pytest.param("fit", 3, 0.9, id="few steps"),
        pytest.param("fit", 1_000_000, 0.9999, id="many steps"),
    ],
)
def test_decay_of_the_average(wanted, steps, expected):
    assert MODERN.model_copy(update={"average": wanted}).average_for(steps) == pytest.approx(expected)

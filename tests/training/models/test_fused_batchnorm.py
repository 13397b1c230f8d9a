"""The fused batch normalisation says what Keras' own says."""

import keras
import numpy as np
import pytest

from fercore.training.models.fused_batchnorm import fuse


def twins(**options):
    """The same network of one normalisation twice, the second fused."""
    models = []
    for _ in range(2):
        inputs = keras.Input((3, 3, 5))
        model = keras.Model(inputs, keras.layers.BatchNormalization(**options)(inputs))
        model.compile(keras.optimizers.SGD(0.5), "mse")
        models.append(model)
    fuse(models[1])
    return models


@pytest.mark.slow
@pytest.mark.parametrize(
    ("count", "options"),
    [
        (8, {}),
        (8, {"momentum": 0.9, "epsilon": 1.001e-5}),
        (1, {"momentum": 0.5}),
        (4, {"scale": False}),
        (4, {"center": False}),
    ],
)
def test_a_step_changes_both_alike(count, options):
    random = np.random.default_rng(0)
    pixels = random.normal(3, 2, (count, 3, 3, 5)).astype(np.float32)
    wanted = random.normal(0, 1, pixels.shape).astype(np.float32)
    own, fused = twins(**options)
    before = own.get_weights()
    for _ in range(3):
        losses = [model.train_on_batch(pixels, wanted) for model in (own, fused)]
        assert losses[0] == pytest.approx(losses[1], rel=1e-4)
    for start, item, other in zip(before, own.get_weights(), fused.get_weights(), strict=True):
        assert not np.allclose(start, item)
        np.testing.assert_allclose(item, other, rtol=2e-4, atol=1e-5)


@pytest.mark.slow
def test_prediction_and_file_stay_keras_own(tmp_path):
    _, fused = twins()
    pixels = np.random.default_rng(1).normal(3, 2, (4, 3, 3, 5)).astype(np.float32)
    fused.train_on_batch(pixels, pixels)
    fused.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded.layers[-1]) is keras.layers.BatchNormalization
    assert "call" not in vars(loaded.layers[-1])
    np.testing.assert_allclose(loaded.predict(pixels, verbose=0), fused.predict(pixels, verbose=0), rtol=1e-6)

"""The layer before a model's answer."""

import numpy as np
import pytest

from fercore.errors import StoredDataError
from fercore.prediction.penultimate import PenultimateLayer

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model():
    """Five means of a face's columns, and seven answers."""
    import keras

    faces = keras.Input((48, 48), name="faces")
    described = keras.layers.Dense(5, activation="relu", name="described")(keras.layers.Flatten()(faces))
    answers = keras.layers.Dense(7, activation="softmax")(keras.layers.Dropout(0.5)(described))
    return keras.Model(faces, answers)


@pytest.mark.parametrize("count", [0, 1, 256, 300])
def test_it_is_what_the_last_dense_layer_is_given(model, count):
    pixels = np.random.default_rng(0).integers(0, 256, (count, 48, 48), np.uint8)
    weights, bias = model.get_layer("described").get_weights()
    expected = np.maximum(pixels.reshape(count, 48 * 48).astype(np.float32) @ weights + bias, 0)
    result = PenultimateLayer(model).features(pixels)
    assert result.dtype == np.float32 and len(result) == count
    if count:
        np.testing.assert_allclose(result, expected, rtol=1e-4, atol=1e-2)


def test_a_model_that_looks_at_mirror_images_looks_at_the_face(model):
    from fercore.training.models.network import with_mirror

    pixels = np.random.default_rng(1).integers(0, 256, (4, 48, 48), np.uint8)
    mirrored = PenultimateLayer(with_mirror(model)).features(pixels)
    np.testing.assert_array_equal(mirrored, PenultimateLayer(model).features(pixels))


def test_a_model_without_such_a_layer_is_refused():
    import keras

    faces = keras.Input((48, 48))
    pooled = keras.layers.GlobalAveragePooling1D()(faces)
    with pytest.raises(StoredDataError, match="no layer before its answer"):
        PenultimateLayer(keras.Model(faces, pooled))

"""The network's own preprocessing, against keras.applications (slow: builds all of them)."""

import numpy as np
import pytest

from fercore.training.models.backbones import BACKBONES
from fercore.training.recipes.recipe import MODERN, PAPER

MODULES = {
    "MobileNetV2": "mobilenet_v2",
    "VGG16": "vgg16",
    "ResNet50V2": "resnet_v2",
    "Xception": "xception",
    "DenseNet121": "densenet",
    "SmallResNet": "resnet_v2",  # its own network, prepared as that one
}


@pytest.mark.slow
@pytest.mark.parametrize("item", [pytest.param(value, id=value.name) for value in BACKBONES.values()])
def test_preprocessing_inside_the_model_is_the_backbones_own(item):
    import keras

    from fercore.training.models.network import build

    pixels = np.random.default_rng(0).integers(0, 256, (2, 48, 48), dtype=np.uint8)
    model = build(item, MODERN, None)
    prepared = keras.Model(model.input, model.get_layer("preprocess").output).predict_on_batch(pixels)
    side = max(64, item.input_px) if item.enlarges else 48
    assert prepared.shape == (2, side, side, 3)
    colour = np.repeat(pixels[..., None].astype(np.float32), 3, axis=-1)
    expected = getattr(keras.applications, MODULES[item.name]).preprocess_input(
        np.array(keras.ops.image.resize(colour, (side, side)))
    )
    np.testing.assert_allclose(prepared, expected, atol=1e-4)


@pytest.mark.slow
def test_the_papers_preprocessing_is_a_255th_and_momentum_is_set_where_asked():
    import keras

    from fercore.training.models.network import build

    model = build(BACKBONES["MobileNetV2"], PAPER, None, momentum=0.9)
    prepared = keras.Model(model.input, model.get_layer("preprocess").output)
    np.testing.assert_allclose(prepared.predict_on_batch(np.full((1, 48, 48), 255.0)), 1.0)
    norms = [layer.momentum for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert len(norms) == 52 and set(norms) == {0.9}


@pytest.mark.slow
def test_backbone_weights_load_from_keras_own_file_form(tmp_path):
    import keras

    from fercore.training.models.network import build

    base = keras.applications.MobileNetV2(include_top=False, weights=None, input_shape=(224, 224, 3))
    base.save_weights(tmp_path / "own.weights.h5")
    model = build(BACKBONES["MobileNetV2"], PAPER, tmp_path / "own.weights.h5")
    np.testing.assert_array_equal(model.get_layer("Conv1").kernel, base.get_layer("Conv1").kernel)
    np.testing.assert_array_equal(model.get_layer("Conv_1").kernel, base.get_layer("Conv_1").kernel)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "zeroed"),
    [
        pytest.param("MobileNetV2", 10, id="ten identity blocks"),
        pytest.param("Xception", 8, id="eight identity blocks, no strided shortcut"),
        pytest.param("SmallResNet", 1, id="one identity block, two that widen"),
        pytest.param("ResNet50V2", 0, id="no block ends with batch normalisation"),
    ],
)
def test_residual_branches_start_at_zero_only_from_scratch_and_when_asked(name, zeroed):
    import keras

    from fercore.training.models.network import build

    def zeros(recipe):
        model = build(BACKBONES[name], recipe, None)
        norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
        return sum(not np.any(keras.ops.convert_to_numpy(layer.gamma)) for layer in norms)

    assert (zeros(MODERN), zeros(PAPER)) == (zeroed, 0)

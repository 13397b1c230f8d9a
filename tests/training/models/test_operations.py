"""Multiply–accumulates equal hand-computed values, and published figures of whole backbones."""

import keras
import pytest

from fercore.training.models.backbones import BACKBONES
from fercore.training.models.network import build, with_mirror
from fercore.training.models.operations import count_macs
from fercore.training.recipes.recipe import PAPER


def one(layer, shape=(10, 12, 3)):
    inputs = keras.Input(shape)
    return keras.Model(inputs, layer(inputs))


@pytest.mark.parametrize(
    ("layer", "macs"),
    [
        pytest.param(keras.layers.Conv2D(8, 3, padding="same"), 10 * 12 * 3 * 3 * 3 * 8, id="convolution"),
        pytest.param(keras.layers.Conv2D(8, 3), 8 * 10 * 3 * 3 * 3 * 8, id="without padding"),
        pytest.param(keras.layers.Conv2D(8, 3, strides=2, padding="same"), 5 * 6 * 3 * 3 * 3 * 8, id="strides"),
        pytest.param(keras.layers.Conv2D(6, 3, padding="same", groups=3), 10 * 12 * 3 * 3 * 1 * 6, id="groups"),
        pytest.param(keras.layers.Conv2D(8, 1, use_bias=False), 10 * 12 * 3 * 8, id="pointwise"),
        pytest.param(keras.layers.DepthwiseConv2D(3, padding="same"), 10 * 12 * 3 * 3 * 3, id="depthwise"),
        pytest.param(
            keras.layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2),
            10 * 12 * 3 * 3 * 3 * 2,
            id="multiplied",
        ),
        pytest.param(keras.layers.SeparableConv2D(8, 3, padding="same"), 10 * 12 * (3 * 3 * 3 + 3 * 8), id="separable"),
        pytest.param(keras.layers.Dense(7), 10 * 12 * 3 * 7, id="dense at each place"),
        pytest.param(keras.layers.BatchNormalization(), 0, id="normalisation"),
        pytest.param(keras.layers.MaxPooling2D(), 0, id="pooling"),
        pytest.param(keras.layers.Resizing(20, 20), 0, id="resizing"),
    ],
)
def test_a_layer_equals_the_sum_by_hand(layer, macs):
    assert count_macs(one(layer)) == macs


def test_layers_add_up_and_a_shared_one_counts_at_each_call():
    inputs = keras.Input((16,))
    shared = keras.layers.Dense(16)
    model = keras.Model(inputs, keras.layers.Dense(7)(shared(shared(inputs))))
    assert count_macs(model) == 2 * 16 * 16 + 16 * 7
    assert count_macs(keras.Sequential([keras.Input((16,)), keras.layers.Dense(5), keras.layers.Dense(2)])) == 90
    outer = keras.Input((16,))
    assert count_macs(keras.Model(outer, keras.layers.Add()([model(outer), model(outer)]))) == 2 * count_macs(model)


@pytest.mark.parametrize(
    ("name", "side", "published", "tolerance"),
    [
        # The sum over Simonyan & Zisserman's configuration D by hand: 15,346,630,656 in convolutions (He et al. 2015
        # print 15.3 billion) and 25,088 · 4,096 + 4,096 · 4,096 + 4,096 · 1,000 in dense layers.
        pytest.param("VGG16", 224, 15_470_264_320, 0, id="VGG16"),
        # Sandler et al. 2018, Table 4: 300 million multiply-adds.
        pytest.param("MobileNetV2", 224, 300e6, 0.01, id="MobileNetV2"),
        # Howard et al. 2017, Table 8: 569 million mult-adds.
        pytest.param("MobileNet", 224, 569e6, 0.01, id="MobileNet"),
    ],
)
def test_whole_backbones_equal_published_figures(name, side, published, tolerance):
    model = getattr(keras.applications, name)(weights=None, input_shape=(side, side, 3))
    assert count_macs(model) == pytest.approx(published, rel=tolerance, abs=0)


def test_a_run_with_its_mirror_costs_twice():
    model = build(BACKBONES["MobileNetV2"], PAPER, None)
    assert count_macs(model) > 0
    assert count_macs(with_mirror(model)) == 2 * count_macs(model)

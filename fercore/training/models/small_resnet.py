"""A residual network made for faces of 48 pixels, to be trained from scratch.

He et al. 2015 (Deep residual learning for image recognition): three stages of one basic block, each at half of the side
before it. The networks of ImageNet halve a face five times, down to 2 × 2; here 6 × 6 places are left, where eyes, nose
and mouth still lie apart.
"""

from typing import Final

import keras
from keras import layers

WIDTHS: Final = (32, 96, 256)  # channels at 24 × 24, 12 × 12 and 6 × 6


def small_resnet(pixels: keras.KerasTensor) -> keras.Model:
    """(N, 48, 48, 3) scaled pixels to (N, 6, 6, 256), with random weights."""
    features = layers.ReLU()(_normalised(pixels, WIDTHS[0], 3, 2))
    for number, width in enumerate(WIDTHS):
        features = _block(features, width, 1 if number == 0 else 2)
    return keras.Model(keras.utils.get_source_inputs(pixels), features)


def _block(entering: keras.KerasTensor, width: int, stride: int) -> keras.KerasTensor:
    """Two convolutions beside a shortcut, which averages and widens where the side halves (He et al. 2018, Bag of
    tricks, figure 2c).
    """
    branch = layers.ReLU()(_normalised(entering, width, 3, stride))
    branch = _normalised(branch, width, 3, 1)
    shortcut = entering
    if stride > 1:
        shortcut = _normalised(layers.AveragePooling2D(stride)(entering), width, 1, 1)
    return layers.ReLU()(layers.Add()([branch, shortcut]))


def _normalised(entering: keras.KerasTensor, width: int, window: int, stride: int) -> keras.KerasTensor:
    convolved = layers.Conv2D(
        width, window, strides=stride, padding="same", use_bias=False, kernel_initializer="he_normal"
    )(entering)
    return layers.BatchNormalization()(convolved)

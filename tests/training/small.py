"""A network of the same form as a backbone's that is traced in a moment; imports a backend."""

import keras

from fercore.training.models import network


def build(_backbone, recipe, _weights, momentum, arithmetic):
    """Normalisation, dropout, raw faces in: in place of `fercore.training.models.network.build`."""
    pixels = keras.Input((48, 48), name="faces")
    with network.computing_in(arithmetic):
        features = keras.layers.Rescaling(1 / 255)(keras.layers.Reshape((48, 48, 1))(pixels))
        features = keras.layers.Conv2D(4, 8, strides=8)(features)
        features = keras.layers.BatchNormalization(momentum=momentum or 0.99)(features)
        features = keras.layers.Dropout(recipe.dropout)(keras.layers.Flatten()(features))
        return keras.Model(pixels, keras.layers.Dense(7, activation="softmax", dtype="float32")(features))

"""Batch normalisation in TensorFlow's own fused kernels, where Keras' dozen small operations are slower."""

from functools import partial
from typing import Any

import keras


def fuse(model: keras.Model) -> None:
    """Let every batch normalisation of a model that learns on a CPU under TensorFlow run in one kernel each way.

    The arithmetic stays Keras' own, the biased variance of its moving statistics included; saved files do not
    know of it. A GPU's compiler fuses the small operations by itself.
    """
    if keras.config.backend() != "tensorflow" or _has_gpu():
        return
    for layer in model.layers:
        if type(layer) is keras.layers.BatchNormalization and layer.compute_dtype == "float32":
            layer.call = partial(_call, layer)


def _has_gpu() -> bool:
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))


def _call(layer: Any, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
    """The result of the layer's own `call`, for (N, H, W, C) in float32."""
    if not training or not layer.trainable or mask is not None or len(inputs.shape) != 4 or layer.renorm:
        return type(layer).call(layer, inputs, training=training, mask=mask)
    import tensorflow as tf

    channels = inputs.shape[-1]
    outputs = tf.raw_ops.FusedBatchNormV3(
        x=inputs,
        scale=tf.ones(channels) if layer.gamma is None else layer.gamma,
        offset=tf.zeros(channels) if layer.beta is None else layer.beta,
        mean=tf.zeros(0),
        variance=tf.zeros(0),
        epsilon=layer.epsilon,
        is_training=True,
    )
    count = tf.cast(tf.size(inputs) // channels, tf.float32)
    biased = outputs.batch_variance * tf.maximum(count - 1, 1) / count  # the kernel divides by count - 1
    keep = layer.momentum
    layer.moving_mean.assign(layer.moving_mean * keep + outputs.batch_mean * (1 - keep))
    layer.moving_variance.assign(layer.moving_variance * keep + biased * (1 - keep))
    return outputs.y

"""The layer before a model's answer: its own description of a face."""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fercore.errors import StoredDataError
from fercore.language.sentences import sentence
from fercore.training.models.backbones import FACE_PX

if TYPE_CHECKING:
    import keras

_BATCH = 256


def use_no_gpu() -> None:
    """Keep a process that no GPU was set apart for on the CPU; before it loads a model."""
    import keras

    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        tf.config.set_visible_devices([], "GPU")
    elif backend == "jax":
        import jax

        jax.config.update("jax_platforms", "cpu")


def unmirrored(model: "keras.Model") -> "keras.Model":
    """The network inside a model that also looks at mirror images; another model itself."""
    import keras

    return next((layer for layer in model.layers if isinstance(layer, keras.Model)), model)


def before_answer(network: "keras.Model") -> Any:
    """The input of a network's last dense layer; raises StoredDataError where it has none."""
    import keras

    dense = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)]
    if not dense:
        raise StoredDataError(sentence("This model has no layer before its answer from which to make a map."))
    return dense[-1].input


class PenultimateLayer:
    """The values that go into the last dense layer of a model."""

    def __init__(self, model: "keras.Model") -> None:
        """`model` maps (N, 48, 48) gray 0..255 to probabilities; one that also looks at mirror images looks at the
        faces as they are. Raises StoredDataError for a model without a dense layer.
        """
        import keras

        inner = unmirrored(model)
        self._model = keras.Model(inner.inputs, before_answer(inner))

    def features(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """(N, 48, 48) uint8 to (N, D) float32."""
        parts = [self._batch(pixels[start : start + _BATCH]) for start in range(0, len(pixels), _BATCH)]
        return np.concatenate(parts) if parts else np.empty((0, 0), np.float32)

    def _batch(self, part: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """One batch, padded with black faces so that a compiled model never meets a new shape."""
        padded = np.zeros((_BATCH, FACE_PX, FACE_PX), np.uint8)
        padded[: len(part)] = part
        layer = np.asarray(self._model.predict_on_batch(padded), np.float32)[: len(part)]
        return layer.reshape(len(part), -1)

"""The model that is validated and saved, beside the one that learns."""

from collections.abc import Callable
from typing import Final

import keras
import numpy as np
import numpy.typing as npt

from fercore.training.hardware.memory import is_out_of_memory
from fercore.training.models.network import with_mirror
from fercore.training.recipes.recipe import Recipe

_MOST_AT_ONCE: Final = 256


class ReportedModel:
    """The learning model as users get it: in float32, with the mirror image where the recipe asks for it.

    It shares the learning model's weights unless that one computes in another precision or is not `alone`, but
    spread over several devices.
    """

    def __init__(
        self, learning: keras.Model, recipe: Recipe, in_float32: Callable[[], keras.Model], alone: bool = True
    ) -> None:
        self._learning = learning
        policies = {layer.dtype_policy.compute_dtype for layer in learning.layers}
        self._shares = alone and policies == {"float32"}
        if self._shares:
            self._own = keras.Model(learning.input, learning.output, name=learning.name)  # without the optimizer
        else:
            self._own = in_float32()
        self.model = with_mirror(self._own) if recipe.flip_at_test else self._own
        self._at_once = _MOST_AT_ONCE

    def follow(self) -> None:
        """Take the learning model's weights of now."""
        if not self._shares:
            self._own.set_weights(self._learning.get_weights())

    def probabilities(self, pixels: npt.NDArray[np.uint8], between: Callable[[], None]) -> npt.NDArray[np.float32]:
        """(N, 48, 48) uint8 → (N, 7) float32; where a batch does not fit into memory, it and all later ones are halved.

        `between` is called after each batch and may raise.
        """
        while True:
            try:
                return self._in_batches(pixels, min(self._at_once, len(pixels)), between)
            except Exception as error:
                if self._at_once == 1 or not is_out_of_memory(error):
                    raise
                self._at_once = min(self._at_once, len(pixels)) // 2 or 1

    def _in_batches(
        self, pixels: npt.NDArray[np.uint8], size: int, between: Callable[[], None]
    ) -> npt.NDArray[np.float32]:
        """Every batch has one size, so that nothing is compiled twice."""
        missing = -len(pixels) % size
        padded = np.concatenate([pixels, np.zeros((missing, *pixels.shape[1:]), dtype=np.uint8)])
        batches = []
        for start in range(0, len(padded), size):  # not `predict`, whose queue is slow to close under TensorFlow
            batches.append(np.asarray(self.model.predict_on_batch(padded[start : start + size]), dtype=np.float32))
            between()
        return np.concatenate(batches)[: len(pixels)]

"""The averaged weights that are validated and reported, beside the weights that learn."""

import keras


class EMA(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
    """Keeps the learning weights while Keras leaves their average in the model at the end of a fit."""

    def __init__(self) -> None:
        super().__init__()
        self._learning: list[object] = []

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        """Keras writes the averages just after this."""
        self._learning = [keras.ops.convert_to_numpy(weight).copy() for weight in self.model.trainable_variables]

    def on_train_end(self, logs: object = None) -> None:
        """Give the model averages of its own: under JAX both would be one buffer, which a prediction uses up."""
        for weight in self.model.trainable_variables:
            weight.assign(keras.ops.convert_to_numpy(weight).copy())

    def restore(self) -> None:
        """Put the learning weights back; the averages stay in the optimizer."""
        for weight, value in zip(self.model.trainable_variables, self._learning, strict=True):
            weight.assign(value)

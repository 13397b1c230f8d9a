"""A training step's own outputs, kept on the device until its epoch ends."""

from pathlib import Path
from typing import Any, Final

import keras
import numpy as np

from fercore.emotions import EMOTIONS
from fercore.training.data.batches import Batches
from fercore.training.data.faces import TrainingFaces
from fercore.training.loop import dynamics

_ROUND: Final = 16_384  # trainings of about as many faces share what XLA compiled


@keras.saving.register_keras_serializable("fercore")
class StepOutputs(keras.metrics.Metric):  # type: ignore[misc]  # Keras ships no types
    """The probabilities that an epoch's steps gave, in the order of the steps; as a metric it is part of the step on
    every backend, also where several steps run at once.
    """

    def __init__(self, rows: int, name: str = "outputs", **more: Any) -> None:
        super().__init__(name=name, **more)
        self.rows = rows
        capacity = -(-rows // _ROUND) * _ROUND
        self._kept = self.add_weight(
            shape=(capacity, len(EMOTIONS)), initializer="zeros", dtype="float32", name="probabilities"
        )
        self._count = self.add_weight(shape=(), initializer="zeros", dtype="int32", name="count")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Append a batch of (B, 7) probabilities."""
        given = keras.ops.stop_gradient(keras.ops.cast(y_pred, "float32"))
        places = self._count + keras.ops.arange(keras.ops.shape(given)[0], dtype="int32")
        self._kept.assign(keras.ops.scatter_update(self._kept, places[:, None], given))
        self._count.assign(self._count + keras.ops.cast(keras.ops.shape(given)[0], "int32"))

    def result(self) -> Any:
        """The number of rows so far."""
        return keras.ops.cast(self._count, "float32")

    def reset_state(self) -> None:
        """Begin anew; what is there is written over."""
        self._count.assign(0)

    def probabilities(self) -> Any:
        """The epoch's (N, 7) float32 probabilities."""
        return keras.ops.convert_to_numpy(self._kept.value)[: self.rows]

    def get_config(self) -> dict[str, Any]:
        """The parts that it is made of again when a checkpoint is loaded."""
        return {"name": self.name, "rows": self.rows}

    def save_own_variables(self, store: Any) -> None:
        """A checkpoint lies between two epochs: there is nothing to keep."""

    def load_own_variables(self, store: Any) -> None:
        """There is nothing to load."""


class OutputKeeper:
    """Writes the training dynamics after each epoch; those of the epochs `done` before are taken up.

    It keeps nothing where the model has no `StepOutputs`, or where what was done before is not all there.
    """

    def __init__(self, model: keras.Model, faces: TrainingFaces, folder: Path, done: int) -> None:
        self._outputs = _outputs_of(model)
        self._faces, self._folder = faces, folder
        self._ids = np.arange(len(faces)) if faces.ids is None else faces.ids
        self._epochs = dynamics.epochs_before(folder, done, self._ids)

    def add(self, batches: Batches) -> None:
        """Keep what the steps of an epoch gave on its batches."""
        if self._outputs is None or self._epochs is None:
            return
        given = self._outputs.probabilities()
        self._epochs.append(dynamics.of_epoch(given, batches.seen.reshape(-1), self._faces.labels))
        dynamics.write(self._folder, self._epochs, self._ids)


def _outputs_of(model: keras.Model) -> StepOutputs | None:
    """The outputs that a compiled model keeps; None of one whose checkpoint is older than these."""
    metrics = (metric for part in model.metrics for metric in getattr(part, "metrics", (part,)))
    return next((metric for metric in metrics if isinstance(metric, StepOutputs)), None)

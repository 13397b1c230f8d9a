"""Training batches, gathered from memory by a shuffled index."""

import keras
import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.training.augmentation import warp
from fercore.training.data import Faces
from fercore.training.recipe import Augmentation

Batch = tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32], npt.NDArray[np.float32]]


def steps_per_epoch(faces: int, batch_size: int) -> int:
    """How many batches an epoch has; never less than one."""
    return max(1, -(-faces // batch_size))


def one_hot(labels: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """(N,) indices → (N, 7) float32."""
    return np.eye(len(EMOTIONS), dtype=np.float32)[labels]


class Batches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras ships no types
    """One epoch's batches: pixels (B, 48, 48) uint8, one-hot labels (B, 7), weights (B,).

    The order and each warp depend on seed, epoch and batch number alone, so that a resumed training
    sees what an uninterrupted one would have seen. Batches differ by one face at most: a last batch
    of one or two faces would spoil batch normalisation.
    """

    def __init__(
        self,
        faces: Faces,
        class_weights: npt.NDArray[np.float32],
        batch_size: int,
        augmentation: Augmentation,
        stream: tuple[int, int],
    ) -> None:
        """`stream` is (seed, epoch)."""
        super().__init__()
        self._faces = faces
        self._class_weights = class_weights
        self._augmentation = augmentation
        self._stream = stream
        order = np.random.default_rng(stream).permutation(len(faces))
        self._rows = np.array_split(order, steps_per_epoch(len(faces), batch_size))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> Batch:
        rows = self._rows[index]
        random = np.random.default_rng((*self._stream, index + 1))
        labels = self._faces.labels[rows]
        pixels = warp(self._faces.pixels[rows], self._augmentation, random)
        return pixels, one_hot(labels), self._class_weights[labels]

"""Training batches, gathered from memory by a shuffled index."""

import keras
import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.training.data.augmentation import warp
from fercore.training.data.faces import TrainingFaces
from fercore.training.recipes.recipe import Recipe

Floats = npt.NDArray[np.float32]
Batch = tuple[npt.NDArray[np.uint8], Floats, Floats]


def steps_per_epoch(faces: int, batch_size: int) -> int:
    """The number of batches of an epoch; never less than one."""
    return max(1, -(-faces // batch_size))


def parts_per_step(faces: int, steps: int, wanted: int) -> int:
    """In how many parts each batch can be cut, at most as many as were asked for, so that none is empty."""
    return max(1, min(wanted, faces // steps))


def one_hot(labels: npt.NDArray[np.int64]) -> Floats:
    """(N,) indices → (N, 7) float32."""
    return np.eye(len(EMOTIONS), dtype=np.float32)[labels]


class Batches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras ships no types
    """One epoch's batches: pixels (B, 48, 48) uint8, targets (B, 7) whose rows sum to 1, weights (B,).

    The order, each warp and each blend depend on seed, epoch and batch number alone, so that a resumed
    training sees what an uninterrupted one would have seen. All batches have one size, so that nothing is
    compiled twice and no small last batch spoils batch normalisation: where the faces do not divide evenly,
    the first of the epoch's order are seen once more at its end, fewer than there are batches. A size that is
    a multiple of `devices` lets each take an equal share; that, too, repeats some.
    """

    def __init__(
        self,
        faces: TrainingFaces,
        class_weights: Floats,
        recipe: Recipe,
        steps: int,
        stream: tuple[int, int],
        devices: int = 1,
    ) -> None:
        """`stream` is (seed, epoch)."""
        # With one worker Keras would leave the queue to tf.data's tuning, and an epoch would end only when the
        # tuning thread next wakes: up to twice as long as its steps take, a minute for a long one.
        super().__init__(workers=2)
        self._faces = faces
        self._class_weights = class_weights
        self._recipe = recipe
        self._stream = stream
        order = np.random.default_rng(stream).permutation(len(faces))
        size = -(-len(faces) // (steps * devices)) * devices
        self._rows = np.resize(order, (steps, size))
        self.seen = self._rows.copy()  # the face that each place of a batch mostly shows, once the batch was made

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> Batch:
        rows = self._rows[index]
        random = np.random.default_rng((*self._stream, index + 1))
        pixels = warp(self._faces.pixels[rows], self._recipe.augmentation, random)
        shares = self._targets(rows) * self._class_weights
        if self._faces.weights is not None:
            shares *= self._faces.weights[rows, None].astype(np.float32)
        if self._recipe.mixup:
            pixels, shares, most = mixed(pixels, shares, self._recipe.mixup, random)
            self.seen[index] = rows[most]
        weights = shares.sum(axis=1)
        return pixels, shares / weights[:, None], weights

    def _targets(self, rows: npt.NDArray[np.int64]) -> Floats:
        targets = self._faces.targets
        return one_hot(self._faces.labels[rows]) if targets is None else targets[rows]


def mixed(
    pixels: npt.NDArray[np.uint8], shares: Floats, alpha: float, random: np.random.Generator
) -> tuple[npt.NDArray[np.uint8], Floats, npt.NDArray[np.int64]]:
    """Each face and its (B, 7) shares blended with another of its batch (Zhang et al. 2018), and the places (B,)
    of the faces that have the greater part in each.
    """
    share = np.float32(random.beta(alpha, alpha))
    other = random.permutation(len(pixels))
    blended = share * pixels + (1 - share) * pixels[other].astype(np.float32)
    most = np.arange(len(pixels)) if share >= 1 / 2 else other
    return np.rint(blended).astype(np.uint8), share * shares + (1 - share) * shares[other], most

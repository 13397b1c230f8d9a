"""Training dynamics: the reading of each training face in each epoch, taken from the training's own steps.

Swayamdipta et al. 2020 (Dataset cartography): confidence is the mean probability of the true label over epochs,
variability its standard deviation. Toneva et al. 2019: a forgetting event is a face that was read rightly in one epoch
and wrongly in the next. Pleiss et al. 2020 (Identifying mislabeled data using the area under the margin ranking):
the mean over epochs of the label's logit above the highest of the others is low for wrong labels; here the margin is
that of the probabilities, which lies between -1 and 1.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.errors import StoredDataError
from fercore.language.sentences import sentence

DYNAMICS_FILE: Final = "dynamics.npy"
FACES_FILE: Final = "dynamics-faces.npy"
Halves = npt.NDArray[np.float16]


@dataclass(frozen=True)
class TrainingDynamics:
    """`faces` (N,) in the order of the snapshot; `confidence` (E, N) float16 is the probability of the true label,
    `margin` (E, N) float16 what it is above the highest of the others.
    """

    faces: npt.NDArray[np.int64]
    confidence: Halves
    margin: Halves

    def without(self, gone: npt.NDArray[np.int64]) -> "TrainingDynamics":
        """The dynamics of all other faces."""
        kept = ~np.isin(self.faces, gone)
        return TrainingDynamics(self.faces[kept], self.confidence[:, kept], self.margin[:, kept])


@dataclass(frozen=True)
class DynamicsSummary:
    """(N,) figures over epochs: mean loss (−ln of the true label's probability) and that of the last epoch, mean
    confidence, mean margin, variability, and the number of forgetting events.
    """

    loss: npt.NDArray[np.float64]
    confidence: npt.NDArray[np.float64]
    margin: npt.NDArray[np.float64]
    variability: npt.NDArray[np.float64]
    forgetting: npt.NDArray[np.int64]
    last_loss: npt.NDArray[np.float64]


def summary(dynamics: TrainingDynamics) -> DynamicsSummary:
    """The figures of each face; raises IndexError before the first epoch."""
    confidence = dynamics.confidence.astype(np.float64)
    right = dynamics.margin > 0
    smallest = np.finfo(np.float16).smallest_subnormal
    losses = -np.log(np.maximum(confidence, smallest))
    return DynamicsSummary(
        loss=losses.mean(axis=0),
        confidence=confidence.mean(axis=0),
        margin=dynamics.margin.astype(np.float64).mean(axis=0),
        variability=confidence.std(axis=0),
        forgetting=(right[:-1] & ~right[1:]).sum(axis=0),
        last_loss=losses[-1],
    )


def of_epoch(
    probabilities: npt.NDArray[np.float32], rows: npt.NDArray[np.int64], labels: npt.NDArray[np.int64]
) -> Halves:
    """(N, 2) confidence and margin of an epoch: step outputs (M, 7) on the faces at `rows` (M,), whose labels are (N,).

    A face that filled up the epoch's last batch counts as it was seen first.
    """
    true = labels[rows]
    confidence = probabilities[np.arange(len(rows)), true]
    others = probabilities.copy()
    others[np.arange(len(rows)), true] = -1
    values = np.stack([confidence, confidence - others.max(axis=1)], axis=1)
    kept = np.full((len(labels), 2), np.nan, np.float16)
    kept[rows[::-1]] = values[::-1]
    return kept


def write(folder: Path, epochs: list[Halves], faces: npt.NDArray[np.int64]) -> None:
    """Replace the dynamics in a training's folder; (N, 2) for each epoch."""
    _save(folder / FACES_FILE, faces)
    _save(folder / DYNAMICS_FILE, np.stack(epochs) if epochs else np.empty((0, len(faces), 2), np.float16))


def read(folder: Path) -> TrainingDynamics | None:
    """The dynamics of a training; None where its folder has none. Raises StoredDataError for what cannot be read."""
    if not (folder / DYNAMICS_FILE).is_file():
        return None
    try:
        values = np.load(folder / DYNAMICS_FILE, allow_pickle=False)
        faces = np.load(folder / FACES_FILE, allow_pickle=False)
        if values.shape[1:] != (*faces.shape, 2):
            raise ValueError(f"shape {values.shape} does not fit {faces.shape}")
    except (OSError, ValueError, EOFError) as error:
        raise StoredDataError(
            sentence("The training dynamics in '{folder}' cannot be read: {error}.", folder=folder.name, error=error)
        ) from error
    return TrainingDynamics(faces, values[:, :, 0], values[:, :, 1])


def epochs_before(folder: Path, count: int, faces: npt.NDArray[np.int64]) -> list[Halves] | None:
    """The first epochs of a training that goes on; None where they are not all there, or are of other faces."""
    if not count:
        return []
    try:
        earlier = read(folder)
    except StoredDataError:
        return None
    if earlier is None or len(earlier.confidence) < count or not np.array_equal(earlier.faces, faces):
        return None
    return list(np.stack([earlier.confidence, earlier.margin], axis=2)[:count])


def _save(path: Path, array: npt.NDArray[np.generic]) -> None:
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        np.save(file, array, allow_pickle=False)
    part.replace(path)

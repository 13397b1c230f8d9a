"""Validation after each epoch: figures, recall by emotion, and the worst mistakes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from fercore.emotions import EMOTIONS
from fercore.training.data.faces import TrainingFaces

WRONG_FILE: Final = "wrong.json"  # after the latest epoch
REPORTED_WRONG_FILE: Final = "wrong-reported.json"  # after the epoch whose model counts so far
WRONG_FACES: Final = 24
_SMALLEST: Final = 1e-7  # as Keras clips before a logarithm

Probabilities = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ValidationFigures:
    """Figures over the validation faces; all None where there are none."""

    loss: float | None = None
    accuracy: float | None = None
    recalls: list[float | None] | None = None


class WrongFace(BaseModel):
    """A face that the model reads wrongly; `face` is the number its giver knows it by, where one was given."""

    model_config = ConfigDict(frozen=True)

    row: int  # in the validation faces
    face: int | None
    label: int
    predicted: int
    probability: float  # of what was predicted


class Wrong(BaseModel):
    """The surest mistakes after an epoch, the surest first."""

    model_config = ConfigDict(frozen=True)

    epoch: int
    faces: list[WrongFace]


def figures(faces: TrainingFaces, probabilities: Probabilities, label_smoothing: float) -> ValidationFigures:
    """Loss (cross-entropy, no class weights), accuracy and recalls from (N, 7) probabilities."""
    targets = np.eye(len(EMOTIONS))[faces.labels] * (1 - label_smoothing) + label_smoothing / len(EMOTIONS)
    logarithms = np.log(np.clip(probabilities.astype(np.float64), _SMALLEST, 1 - _SMALLEST))
    hits = probabilities.argmax(axis=1) == faces.labels
    hit_counts = np.bincount(faces.labels[hits], minlength=len(EMOTIONS))
    return ValidationFigures(
        loss=float(-(targets * logarithms).sum(axis=1).mean()),
        accuracy=float(hits.mean()),
        recalls=[float(hit / count) if count else None for hit, count in zip(hit_counts, faces.counts(), strict=True)],
    )


def worst(epoch: int, faces: TrainingFaces, probabilities: Probabilities) -> Wrong:
    """Up to `WRONG_FACES` of the faces that are read wrongly with most confidence."""
    predicted = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    mistakes = np.flatnonzero(predicted != faces.labels)
    surest = mistakes[np.argsort(-confidence[mistakes], kind="stable")][:WRONG_FACES]
    return Wrong(
        epoch=epoch,
        faces=[
            WrongFace(
                row=int(row),
                face=None if faces.ids is None else int(faces.ids[row]),
                label=int(faces.labels[row]),
                predicted=int(predicted[row]),
                probability=float(confidence[row]),
            )
            for row in surest
        ],
    )


def read_wrong(folder: Path, name: str = WRONG_FILE) -> Wrong | None:
    """The worst mistakes of a training in this folder; None before its first epoch or when they cannot be read."""
    try:
        return Wrong.model_validate_json((folder / name).read_bytes())
    except (OSError, ValidationError):
        return None

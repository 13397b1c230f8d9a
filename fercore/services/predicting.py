"""A photo in, faces and seven probabilities each out."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.faces.detection import detector
from fercore.faces.extraction import Found, faces_of
from fercore.language import tr
from fercore.services import evaluating
from fercore.store import Store, runs

SMALL_SIDE = 24


@dataclass(frozen=True)
class Read:
    """A photo as a run reads it: size (w, h), its faces, and (N, 7) probabilities."""

    photo: str
    size: tuple[int, int]
    faces: list[Found]
    probabilities: Any


def load(store: Store, run_id: int) -> Any:
    """The predictor of a finished run."""
    with store.database.reading() as session:
        run = runs.get(session, run_id)
    if run.status != "done" or run.reported_epoch is None:
        raise InputError(tr("Run {run} has no trained model: its status is {status}.", run=run_id, status=run.status))
    from fercore.prediction.predictor import Predictor

    return Predictor.load(evaluating.model_path(store, run_id), store.settings.models_dir)


def predict(predictor: Any, name: str, data: bytes) -> Read:
    """Find the faces of one photo and read them; raises UnreadableImageError."""
    found = faces_of(data, detector("haar"))
    if not found.faces:
        return Read(name, found.size, [], np.empty((0, len(EMOTIONS)), np.float32))
    return Read(name, found.size, found.faces, predictor.probabilities(np.stack([f.pixels for f in found.faces])))


def as_json(read: Read) -> dict[str, Any]:
    """A read photo as the command line prints it."""
    return {
        "photo": read.photo,
        "size": list(read.size),
        "faces": [
            {
                "box": list(face.box),
                "emotion": EMOTIONS[int(row.argmax())],
                "probabilities": {name: float(p) for name, p in zip(EMOTIONS, row, strict=True)},
            }
            for face, row in zip(read.faces, read.probabilities, strict=True)
        ],
    }

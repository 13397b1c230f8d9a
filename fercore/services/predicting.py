"""A photo in, faces and seven probabilities each out."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.faces.extraction import Extracted, Extractor, Found, extractor
from fercore.language import tr
from fercore.services import evaluating, extracting
from fercore.store import Store, runs

SMALL_SIDE = 48
VISITORS = "visitors"


@dataclass(frozen=True)
class Read:
    """A photo as a run reads it: what was found in it, and (N, 7) probabilities."""

    photo: str
    extracted: Extracted
    probabilities: Any

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the upright photo in pixels."""
        return self.extracted.size

    @property
    def faces(self) -> list[Found]:
        """The faces, biggest first."""
        return self.extracted.faces


def load(store: Store, run_id: int) -> Any:
    """The predictor of a finished run."""
    with store.database.reading() as session:
        run = runs.get(session, run_id)
    if run.status != "done" or run.reported_epoch is None:
        raise InputError(tr("Run {run} has no trained model: its status is {status}.", run=run_id, status=run.status))
    from fercore.prediction.predictor import Predictor

    return Predictor.load(evaluating.model_path(store, run_id), store.settings.models_dir)


def changed(store: Store, run_id: int) -> float:
    """When a run's model last changed here; raises StoredDataError when it is gone."""
    return evaluating.model_path(store, run_id).stat().st_mtime


@cache
def _extractor() -> Extractor:
    return extractor()


def predict(predictor: Any, name: str, data: bytes) -> Read:
    """Find the faces of one photo and read them; raises UnreadableImageError."""
    found = _extractor().extract(data)
    if not found.faces:
        return Read(name, found, np.empty((0, len(EMOTIONS)), np.float32))
    return Read(name, found, predictor.probabilities(np.stack([face.pixels for face in found.faces])))


def keep(store: Store, read: Read, data: bytes) -> int:
    """Put a visitor's photo into the dataset of visitors, to be labelled in review."""
    return extracting.keep_photo(store, VISITORS, read.photo, data, read.extracted)


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

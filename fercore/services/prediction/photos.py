"""A photo in, faces and seven probabilities each out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fercore.emotions import EMOTIONS
from fercore.errors import InputError, UnreadableImageError
from fercore.faces.extraction import Extracted, ExtractedFace, Extractor
from fercore.faces.files import read_file
from fercore.language import tr
from fercore.services.comparison import evaluation
from fercore.services.datasets import extraction
from fercore.store import Store
from fercore.store.training import runs

SMALL_SIDE = 48
VISITORS = "visitors"


@dataclass(frozen=True)
class PhotoPrediction:
    """A photo as a run reads it: what was found in it, and (N, 7) probabilities."""

    photo: str
    extracted: Extracted
    probabilities: Any

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the upright photo in pixels."""
        return self.extracted.size

    @property
    def faces(self) -> list[ExtractedFace]:
        """The faces, biggest first."""
        return self.extracted.faces


@dataclass(frozen=True)
class UnreadablePhoto:
    """A photo that could not be read, and why."""

    photo: str
    why: str


def load(store: Store, run_id: int, calibrated: bool = False) -> Any:
    """The predictor of a finished run; calibrated, it scales by the run's temperature, or raises InputError."""
    with store.database.reading() as session:
        run = runs.get(session, run_id)
    if calibrated and run.temperature is None:
        raise InputError(tr("Run {run} has no temperature: calibrate it on Compare first.", run=run_id))
    evaluation.check_trained(run)
    from fercore.prediction.predictor import Predictor

    predictor = Predictor.load(evaluation.model_path(store, run_id), store.settings.models_dir)
    if calibrated and run.temperature is not None:
        predictor.temperature = run.temperature["value"]
    return predictor


def changed(store: Store, run_id: int) -> float:
    """When a run's model last changed here; raises StoredDataError when it is gone."""
    return evaluation.model_path(store, run_id).stat().st_mtime


def predict(predictor: Any, name: str, data: bytes, finder: Extractor) -> PhotoPrediction:
    """Find the faces of one photo and read them; raises UnreadableImageError."""
    extracted = finder.attempt(data)
    if isinstance(extracted, UnreadableImageError):
        raise extracted
    if not extracted.faces:
        return PhotoPrediction(name, extracted, np.empty((0, len(EMOTIONS)), np.float32))
    return PhotoPrediction(
        name, extracted, predictor.probabilities(np.stack([face.pixels for face in extracted.faces]))
    )


def predict_files(
    load_predictor: Callable[[], Any], photos: Iterable[Path], finder: Extractor
) -> Iterator[PhotoPrediction | UnreadablePhoto]:
    """Each photo's reading, or why there is none: one that cannot be read never stops the others.

    The model is loaded when the first photo that can be opened needs it.
    """
    predictor = None
    for photo in photos:
        try:
            data = read_file(photo)
            predictor = predictor or load_predictor()
            yield predict(predictor, str(photo), data, finder)
        except UnreadableImageError as error:
            yield UnreadablePhoto(str(photo), str(error))


def keep(store: Store, read: PhotoPrediction, data: bytes) -> int:
    """Put a visitor's photo into the dataset of visitors, to be labelled in review."""
    return extraction.keep_photo(store, VISITORS, read.photo, data, read.extracted)


def as_json(read: PhotoPrediction | UnreadablePhoto) -> dict[str, Any]:
    """A photo as the command line prints it; one that could not be read has an `error` and no faces."""
    if isinstance(read, UnreadablePhoto):
        return {"photo": read.photo, "size": None, "faces": [], "error": read.why}
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

"""A photo in, faces and seven probabilities each out."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.emotions import COLOURS, EMOTIONS
from fercore.errors import FercoreError, InputError, UnreadableImageError
from fercore.faces import remarks
from fercore.faces.decoding import decode
from fercore.faces.extraction import Extracted, ExtractedFace, Extractor, Wanted
from fercore.faces.files import read_file
from fercore.faces.marking import fitted, marked
from fercore.faces.pixels import SIDE, Colour
from fercore.faces.remarks import QualityRemark
from fercore.language import tr
from fercore.prediction.face_reader import FaceReader
from fercore.prediction.formats import FORMATS, ModelFormat
from fercore.services.prediction import model_files
from fercore.store import Store
from fercore.store.tables import Run
from fercore.store.training import runs

MOST_FACES: Final = 300  # of a photo, biggest first
# Photos that are decoded at a time: each may take half a gigabyte, however many visitors there are.
_TURNS: Final = threading.BoundedSemaphore(2)
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class FoundPhoto:
    """A photo with its faces found, not yet read by any model, and the remarks on each face."""

    photo: str
    extracted: Extracted
    remarks: Sequence[tuple[QualityRemark, ...]]

    @property
    def pixels(self) -> npt.NDArray[np.uint8]:
        """(N, 48, 48) uint8: the faces, biggest first."""
        faces = self.extracted.faces
        return np.stack([face.pixels for face in faces]) if faces else np.empty((0, SIDE, SIDE), np.uint8)


@dataclass(frozen=True)
class PhotoPrediction:
    """A photo as a run reads it: what was found in it, (N, 7) probabilities, and the remarks on each face."""

    photo: str
    extracted: Extracted
    probabilities: Any
    remarks: Sequence[tuple[QualityRemark, ...]]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the upright photo in pixels."""
        return self.extracted.size

    @property
    def faces(self) -> list[ExtractedFace]:
        """The faces, biggest first."""
        return self.extracted.faces

    @property
    def left_out(self) -> int:
        """The number of smaller faces beyond `MOST_FACES`."""
        return self.extracted.left_out


@dataclass(frozen=True)
class ShownPicture:
    """A photo made small enough to show, (h, w, 3) uint8, and its full size (width, height)."""

    picture: Colour
    size: tuple[int, int]


@dataclass(frozen=True)
class UnreadablePhoto:
    """A photo that could not be read, and why."""

    photo: str
    why: str


def load(store: Store, run_id: int, calibrated: bool = False) -> FaceReader:
    """The predictor of a finished run; calibrated, it scales by the run's temperature, or raises InputError.

    ONNX Runtime reads the run's checked ONNX file where both are there, and Keras the training's own file elsewhere.
    """
    with store.database.reading() as session:
        run = runs.get(session, run_id)
    if calibrated and run.temperature is None:
        raise InputError(tr("Run {run} has no temperature: calibrate it on Compare first.", run=run_id))
    model_files.check_trained(run)
    predictor = _by_onnx(store, run) or _by_keras(store, run_id)
    if calibrated and run.temperature is not None:
        predictor.temperature = run.temperature["value"]
    return predictor


def _by_onnx(store: Store, run: Run) -> FaceReader | None:
    from fercore.prediction.onnx import OnnxPredictor, is_installed

    data = model_files.checked(store, run, ModelFormat.ONNX) if is_installed() else None
    if data is None:
        return None
    try:
        return OnnxPredictor.of(data, FORMATS[ModelFormat.ONNX].file)
    except FercoreError as error:  # of another version of ONNX Runtime: Keras reads the run all the same
        _LOG.warning("%s", error)
        return None


def _by_keras(store: Store, run_id: int) -> FaceReader:
    from fercore.prediction.predictor import Predictor

    return Predictor.load(model_files.model_path(store, run_id), store.settings.models_dir)


def changed(store: Store, run_id: int) -> float:
    """When a run's model, or the ONNX file made of it, last changed here; raises StoredDataError when it is gone."""
    onnx = model_files.place(store, run_id, ModelFormat.ONNX)
    if onnx.is_file():
        return onnx.stat().st_mtime
    return model_files.model_path(store, run_id).stat().st_mtime


def preview(data: bytes, most: tuple[int, int]) -> ShownPicture:
    """A photo's bytes as a picture of at most so many pixels to show; raises UnreadableImageError."""
    with _TURNS:
        photo = decode(data)
        return ShownPicture(fitted(photo.colour, most), photo.size)


def with_boxes(read: PhotoPrediction, data: bytes, width: int) -> Colour:
    """(h, w, 3) uint8: the photo with its faces numbered, in the colours of their emotions."""
    colours = [COLOURS[int(row.argmax())] for row in read.probabilities]
    with _TURNS:
        return marked(decode(data), [face.box for face in read.faces], colours, width)


def found(name: str, data: bytes, finder: Extractor) -> FoundPhoto:
    """Find the faces of one photo; raises UnreadableImageError."""
    with _TURNS:
        extracted = finder.attempt(data, Wanted(most=MOST_FACES))
    if isinstance(extracted, UnreadableImageError):
        raise extracted
    return of_extracted(name, extracted)


def of_extracted(name: str, extracted: Extracted) -> FoundPhoto:
    """The same of faces that were found elsewhere."""
    photo = FoundPhoto(name, extracted, [])
    boxes = [face.box for face in extracted.faces]
    return replace(photo, remarks=remarks.of_faces(boxes, photo.pixels)) if boxes else photo


def read(predictor: Any, photo: FoundPhoto) -> PhotoPrediction:
    """The reading of a photo whose faces are found."""
    if not photo.extracted.faces:
        return prediction(photo, np.empty((0, len(EMOTIONS)), np.float32))
    made = remarks.with_unfamiliar(photo.remarks, predictor.novelty(photo.pixels))
    return prediction(replace(photo, remarks=made), predictor.probabilities(photo.pixels))


def prediction(photo: FoundPhoto, probabilities: Any) -> PhotoPrediction:
    """A photo with (N, 7) probabilities of its faces."""
    return PhotoPrediction(photo.photo, photo.extracted, probabilities, photo.remarks)


def predict(predictor: Any, name: str, data: bytes, finder: Extractor) -> PhotoPrediction:
    """Find the faces of one photo and read them; raises UnreadableImageError."""
    return read(predictor, found(name, data, finder))


def predict_files(
    load_predictor: Callable[[], Any], photos: Iterable[Path], finder: Extractor
) -> Iterator[PhotoPrediction | UnreadablePhoto]:
    """The readings of photos on disk, as `predict_each` gives them."""
    return predict_each(load_predictor, ((str(photo), partial(read_file, photo)) for photo in photos), finder)


def predict_each(
    load_predictor: Callable[[], Any], photos: Iterable[tuple[str, Callable[[], bytes]]], finder: Extractor
) -> Iterator[PhotoPrediction | UnreadablePhoto]:
    """Each photo's reading, or why there is none: one that cannot be read never stops the others.

    Photos are names with functions that give their bytes or raise UnreadableImageError. The model is loaded when the
    first photo that can be opened needs it.
    """
    predictor = None
    for name, content in photos:
        try:
            data = content()
            predictor = predictor or load_predictor()
            yield predict(predictor, name, data, finder)
        except UnreadableImageError as error:
            yield UnreadablePhoto(name, str(error))


def as_json(read: PhotoPrediction | UnreadablePhoto) -> dict[str, Any]:
    """A photo as the command line prints it; one that could not be read has an `error` and no faces.

    `left_out` says how many more faces than `MOST_FACES` there are, where there are more.
    """
    if isinstance(read, UnreadablePhoto):
        return {"photo": read.photo, "size": None, "faces": [], "error": read.why}
    more = {"left_out": read.left_out} if read.left_out else {}
    return {
        **more,
        "photo": read.photo,
        "size": list(read.size),
        "faces": [
            {
                "box": list(face.box),
                "emotion": EMOTIONS[int(row.argmax())],
                "probabilities": {name: float(p) for name, p in zip(EMOTIONS, row, strict=True)},
                "remarks": [remark.value for remark in made],
            }
            for face, row, made in zip(read.faces, read.probabilities, read.remarks, strict=True)
        ],
    }

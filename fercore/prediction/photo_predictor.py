"""A model file and nothing else: photos in, faces and seven probabilities out, as `fercore.Predictor`."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.errors import StoredDataError, UnreadableImageError
from fercore.faces.extraction import Extractor, extractor
from fercore.faces.files import read_file
from fercore.language.sentences import sentence
from fercore.prediction.face_reader import FaceReader


@dataclass(frozen=True, slots=True)
class ReadFace:
    """One face: its box (left, top, width, height) in the photo's pixels, and the probability of each emotion."""

    box: tuple[int, int, int, int]
    emotion: str
    probabilities: dict[str, float]

    @property
    def confidence(self) -> float:
        """The probability of the emotion."""
        return self.probabilities[self.emotion]


@dataclass(frozen=True, slots=True)
class ReadPhoto:
    """A photo's upright size (width, height) in pixels, and its faces, biggest first."""

    size: tuple[int, int]
    faces: tuple[ReadFace, ...]


class PhotoPredictor:
    """Reads photos with one model file, `.onnx` (by ONNX Runtime) or `.keras` (by Keras); from any thread.

    Needs no database and no settings.
    """

    def __init__(self, model: str | Path, detector: str = "haar", yunet: str | Path | None = None) -> None:
        """`detector` is `haar`, or `yunet` with the path of its file.

        Raises StoredDataError for a model file that is broken, forged, of another kind or gone.
        """
        self._reader = _reader(Path(model))
        self._detector = detector, None if yunet is None else Path(yunet)

    @staticmethod
    def load(path: Path, models_folder: Path) -> FaceReader:
        """A run's `.keras` file in the models folder, for faces that are cut out already: see `Predictor.load`."""
        from fercore.prediction.predictor import Predictor

        return Predictor.load(path, models_folder)

    @property
    def card(self) -> dict[str, Any]:
        """The model card that an ONNX file carries: what it was trained and tested on; empty where there is none."""
        return getattr(self._reader, "card", {})

    def read(self, photo: bytes | str | Path) -> ReadPhoto:
        """Find the faces of a photo, given as a path or as a file's bytes, and read them.

        Raises UnreadableImageError, which says what is wrong with the picture.
        """
        data = photo if isinstance(photo, bytes) else read_file(Path(photo))
        found = self._finder.attempt(data)
        if isinstance(found, UnreadableImageError):
            raise found
        if not found.faces:
            return ReadPhoto(found.size, ())
        rows = self.probabilities(np.stack([face.pixels for face in found.faces]))
        return ReadPhoto(
            found.size, tuple(_read_face(face.box, row) for face, row in zip(found.faces, rows, strict=True))
        )

    def probabilities(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """(N, 48, 48) uint8 → (N, 7) float32, columns in the order of `EMOTIONS`; for faces cut out already."""
        return self._reader.probabilities(pixels)

    @cached_property
    def _finder(self) -> Extractor:
        return extractor(*self._detector)


def _reader(path: Path) -> FaceReader:
    if path.suffix.lower() == ".onnx":
        from fercore.prediction.onnx import OnnxPredictor

        return OnnxPredictor.load(path)
    if path.suffix.lower() == ".keras":
        return PhotoPredictor.load(path, path.parent)
    raise StoredDataError(
        sentence("'{name}' is no model file: its name ends neither in .onnx nor in .keras.", name=path.name)
    )


def _read_face(box: tuple[int, int, int, int], row: npt.NDArray[np.float32]) -> ReadFace:
    probabilities = {name: float(value) for name, value in zip(EMOTIONS, row, strict=True)}
    return ReadFace(box, EMOTIONS[int(row.argmax())], probabilities)

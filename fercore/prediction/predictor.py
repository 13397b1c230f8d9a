"""A trained model, loaded once, that reads faces from any thread."""

import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.errors import StoredDataError
from fercore.language.sentences import sentence
from fercore.prediction.face_reader import FaceReader
from fercore.process import uncollected
from fercore.training.models.backbones import FACE_PX

if TYPE_CHECKING:
    import keras

# Batches are padded to one of these, so that a compiled model never meets a new shape.
_BATCHES: Final = (8, 256)


class Predictor(FaceReader):
    """Reads faces with one model file, by Keras."""

    batch = _BATCHES[-1]

    def __init__(self, model: "keras.Model") -> None:
        """`model` is a keras.Model from (N, 48, 48) gray 0..255 to (N, 7) probabilities."""
        super().__init__()
        self.model = model
        self._lock = threading.Lock()

    @classmethod
    def load(cls, path: Path, models_folder: Path) -> "Predictor":
        """Load a `.keras` file that lies in the models folder, without running code from it.

        Raises `StoredDataError` for a file elsewhere, of another kind, broken, forged or of other shapes.
        """
        _check_place(path, models_folder)
        _import_keras()
        import keras

        try:
            model = keras.saving.load_model(path.resolve(), compile=False, safe_mode=True)
            shapes = tuple(model.input_shape), tuple(model.output_shape)
        except Exception as error:  # zipfile, h5py and Keras raise many types for a file they refuse
            raise StoredDataError(
                sentence(
                    "The model file '{name}' is broken or not made by fercore. Train the run again.", name=path.name
                )
            ) from error
        expected = (None, FACE_PX, FACE_PX), (None, len(EMOTIONS))
        if shapes != expected:
            raise StoredDataError(
                sentence(
                    "The model file '{name}' maps {input} to {output}; expected {expected_input} to "
                    "{expected_output}. Train the run again.",
                    name=path.name,
                    input=shapes[0],
                    output=shapes[1],
                    expected_input=expected[0],
                    expected_output=expected[1],
                )
            )
        return cls(model)

    def _fill(self, probabilities: npt.NDArray[np.float32], pixels: npt.NDArray[np.uint8]) -> None:
        with self._lock:
            super()._fill(probabilities, pixels)

    def _said(self, part: npt.NDArray[np.uint8]) -> Any:
        """One batch, padded with black faces and cut back."""
        size = next(size for size in _BATCHES if len(part) <= size)
        padded = np.zeros((size, FACE_PX, FACE_PX), dtype=np.uint8)
        padded[: len(part)] = part
        return np.asarray(self.model.predict_on_batch(padded))[: len(part)]


def _import_keras() -> None:
    """Once, and not with each model: models that are no longer needed have to be collected."""
    if "keras" not in sys.modules:
        with uncollected():
            import_module("keras")


def _check_place(path: Path, models_folder: Path) -> None:
    """Only `.keras` files, and only from inside the models folder, links followed."""
    if path.suffix != ".keras" or not path.resolve().is_relative_to(models_folder.resolve()):
        raise StoredDataError(
            sentence(
                "'{path}' is not a .keras file in the models folder '{models_folder}'.",
                path=path,
                models_folder=models_folder,
            )
        )
    if not path.is_file():
        raise StoredDataError(sentence("The model file '{path}' is gone. Train the run again.", path=path))

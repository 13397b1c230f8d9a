"""The face of every model in use: 48x48 gray pixels in, seven probabilities out, whatever program computes them."""

import copy
from abc import ABC, abstractmethod
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.evaluation.calibration import scaled
from fercore.language.sentences import sentence
from fercore.training.models.backbones import FACE_PX


class FaceReader(ABC):
    """Reads faces from any thread; `temperature` calibrates what it says, None leaves it as it is."""

    batch: int  # faces at most that are computed at once

    def __init__(self) -> None:
        self.temperature: float | None = None

    def probabilities(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """(N, 48, 48) uint8 → (N, 7) float32, columns in the order of `EMOTIONS`, each row sums to 1."""
        if pixels.ndim != 3 or pixels.shape[1:] != (FACE_PX, FACE_PX) or pixels.dtype != np.uint8:
            raise InputError(
                sentence(
                    "Faces came as {dtype} of shape {shape}; expected uint8 of shape (N, {face_px}, {face_px}).",
                    dtype=pixels.dtype,
                    shape=pixels.shape,
                    face_px=FACE_PX,
                )
            )
        probabilities = np.empty((len(pixels), len(EMOTIONS)), dtype=np.float32)
        self._fill(probabilities, pixels)
        if self.temperature is not None and len(probabilities):
            return scaled(probabilities, self.temperature).astype(np.float32)
        return probabilities

    def novelty(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32] | None:
        """(N, 48, 48) uint8 → (N,) float32: how far each face lies from those that the model learned, of which 1 is
        what one in a hundred validation faces exceeds; None where the model's file does not know it.
        """
        return None

    def scaled_by(self, temperature: float) -> Self:
        """The same model, not loaded again, whose probabilities are scaled by a temperature."""
        scaled_reader = copy.copy(self)
        scaled_reader.temperature = temperature
        return scaled_reader

    def _fill(self, probabilities: npt.NDArray[np.float32], pixels: npt.NDArray[np.uint8]) -> None:
        """Write the rows batch by batch."""
        for start in range(0, len(pixels), self.batch):
            part = pixels[start : start + self.batch]
            said = np.asarray(self._said(part), dtype=np.float64)
            probabilities[start : start + len(part)] = said / said.sum(axis=1, keepdims=True)

    @abstractmethod
    def _said(self, part: npt.NDArray[np.uint8]) -> Any:
        """The model's answer to (n, 48, 48) faces, at most `batch` of them: (n, 7)."""

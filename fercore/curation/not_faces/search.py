"""The search for pictures that are no face, or not one whole face, among many faces in bounded memory.

Five signs are asked: structure (blank), two tones (text or drawing), a side that repeats its edge or the other side
(half a face), the distance from the subspace of faces, and a classifier that was fitted to the dataset's own faces and
to half, several and scrambled ones made of them. Faces are dealt into two halves, and each half is judged by a model of
the other. No limit was fitted to known cases: each is a property of photos (see `tones` and `fills`), a number of
standard deviations, or an assumed share of bad pictures.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import log
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.curation import features
from fercore.curation.duplicates.confirmation import Read
from fercore.curation.not_faces import fills, likeness, tones
from fercore.curation.not_faces.likeness import TYPES, FaceModel
from fercore.language import tr
from fercore.progress import Progress, silent

Places = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
LEAST_FACES: Final = 60  # of fewer, no model is made: only structure and tones are asked
_SAMPLE: Final = 10_000  # faces for each of the two models
_CHUNK: Final = 4096
_FAR: Final = 3.0  # standard deviations: one in 740 of a normal distribution is farther
_BY_DEVIATION: Final = 2.0  # suspicion for each further one
_SHARE: Final = 0.01  # of all pictures, taken to be none of a whole face before they are looked at
# The classifier knows one whole face in four pictures; in a dataset nearly all are.
_PRIOR: Final = log(_SHARE / (1 - _SHARE)) - log(len(TYPES) - 1)
_BY_TONES: Final = 30.0  # suspicion for each further share of the pixels
_BY_FILL: Final = 30.0  # suspicion for each further share of the lines
_BY_SYMMETRY: Final = 1.5  # suspicion for each gray level less between mirrored sides
_SURE: Final = 30.0  # suspicion of a blank picture, above all others
_LEAST: Final = 1e-12


class NotFaceKind(StrEnum):
    """The likeliest fault of a picture; printed as these words."""

    BLANK = "blank"
    TEXT = "text or drawing"
    HALF = "half face"
    SEVERAL = "several faces"
    UNUSUAL = "unusual"


KINDS: Final = tuple(NotFaceKind)
_BLANK, _TEXT, _HALF, _SEVERAL, _UNUSUAL = range(len(KINDS))
_KIND_OF_TYPE: Final = np.array([_HALF, _SEVERAL, _UNUSUAL], np.int8)  # of the types but whole faces


@dataclass(frozen=True)
class NotFaces:
    """N pictures: (N,) `score`, 0 (surely a face) to 1; `kind` (N,) int8, the likeliest fault as a place in KINDS;
    `is_finding` (N,), score above a half; `order` (N,) places, the most suspicious first.
    """

    score: Values
    kind: npt.NDArray[np.int8]
    is_finding: npt.NDArray[np.bool_]
    order: Places


def find(count: int, read: Read, seed: int = 0, progress: Progress = silent) -> NotFaces:
    """Suspicion of `count` pictures, which `read` gives by their places: a sample of them for the models, then all."""
    side = np.random.default_rng(seed).permutation(count) % 2
    models = _models(side, read, seed) if count >= LEAST_FACES else None
    suspicion, kind = np.empty(count), np.empty(count, np.int8)
    for start in range(0, count, _CHUNK):
        places = np.arange(start, min(start + _CHUNK, count))
        suspicion[places], kind[places] = _judged(read(places), side[places], models)
        progress(int(places[-1]) + 1, count, tr("Comparing with faces"))
    score = 1 / (1 + np.exp(-suspicion))
    return NotFaces(score, kind, suspicion > 0, np.argsort(-suspicion, kind="stable"))


def _models(side: Places, read: Read, seed: int) -> tuple[FaceModel, FaceModel]:
    """The models of the faces of both halves, each by a sample of them and measured at one of the others."""
    random = np.random.default_rng(seed)
    first, second = (read(np.sort(random.permutation(np.flatnonzero(side == half))[:_SAMPLE])) for half in range(2))
    return likeness.fitted(first, second, seed), likeness.fitted(second, first, seed)


def _judged(
    pictures: npt.NDArray[np.uint8], side: Places, models: tuple[FaceModel, FaceModel] | None
) -> tuple[Values, npt.NDArray[np.int8]]:
    """(N, 48, 48) uint8 and the half of each to suspicion and kind (N,)."""
    two_tones = _BY_TONES * (tones.two_tones(pictures) - tones.TWO_TONES)
    repeated = _repeated(pictures)
    suspicion = np.maximum(two_tones, repeated)
    kind = np.where(repeated > two_tones, _HALF, _TEXT).astype(np.int8)
    if models is not None:
        by_model, kind_by_model = _judged_by_models(pictures, side, models)
        kind = np.where(suspicion > np.minimum(by_model, 0), kind, kind_by_model)
        suspicion = np.maximum(suspicion, by_model)
    blank = tones.structure(pictures) < tones.BLANK
    suspicion = np.where(blank, _SURE, np.clip(suspicion, 1 - _SURE, _SURE - 1))
    return suspicion, np.where(blank, _BLANK, kind).astype(np.int8)


def _repeated(pictures: npt.NDArray[np.uint8]) -> Values:
    """(N, 48, 48) uint8 to (N,): suspicion of a side that is filled, or mirrors the other one."""
    between = fills.steps(pictures)
    filled = _BY_FILL * (fills.filled(between) - fills.FILLED)
    return np.maximum(filled, _BY_SYMMETRY * (fills.MIRRORED - fills.asymmetry(pictures, between)))


def _judged_by_models(
    pictures: npt.NDArray[np.uint8], side: Places, models: tuple[FaceModel, FaceModel]
) -> tuple[Values, npt.NDArray[np.int8]]:
    described = features.described(pictures)
    suspicion, kind = np.empty(len(pictures)), np.empty(len(pictures), np.int8)
    for half in range(2):
        own = side == half
        if not own.any():
            continue
        model = models[1 - half]
        logs = model.log_probabilities(described[own])
        odds = np.log(-np.expm1(np.minimum(logs[:, 0], -_LEAST))) - logs[:, 0]
        classified = odds + _PRIOR
        far = _BY_DEVIATION * (model.distance(described[own]) - _FAR)
        suspicion[own] = np.maximum(far, classified)
        # A picture of which the classifier says nothing is unusual only.
        kind[own] = np.where(odds > 0, _KIND_OF_TYPE[logs[:, 1:].argmax(1)], _UNUSUAL)
    return suspicion, kind

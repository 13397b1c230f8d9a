"""Explanations: the parts of a face that a model's probabilities rest on, found by hiding them.

RISE (Petsiuk, Das & Saenko 2018, BMVC) asks nothing of a model but its answers, so it is the same whatever runs the
model: smooth random masks hide parts of the face, and a pixel matters as far as an emotion is more probable where the
pixel is seen. Hidden parts are blurred: black ones would be unlike any face.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.faces.opencv import opencv
from fercore.faces.pixels import Gray

MASKS: Final = 128
TENTH: Final = 0.1
STEPS: Final = 10  # of the curves, after the whole face
_CELLS: Final = 8  # of a mask, side by side
_SEEN: Final = 0.5
_BLUR: Final = 6.0  # pixels: what is left are light and shade, no features
Floats = npt.NDArray[np.float32]
Reader = Callable[[Gray], Floats]  # (N, 48, 48) uint8 to (N, 7)


@dataclass(frozen=True)
class Explanation:
    """The (7,) `probabilities` of a face, and for each emotion the (48, 48) part of `maps`: how much more probable it
    is where a pixel is seen.
    """

    probabilities: Floats
    maps: Floats


@dataclass(frozen=True)
class Curves:
    """The probability of one emotion while the face vanishes (`deletion`) and while it appears (`insertion`), what
    matters most first; (STEPS + 1,) each, from nothing done to all.
    """

    deletion: Floats
    insertion: Floats


def explained(reader: Reader, face: npt.NDArray[np.uint8], seed: int = 0) -> Explanation:
    """The explanation of one (48, 48) face by `MASKS` masked ones, which the reader gets with it in one batch."""
    masks = _masks(seed)
    faces = np.concatenate([face[None], _blended(face, masks)])
    read = np.asarray(reader(faces), np.float32)
    centred = masks - masks.mean(0)
    slope = (read[1:] - read[1:].mean(0)).T @ centred.reshape(MASKS, -1)
    spread = np.maximum((centred**2).sum(0), 1e-6)
    return Explanation(read[0], (slope.reshape(-1, *face.shape) / spread).astype(np.float32))


def curves(reader: Reader, face: npt.NDArray[np.uint8], importance: Floats, emotion: int) -> Curves:
    """The curves of one emotion by the (48, 48) importance of a face's pixels."""
    steps = np.linspace(0, 1, STEPS + 1)
    gone = np.stack([marked(importance, share) for share in steps])
    faces = np.concatenate([_blended(face, ~gone), _blended(face, gone)])
    read = np.asarray(reader(faces), np.float32)[:, emotion]
    return Curves(read[: STEPS + 1], read[STEPS + 1 :])


def hidden(face: npt.NDArray[np.uint8], part: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    """The (48, 48) face with a (48, 48) part of it blurred."""
    result: npt.NDArray[np.uint8] = _blended(face, ~part[None])[0]
    return result


def marked(importance: Floats, share: float = TENTH) -> npt.NDArray[np.bool_]:
    """The (48, 48) pixels that matter most: a share of them all."""
    chosen = np.zeros(importance.size, bool)
    chosen[np.argsort(-importance, axis=None, kind="stable")[: round(share * importance.size)]] = True
    return chosen.reshape(importance.shape)


def _blended(face: npt.NDArray[np.uint8], seen: npt.NDArray[np.generic]) -> Gray:
    """(N, 48, 48): the face as far as each of N masks shows it, blurred elsewhere."""
    plain = face.astype(np.float32)
    blurred = opencv().GaussianBlur(plain, (0, 0), _BLUR)
    mixed = blurred + np.asarray(seen, np.float32) * (plain - blurred)
    result: Gray = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
    return result


@cache
def _masks(seed: int, side: int = 48) -> Floats:
    """(MASKS, 48, 48) from 0 (hidden) to 1: bilinear pictures of few random cells, each moved by a part of a cell.

    The second half shows what the first half hides, so that each pixel is seen as often as not.
    """
    random = np.random.default_rng(seed)
    masks = np.empty((MASKS, side, side), np.float32)
    cells = (random.random((MASKS // 2, _CELLS + 1, _CELLS + 1)) < _SEEN).astype(np.float32)
    for number, moved in enumerate(random.random((MASKS // 2, 2))):
        down, right = (_interpolation(side, shift) for shift in moved)
        masks[number] = down @ cells[number] @ right.T
    masks[MASKS // 2 :] = 1 - masks[: MASKS // 2]
    masks.setflags(write=False)
    return masks


def _interpolation(side: int, shift: float) -> Floats:
    """(side, cells + 1) shares of each cell at each pixel, moved by a part of a cell."""
    place = (np.arange(side) + 0.5) / side * (_CELLS - 1) + shift
    distance = np.abs(place[:, None] - np.arange(_CELLS + 1))
    shares: Floats = np.maximum(1 - distance, 0).astype(np.float32)
    return shares

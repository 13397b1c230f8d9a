"""Pairs of faces laid over each other: the frame at which their details agree best, and the correlation there.

Faces all share light and dark parts, so plain correlation is high between strangers. Details between 0.8 and 3 pixels
(a difference of Gaussians, Marr & Hildreth 1980) are a picture's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fercore.curation.duplicates.fingerprints import Edges, Floats, Frame, Gray
from fercore.faces.pixels import SIDE

_POSSIBLE: Final = 0.25  # least correlation at the frame itself, which is off by a pixel or so
_PROMISING: Final = 0.6  # least correlation before the alignment is refined
_SURE: Final = 0.99  # an alignment that needs no more
_MARGIN: Final = 7  # pixels of the border that are not compared
_EDGE: Final = 4  # pixels of the border, of which a moved copy has up to three of its own
_OFFSETS: Final = tuple((down, right) for down in (-1, 0, 1) for right in (-1, 0, 1))
_HALVES: Final = ((0.5, 0.0), (0.0, 0.5), (0.5, 0.5))  # pixels; frames lie 1.5 pixels apart
_STAY: Final = (0.0, 0.0)
_STILL: Final = ((0, 0),)
_TURNS: Final = ((0.96, _STAY), (1.04, _STAY), *((1.0, half) for half in _HALVES))
_WIDE_MARGIN: Final = 10
_WIDE_SCALES: Final = (0.8, 0.87, 0.93, 1.0, 1.07, 1.15, 1.25)
_STEP: Final = 24  # int8 steps of detail in one standard deviation
_CHUNK: Final = 1024

Details = npt.NDArray[np.int8]
Turn = tuple[float, tuple[float, float]]
"""A scale, and pixels down and to the right."""


@dataclass(frozen=True)
class Overlays:
    """The best overlay of N pairs: (N,) correlation of details, and the frame of the first picture in the second."""

    similarity: Floats
    frames: list[Frame]


def _blur(deviation: float) -> Floats:
    """(48, 48): a Gaussian blur along one axis, the border mirrored."""
    ends = np.pad(np.eye(SIDE, dtype=np.float32), ((SIDE, SIDE), (0, 0)), mode="symmetric")
    apart = np.arange(SIDE)[:, None] + SIDE - np.arange(3 * SIDE)
    weights = np.exp(-(apart**2) / (2 * deviation**2))
    blur: Floats = (weights / weights.sum(axis=1, keepdims=True) @ ends).astype(np.float32)
    return blur


_FINE: Final = _blur(0.8)
_COARSE: Final = _blur(3)


def details(faces: Gray) -> npt.NDArray[np.int8]:
    """(N, 48, 48) uint8 to int8: structure between 0.8 and 3 pixels; 24 is one standard deviation."""
    result = np.empty(faces.shape, np.int8)
    for start in range(0, len(faces), _CHUNK):
        part = faces[start : start + _CHUNK].astype(np.float32)
        band = _FINE @ part @ _FINE.T - _COARSE @ part @ _COARSE.T
        deviation = band.std(axis=(1, 2), keepdims=True)
        band *= _STEP / np.maximum(deviation, 1e-6)
        result[start : start + _CHUNK] = np.clip(np.rint(band), -127, 127)
    return result


def aligned(first: Floats, second: Floats, frames: Sequence[Frame]) -> Overlays:
    """Details (N, 48, 48) float32 of pairs, and a frame near which the first shows the second."""
    best = list(frames)
    similarity = _correlated(first, second, frames, _STILL)[0]
    rows = np.flatnonzero(similarity >= _POSSIBLE)
    _improve(similarity, best, first, second, rows, (1.0, _STAY))
    rows = rows[similarity[rows] >= _PROMISING]
    for turn in _TURNS * 2:
        rows = rows[similarity[rows] < _SURE]
        _improve(similarity, best, first, second, rows, turn)
    return Overlays(similarity, best)


def correlation(picture: Gray, other: Gray, frame: Frame) -> float:
    """The correlation of the grays of two faces (48, 48) but for their border, the first shown at a frame."""
    inside = slice(_EDGE, SIDE - _EDGE)
    first = _warped(np.ascontiguousarray(picture, np.float32), frame)[inside, inside].ravel()
    second = other[inside, inside].ravel().astype(np.float32)
    first, second = first - first.mean(), second - second.mean()
    return float(first @ second / max(float(np.linalg.norm(first) * np.linalg.norm(second)), 1e-6))


def _improve(
    similarity: Floats, best: list[Frame], first: Floats, second: Floats, rows: npt.NDArray[np.intp], turn: Turn
) -> None:
    """Try frames enlarged and moved a little, and their neighbours one pixel away, in place of the best so far."""
    if not len(rows):
        return
    scale, by = turn
    tried = [_moved(_scaled(best[row], scale), by) for row in rows.tolist()]
    higher, offsets = _correlated(first[rows], second[rows], tried, _OFFSETS)
    for at, row in enumerate(rows.tolist()):
        if higher[at] > similarity[row]:
            similarity[row], best[row] = higher[at], _moved(tried[at], offsets[at])


def _correlated(
    first: Floats, second: Floats, frames: Sequence[Frame], tried: Sequence[tuple[int, int]]
) -> tuple[Floats, list[tuple[int, int]]]:
    """The best correlation of each pair among offsets in pixels, (N,), and that offset."""
    inside = slice(_MARGIN, SIDE - _MARGIN)
    moved = np.stack([_warped(picture, frame)[inside, inside] for picture, frame in zip(first, frames, strict=True)])
    moved -= moved.mean(axis=(1, 2), keepdims=True)
    moved /= np.maximum(np.sqrt(np.einsum("nij,nij->n", moved, moved)), 1e-6)[:, None, None]
    scores = np.empty((len(tried), len(first)), np.float32)
    for at, (down, right) in enumerate(tried):
        part = second[:, _MARGIN + down : SIDE - _MARGIN + down, _MARGIN + right : SIDE - _MARGIN + right]
        sums = np.einsum("nij->n", part)
        squares = np.einsum("nij,nij->n", part, part) - sums**2 / moved[0].size
        scores[at] = np.einsum("nij,nij->n", moved, part) / np.sqrt(np.maximum(squares, 1e-6))
    best = scores.argmax(axis=0)
    highest: Floats = scores.max(axis=0)
    return highest, [tried[at] for at in best.tolist()]


def _warped(picture: Floats, frame: Frame) -> Floats:
    """A copy (48, 48) at the place and size of the original's part that it shows."""
    if frame.x.low == frame.x.high == frame.y.low == frame.y.high == 0:
        return picture
    matrix = np.zeros((2, 3), np.float32)
    for row, edges in enumerate((frame.x, frame.y)):
        matrix[row, row] = 1 / edges.scale
        matrix[row, 2] = (0.5 - edges.low) / edges.scale - 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpAffine(picture, matrix, (SIDE, SIDE), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.float32)


def _moved(frame: Frame, offset: tuple[float, float]) -> Frame:
    """The frame after the copy was moved by so many pixels of the original, down and to the right."""
    return Frame(*(Edges(axis.low + by, axis.high + by) for axis, by in zip(frame, offset, strict=True)))


def _scaled(frame: Frame, scale: float) -> Frame:
    """The frame enlarged about its centre."""
    return Frame(*(_axis_scaled(axis, scale) for axis in frame))


def _axis_scaled(axis: Edges, scale: float) -> Edges:
    growth = SIDE * axis.scale * (scale - 1) / 2
    return Edges(axis.low - growth, axis.high + growth)


def widest(first: Floats, second: Floats) -> float:
    """The best correlation of two pictures' details (48, 48) over offsets of up to 10 pixels and scales of 0.8 to 1.25,
    mirrored or not."""
    inside = slice(_WIDE_MARGIN, SIDE - _WIDE_MARGIN)
    best = -1.0
    for picture in (first, np.ascontiguousarray(first[:, ::-1])):
        for scale in _WIDE_SCALES:
            scaled = _warped(picture, _scaled(Frame(Edges(0, 0), Edges(0, 0)), scale))
            best = max(best, float(cv2.matchTemplate(second, scaled[inside, inside], cv2.TM_CCOEFF_NORMED).max()))
    return best

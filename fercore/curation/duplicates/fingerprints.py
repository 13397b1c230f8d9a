"""Perceptual fingerprints of faces: 128 signs of cosine coefficients, also of shifted, cropped and mirrored copies.

The signs of low-frequency cosine coefficients are the hash known as pHash (Zauner 2010). Two changes fit it to faces,
which all look alike: each coefficient is compared with its mean over the faces, so that a bit is set for half of them;
and it is taken from a soft window inside the picture, so that the border of a shifted copy does not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from fercore.faces.pixels import SIDE

THUMB: Final = 16
UNIT: Final = 32  # steps of a thumbnail's gray in one standard deviation
BITS: Final = 64
_WINDOW: Final = (5.0, 43.0)  # pixels
_CELL: Final = SIDE // THUMB
_PART: Final = 4096  # faces at a time
_PRIOR: Final = 500  # faces whose mean coefficient is taken to be 0
_WEAK: Final = 0.12  # standard deviations; a coefficient so close to its mean may fall on either side

Gray = npt.NDArray[np.uint8]
Thumbs = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint64]


class Edges(NamedTuple):
    """Places of a picture's two edges along one axis, in pixels from those of the picture it was made of."""

    low: float
    high: float

    @property
    def scale(self) -> float:
        """Pixels of the original in one pixel of the copy."""
        return (SIDE + self.high - self.low) / SIDE


class Frame(NamedTuple):
    """Part of the original that a copy shows, by the edges along both axes."""

    y: Edges
    x: Edges


def _shift(pixels: float) -> Edges:
    return Edges(pixels, pixels)


_WHOLE: Final = Edges(0, 0)
_SHIFTS: Final = (-3.0, -1.5, 0.0, 1.5, 3.0)
_HALVES: Final = (Edges(0, -2.5), Edges(2.5, 0))  # cropped on one side and enlarged to 48 pixels
# Each pair of faces is compared both ways, so half of all shifts is enough: downwards and, on one level, to the right.
_DIRECT: Final = tuple(Frame(_shift(y), _shift(x)) for y in _SHIFTS for x in _SHIFTS if (y, x) >= (0.0, 0.0))
_LEVEL: Final = tuple(Frame(_shift(0), _shift(x)) for x in _SHIFTS if x < 0)  # for mirrored pictures only
_CROPS: Final = (Frame(Edges(2, -2), Edges(2, -2)), *(Frame(y, x) for y in _HALVES for x in _HALVES))
FRAMES: Final[tuple[Frame, ...]] = (
    Frame(_WHOLE, _WHOLE),
    *(frame for frame in _DIRECT if frame != Frame(_WHOLE, _WHOLE)),
    *_CROPS,
    *_LEVEL,
)
MIRRORED_ONLY: Final = frozenset(range(len(FRAMES) - len(_LEVEL), len(FRAMES)))


def mirrored(frame: Frame) -> Frame:
    """The frame of the mirrored picture, when this is that of the picture."""
    return Frame(frame.y, Edges(-frame.x.high, -frame.x.low))


_ORDERS: Final = sorted(
    ((y, x) for y in range(13) for x in range(13) if y or x), key=lambda order: (order[0] ** 2 + order[1] ** 2, order)
)[: 2 * BITS]
# Within each word neighbouring frequencies lie far from each other, so that a band of bits holds low and high ones.
_SHUFFLED: Final = [
    _ORDERS[word * BITS + int(at)] for word in range(2) for at in np.random.default_rng(1).permutation(BITS)
]
_ODD: Final = np.array([x % 2 == 1 for _, x in _SHUFFLED])


def _axis(edges: Edges) -> Floats:
    """(orders, 16): windowed cosines at the places where a thumbnail's cells lie in the original."""
    places = edges.low + (np.arange(SIDE) + 0.5) * edges.scale
    inside = (places - _WINDOW[0]) / (_WINDOW[1] - _WINDOW[0])
    taper = np.where((inside > 0) & (inside < 1), np.sin(np.pi * np.clip(inside, 0, 1)), 0)
    orders = np.arange(max(max(pair) for pair in _ORDERS) + 1)
    waves = np.cos(np.pi * orders[:, None] * inside) * taper
    cells: Floats = waves.reshape(len(orders), THUMB, _CELL).mean(axis=2).astype(np.float32)
    return cells


def _projection(frame: Frame) -> Floats:
    """(256, 128): coefficients of a thumbnail, none of which changes with brightness; columns of length 1."""
    along_y, along_x = _axis(frame.y), _axis(frame.x)
    window = np.outer(along_y[0], along_x[0])
    columns = []
    for y, x in _SHUFFLED:
        wave = np.outer(along_y[y], along_x[x])
        wave = wave - window * (wave.sum() / window.sum())
        columns.append(wave.ravel() / np.linalg.norm(wave))
    return np.stack(columns, axis=1).astype(np.float32)


def reduced(faces: Gray) -> Floats:
    """(N, 48, 48) uint8 to (N, 256): the mean grays of 16x16 areas."""
    small = np.empty((len(faces), THUMB**2), np.float32)
    for start in range(0, len(faces), _PART):
        part = faces[start : start + _PART]
        tall = np.ascontiguousarray(part).reshape(-1, SIDE).astype(np.float32)
        areas = cv2.resize(tall, (THUMB, len(part) * THUMB), interpolation=cv2.INTER_AREA)
        small[start : start + _PART] = areas.reshape(len(part), -1)
    return small


def thumbnails(faces: Gray) -> Thumbs:
    """(N, 48, 48) uint8 to (N, 256) int8: 16x16 pictures without brightness and contrast; 32 is one deviation."""
    small = reduced(faces)
    small -= small.mean(axis=1, keepdims=True)
    deviation = np.sqrt(np.einsum("ij,ij->i", small, small) / small.shape[1])[:, None]
    small *= UNIT / np.maximum(deviation, 1e-6)
    return np.clip(np.rint(small), -127, 127).astype(np.int8)


def contrast(faces: Gray) -> Floats:
    """(N, 48, 48) uint8 to (N,): the standard deviation of the grays."""
    flat = faces.reshape(len(faces), -1).astype(np.float32)
    mean = flat.mean(axis=1)
    squares = np.einsum("ij,ij->i", flat, flat) / max(flat.shape[1], 1)
    deviation: Floats = np.sqrt(np.maximum(squares - mean**2, 0))
    return deviation


@dataclass(frozen=True)
class Fingerprints:
    """Hashes of N pictures under one frame: (N,) `first` and `second` word, `weak` bits of the first."""

    first: Hashes
    second: Hashes
    weak: Hashes

    @classmethod
    def joined(cls, parts: Sequence["Fingerprints"]) -> "Fingerprints":
        """Several below each other."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("first", "second", "weak")))


class Hasher:
    """Hashes of thumbnails; the means of coefficients come from a sample of the faces, (n, 256) int8."""

    def __init__(self, sample: Thumbs) -> None:
        self._projections = [_projection(frame) for frame in FRAMES]
        whole = _values(sample) @ self._projections[0]
        count = len(sample)
        mean = whole.sum(axis=0) / (count + _PRIOR)
        spread = whole.std(axis=0) if count else np.zeros(2 * BITS, np.float32)
        self._mean = mean.astype(np.float32)
        self._mirrored_mean = np.where(_ODD, -mean, mean).astype(np.float32)
        self._weak = (_WEAK * spread[:BITS]).astype(np.float32)
        self._all = np.concatenate(self._projections, axis=1)

    def of(self, thumbs: Thumbs, frames: Sequence[int] = range(len(FRAMES))) -> list[tuple[Fingerprints, Fingerprints]]:
        """(N, 256) int8 to fingerprints of the pictures and of their mirror images, frame by frame."""
        values = _values(thumbs)
        together = values @ (
            self._all
            if len(frames) == len(FRAMES)
            else np.concatenate([self._projections[at] for at in frames], axis=1)
        )
        return [
            (self._signs(part, self._mean, False), self._signs(part, self._mirrored_mean, True))
            for part in (together[:, at * 2 * BITS : (at + 1) * 2 * BITS] for at in range(len(frames)))
        ]

    def _signs(self, coefficients: Floats, mean: Floats, mirrored: bool) -> Fingerprints:
        distance = coefficients - mean
        signs = distance > 0
        if mirrored:
            signs ^= _ODD
        words = np.packbits(signs, axis=1).view(np.uint64)
        weak = np.packbits(np.abs(distance[:, :BITS]) < self._weak, axis=1).view(np.uint64)
        return Fingerprints(words[:, 0].copy(), words[:, 1].copy(), weak[:, 0])


def _values(thumbs: Thumbs) -> Floats:
    return thumbs.astype(np.float32) * np.float32(1 / UNIT)

"""Pictures that are no whole face, made of a dataset's own faces: examples for a classifier that knows no others."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Pictures = npt.NDArray[np.uint8]
Random = np.random.Generator
_LEAST_SHIFT, _MOST_SHIFT = 16, 31  # pixels: a third of the face is gone, or nearly two
_STRIP: Final = 6  # pixels of another face's edge, which is mostly background
_LEAST_PART, _MOST_PART = 18, 31  # pixels of the first of two faces side by side
_LEAST_SMALL, _MOST_SMALL = 20, 29  # pixels of each of several small faces


def half_faces(faces: Pictures, random: Random) -> Pictures:
    """Each face shifted by a third or more in one direction; behind it, its edge or the background of another face."""
    return _each(faces, random, _half)


def several_faces(faces: Pictures, random: Random) -> Pictures:
    """Each face beside parts of another one, or with up to three others, all small, on a plain background."""
    return _each(faces, random, _several)


def scrambled_faces(faces: Pictures, random: Random) -> Pictures:
    """Each face with the phases of noise: its grays at all scales, and nothing in its place."""
    return _each(faces, random, _scrambled)


def _each(
    faces: Pictures, random: Random, change: Callable[[Pictures, Pictures, Random], npt.NDArray[np.uint8]]
) -> Pictures:
    others = random.integers(len(faces), size=(len(faces), 3))
    return np.stack([change(face, faces[other], random) for face, other in zip(faces, others, strict=True)])


def _half(face: Pictures, others: Pictures, random: Random) -> Pictures:
    side = face.shape[0]
    across, down = ((1, 0), (-1, 0), (0, 1), (0, -1))[random.integers(4)]
    shift = int(random.integers(_LEAST_SHIFT, _MOST_SHIFT))
    move = np.array([[1, 0, across * shift], [0, 1, down * shift]], np.float32)
    if random.random() < 0.5:
        return np.asarray(cv2.warpAffine(face, move, (side, side), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    inside = cv2.warpAffine(np.ones_like(face), move, (side, side))
    background = cv2.resize(np.ascontiguousarray(others[0][:, :_STRIP]), (side, side))
    return np.where(inside, cv2.warpAffine(face, move, (side, side)), background).astype(np.uint8)


def _several(face: Pictures, others: Pictures, random: Random) -> Pictures:
    side = face.shape[0]
    if random.random() < 0.5:
        part = int(random.integers(_LEAST_PART, _MOST_PART))
        return np.hstack([_middle(face, part), _middle(others[0], side - part)])
    picture = np.full_like(face, int(np.median(face[:3])))
    count = int(random.integers(1, len(others) + 1))
    for other, (right, low) in zip([face, *others[:count]], ((0, 0), (1, 1), (1, 0), (0, 1)), strict=False):
        small = int(random.integers(_LEAST_SMALL, _MOST_SMALL))
        left, top = right * (side - small), low * (side - small)
        shrunk = cv2.resize(other, (small, small), interpolation=cv2.INTER_AREA)
        picture[top : top + small, left : left + small] = shrunk
    return picture


def _middle(face: Pictures, width: int) -> Pictures:
    start = (face.shape[1] - width) // 2
    return face[:, start : start + width]


def _scrambled(face: Pictures, others: Pictures, random: Random) -> Pictures:
    mean = float(face.mean())
    strength = np.abs(np.fft.fft2(face - mean))
    phases = np.fft.fft2(random.normal(size=face.shape))
    waves = np.fft.ifft2(strength * phases / np.abs(phases)).real
    return np.clip(mean + waves, 0, 255).astype(np.uint8)

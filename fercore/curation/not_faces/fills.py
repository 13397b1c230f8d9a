"""Pictures of which a part repeats another: a side filled with one gray or its edge, or a half that is mirrored."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Pictures = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float64]
FILLED: Final = 0.4  # of all lines, from an edge on: of FER2013's faces none has so many, plain backgrounds included
MIRRORED: Final = 2.0  # gray levels between mirrored sides: of FER2013's pictures 7 have less, none of them a face
_EQUAL: Final = 1.0  # mean gray levels between two neighbouring lines that repeat each other
_NEAR: Final = 3.0  # the same between the two lines at an axis of symmetry, which are compared first
_LEAST_SIDE: Final = 16  # lines on the smaller side of an axis: symmetry of fewer is that of a background
_PLAIN: Final = 8.0  # gray levels of deviation: a plain side mirrors any other


def steps(pictures: Pictures) -> tuple[Values, Values]:
    """(N, S, S) uint8 to (N, S - 1) mean differences of neighbouring columns, and of neighbouring rows."""
    across = cv2.absdiff(pictures[:, :, 1:], pictures[:, :, :-1]).mean(1)
    down = cv2.absdiff(pictures[:, 1:], pictures[:, :-1]).mean(2)
    return across.astype(np.float64), down.astype(np.float64)


def filled(between: tuple[Values, Values]) -> Values:
    """(N,): the largest share of lines, from one of the four edges on, that repeat the line at the edge."""
    longest = np.zeros(len(between[0]))
    for each in between:
        for way in (each, each[:, ::-1]):
            repeated = np.cumprod(way < _EQUAL, axis=1).sum(1)
            longest = np.maximum(longest, np.where(repeated > 0, repeated + 1, 0))
    share: Values = longest / (between[0].shape[1] + 1)
    return share


def asymmetry(pictures: Pictures, between: tuple[Values, Values]) -> Values:
    """(N,): mean gray levels between the sides of the most symmetric axis near the middle; inf where there is none."""
    least = np.full(len(pictures), np.inf)
    for each, turned in zip(between, (pictures, pictures.transpose(0, 2, 1)), strict=True):
        side = turned.shape[2]
        for axis in range(_LEAST_SIDE, side - _LEAST_SIDE + 1):
            near = np.flatnonzero(each[:, axis - 1] < _NEAR)
            width = min(axis, side - axis)
            first = turned[near, :, axis - width : axis][:, :, ::-1].astype(np.int16)
            second = turned[near, :, axis : axis + width].astype(np.int16)
            apart = np.abs(first - second).mean((1, 2))
            least[near] = np.minimum(least[near], np.where(second.std((1, 2)) > _PLAIN, apart, np.inf))
    return least

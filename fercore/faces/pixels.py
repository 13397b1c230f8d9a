"""The form in which every face is kept: 48x48 gray bytes, made by area interpolation."""

import hashlib
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.faces.opencv import opencv

SIDE: Final = 48

Gray = npt.NDArray[np.uint8]
Colour = npt.NDArray[np.uint8]


def pixel_hash(pixels: Gray) -> str:
    """SHA-256 in hex of the 2304 bytes of a (48, 48) uint8 face, row by row."""
    return hashlib.sha256(np.ascontiguousarray(pixels).data).hexdigest()


def shrink(gray: Gray, side: int = SIDE) -> Gray:
    """(h, w) or (h, w, 3) uint8 to (side, side[, 3]), by area interpolation where it becomes smaller."""
    height, width = gray.shape[:2]
    if (height, width) == (side, side):
        return np.ascontiguousarray(gray)
    cv2 = opencv()
    method = cv2.INTER_AREA if min(height, width) >= side else cv2.INTER_LINEAR
    small: Gray = cv2.resize(np.ascontiguousarray(gray), (side, side), interpolation=method)
    return small


def centre_square(gray: Gray) -> Gray:
    """The largest square in the middle of a (h, w) picture: cutting keeps a face's proportions."""
    height, width = gray.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return gray[top : top + side, left : left + side]

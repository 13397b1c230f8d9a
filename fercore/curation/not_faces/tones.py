"""Gray tones of pictures: pictures without content, and pictures in two tones, as text and drawings are."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Pictures = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float64]
BLANK: Final = 4.0  # gray levels: less structure shows nothing. Of FER2013's faces one in 2,000 has less than 6
TWO_TONES: Final = 0.68  # of all pixels in two narrow bands of gray: fewer than one photo of a face in 1,000 has more
_BLUR: Final = 9  # pixels: noise of 12 gray levels is one of 1.3 after it
_BAND: Final = 9  # gray levels
_APART: Final = 40  # gray levels between two tones


def structure(pictures: Pictures) -> Values:
    """(N, 48, 48) uint8 to (N,): the standard deviation of the mean grays of areas of 9 × 9; noise hardly counts."""
    edge = _BLUR // 2
    result = np.empty(len(pictures))
    for place, picture in enumerate(pictures):
        result[place] = cv2.blur(picture, (_BLUR, _BLUR))[edge:-edge, edge:-edge].std()
    return result


def two_tones(pictures: Pictures) -> Values:
    """(N, 48, 48) uint8 to (N,): the share of the pixels in the fullest band of 9 gray levels and in the fullest one at
    a distance from it.
    """
    flat = pictures.reshape(len(pictures), -1).astype(np.int64)
    flat += np.arange(len(flat))[:, None] * 256
    counts = np.bincount(flat.ravel(), minlength=len(pictures) * 256).reshape(-1, 256) / pictures[0].size
    sums = np.cumsum(np.pad(counts, ((0, 0), (_BAND // 2 + 1, _BAND // 2))), axis=1)
    bands = sums[:, _BAND:] - sums[:, :-_BAND]
    fullest = bands.argmax(1)
    apart = np.abs(np.arange(bands.shape[1]) - fullest[:, None]) > _APART
    both: Values = bands.max(1) + np.where(apart, bands, 0).max(1)
    return both

"""Evidence for and against a detected face: eyes, skin, its place in the picture, other boxes over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np

from fercore.faces.boxes import Box, covered
from fercore.faces.decoding import DecodedPhoto
from fercore.faces.opencv import opencv
from fercore.faces.pixels import SIDE, Colour, Gray
from fercore.faces.quality import sharpness

_EYES: Final = "haarcascade_eye.xml"
_EYE_SIDE: Final = 120  # pixels that a face is looked at with
_EYE_SHARE: Final = 0.14  # the smallest eye, of the face's side
# Skin in YCrCb (Chai and Ngan 1999); it holds for light and dark skin alike.
_SKIN_LOW: Final = (0, 133, 77)
_SKIN_HIGH: Final = (255, 173, 127)
_LITTLE_SKIN: Final = 0.1
_MOSTLY: Final = 0.5
_BLURRED: Final = 30.0  # variance of the Laplacian of a 48 x 48 crop
_COLOURLESS: Final = 4  # mean distance of the channels, 0 to 255


@dataclass(frozen=True, slots=True)
class Checks:
    """`eyes` found (0 to 2), shares 0 to 1: `skin` (None for a gray picture), `inside` the picture, `covered` by
    a surer face of the photo; `doubtful`: probably no face of its own."""

    eyes: int
    skin: float | None
    inside: float
    covered: float
    doubtful: bool


class Checker:
    """Looks at detected faces once more; one for each thread."""

    def __init__(self) -> None:
        cv2 = opencv()
        self._eyes: Any = cv2.CascadeClassifier(str(Path(cv2.data.haarcascades, _EYES)))
        self._lock = Lock()

    def check(self, photo: DecodedPhoto, box: Box, pixels: Gray, surer: Sequence[Box], unsure: bool) -> Checks:
        """A face of `box` in full pixels, cut to `pixels` (48, 48); `surer` are the photo's boxes with a higher
        score, `unsure` says that its own is low.

        Two signs against a face make it doubtful: a low score, no eyes, no skin, blur, few pixels.
        """
        left, top, right, bottom = photo.corners(box)
        eyes = self._count_eyes(photo.gray[top:bottom, left:right])
        skin = skin_share(photo.colour[top:bottom, left:right])
        within = covered(box, by=(0, 0, *photo.size))
        hidden = max((covered(box, by=other) for other in surer), default=0.0)
        bare = skin is not None and skin < _LITTLE_SKIN
        blurred = float(sharpness(pixels[None])[0]) < _BLURRED
        against = sum((unsure, eyes == 0, bare, blurred, box[2] < SIDE))
        return Checks(eyes, skin, within, hidden, hidden > _MOSTLY or within < _MOSTLY or against >= 2)

    def _count_eyes(self, face: Any) -> int:
        cv2 = opencv()
        upper = cv2.resize(face, (_EYE_SIDE, _EYE_SIDE), interpolation=cv2.INTER_AREA)[: _EYE_SIDE * 3 // 5]
        side = round(_EYE_SIDE * _EYE_SHARE)
        with self._lock:
            eyes = self._eyes.detectMultiScale(upper, 1.1, 4, minSize=(side, side))
        return min(2, len(eyes))


def skin_share(colour: Colour) -> float | None:
    """(h, w, 3) RGB uint8: the share of skin-coloured pixels; None where the picture is gray."""
    cv2 = opencv()
    red, green, blue = cv2.split(np.ascontiguousarray(colour))
    # ten times as fast as NumPy along the last axis
    spread = cv2.max(cv2.max(red, green), blue) - cv2.min(cv2.min(red, green), blue)
    if spread.mean() < _COLOURLESS:
        return None
    mask = cv2.inRange(cv2.cvtColor(np.ascontiguousarray(colour), cv2.COLOR_RGB2YCrCb), _SKIN_LOW, _SKIN_HIGH)
    return int(np.count_nonzero(mask)) / int(mask.size)

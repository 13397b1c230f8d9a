"""A photo as it is shown, with its faces marked: on a copy, for what a decoder gives may not be drawn on."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from fercore.faces.boxes import Box
from fercore.faces.decoding import DecodedPhoto
from fercore.faces.opencv import opencv
from fercore.faces.pixels import Colour

_BADGE: Final = (26, 28)  # pixels that a face's number has


def marked(photo: DecodedPhoto, boxes: Sequence[Box], colours: Sequence[str], width: int) -> Colour:
    """(h, w, 3) uint8 of a photo at most `width` pixels wide, with numbered boxes in colours such as "#56B4E9"."""
    picture = _fitted(photo.colour, width)
    factor = picture.shape[1] / photo.size[0]
    cv2 = opencv()
    for number, (box, colour) in enumerate(zip(boxes, colours, strict=True), start=1):
        x, y, w, h = (round(value * factor) for value in box)
        ink = tuple(int(colour.lstrip("#")[i : i + 2], 16) for i in (0, 2, 4))
        cv2.rectangle(picture, (x, y), (x + w, y + h), (0, 0, 0), 5, cv2.LINE_AA)
        cv2.rectangle(picture, (x, y), (x + w, y + h), ink, 3, cv2.LINE_AA)
        cv2.rectangle(picture, (x, y), (x + _BADGE[0], y + _BADGE[1]), ink, -1)
        cv2.putText(picture, str(number), (x + 5, y + 21), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 0, 0), 2, cv2.LINE_AA)
    return picture


def _fitted(colour: Colour, width: int) -> Colour:
    """A copy of a picture, made smaller where it is wider than that."""
    rows, columns = colour.shape[:2]
    if columns <= width:
        return np.array(colour, order="C")
    smaller = (width, max(1, round(rows * width / columns)))
    smaller_picture: Colour = opencv().resize(colour, smaller, interpolation=opencv().INTER_AREA)
    return smaller_picture

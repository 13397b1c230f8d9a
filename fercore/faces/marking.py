"""A photo as it is shown, with its faces marked: on a copy, for what a decoder gives may not be drawn on."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from fercore.faces.boxes import Box
from fercore.faces.decoding import DecodedPhoto
from fercore.faces.opencv import opencv
from fercore.faces.pixels import Colour

_BADGE: Final = (26, 28)  # pixels that a face's number has
_DIGIT: Final = 14  # pixels of a digit


def marked(photo: DecodedPhoto, boxes: Sequence[Box], colours: Sequence[str], width: int) -> Colour:
    """(h, w, 3) uint8 of a photo at most `width` pixels wide, with numbered boxes in colours such as "#56B4E9"."""
    picture = fitted(photo.colour, (width, width * 4))
    factor = picture.shape[1] / photo.size[0]
    cv2 = opencv()
    rows, columns = picture.shape[:2]
    scaled: list[Box] = [
        (round(x * factor), round(y * factor), round(w * factor), round(h * factor)) for x, y, w, h in boxes
    ]
    for number, (box, colour) in enumerate(zip(scaled, colours, strict=True), start=1):
        x, y, w, h = box
        ink = tuple(int(colour.lstrip("#")[i : i + 2], 16) for i in (0, 2, 4))
        cv2.rectangle(picture, (x, y), (x + w, y + h), (0, 0, 0), 5, cv2.LINE_AA)
        cv2.rectangle(picture, (x, y), (x + w, y + h), ink, 3, cv2.LINE_AA)
        left, top, width_px, height_px = badge(str(number), box, scaled, (columns, rows))
        cv2.rectangle(picture, (left, top), (left + width_px, top + height_px), ink, -1)
        place = (left + 5, top + 21)
        cv2.putText(picture, str(number), place, cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 0, 0), 2, cv2.LINE_AA)
    return picture


def badge(text: str, box: Box, boxes: Sequence[Box], size: tuple[int, int]) -> Box:
    """The place of a face's number in a picture of (width, height): outside of its box, where it covers least of the
    faces."""
    x, y, w, h = box
    width, height = max(_BADGE[0], 10 + _DIGIT * len(text)), _BADGE[1]
    right, bottom = max(size[0] - width, 0), max(size[1] - height, 0)
    corners = ((x, y - height), (x, y + h), (x - width, y), (x + w, y), (x, y))
    places: list[Box] = [(min(max(a, 0), right), min(max(b, 0), bottom), width, height) for a, b in corners]
    return min(places, key=lambda place: sum(_common(place, box) for box in boxes))


def _common(box: Box, other: Box) -> int:
    """The pixels that two boxes have in common."""
    wide = min(box[0] + box[2], other[0] + other[2]) - max(box[0], other[0])
    high = min(box[1] + box[3], other[1] + other[3]) - max(box[1], other[1])
    return max(wide, 0) * max(high, 0)


def fitted(colour: Colour, most: tuple[int, int]) -> Colour:
    """A copy of a picture, made smaller where it is wider or higher than `most` (width, height) pixels."""
    rows, columns = colour.shape[:2]
    share = min(most[0] / columns, most[1] / rows)
    if share >= 1:
        return np.array(colour, order="C")
    smaller = (max(1, round(columns * share)), max(1, round(rows * share)))
    picture: Colour = opencv().resize(colour, smaller, interpolation=opencv().INTER_AREA)
    return picture

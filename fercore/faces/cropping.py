"""A box of a photo to the 48x48 gray face, and to the colour picture of its surroundings."""

import io
from typing import Final

import numpy as np
from PIL import Image

from fercore.faces.boxes import Box
from fercore.faces.decoding import SCALES, DecodedPhoto, decode
from fercore.faces.opencv import opencv
from fercore.faces.pixels import SIDE, Colour, Gray, shrink

CONTEXT_SIDE: Final = 192
CONTEXT_ZOOM: Final = 2.2
_JPEG_QUALITY: Final = 85
_OUTSIDE: Final = 128  # gray where the surroundings would lie beyond the picture's edge


def finer(photo: DecodedPhoto, box: Box) -> DecodedPhoto:
    """The photo, decoded again with more pixels where a box would have fewer than 48 of them to a side.

    Raises `UnreadableImageError` like `decode`.
    """
    side = min(box[2], box[3])
    if photo.scale == 1 or side >= SIDE * photo.scale:
        return photo
    wanted = max((scale for scale in SCALES if side >= SIDE * scale), default=1)
    return decode(photo.data, wanted)


def crop(photo: DecodedPhoto, box: Box) -> Gray:
    """(48, 48) uint8 gray of a box in full pixels, by area interpolation from the scale that it needs."""
    fine = finer(photo, box)
    left, top, right, bottom = fine.corners(box)
    return shrink(fine.gray[top:bottom, left:right])


def context(photo: DecodedPhoto, box: Box, side: int = CONTEXT_SIDE) -> bytes:
    """A JPEG of `side` x `side` in colour around a box (full pixels), the box in its middle, framed.

    The surroundings are `CONTEXT_ZOOM` boxes wide; beyond the picture's edge it is plain gray, so that
    the face stands in the same place in every context picture.
    """
    x, y, width, height = (value / photo.scale for value in box)
    reach = max(width, height) * CONTEXT_ZOOM
    left, top = round(x + width / 2 - reach / 2), round(y + height / 2 - reach / 2)
    square = shrink(_window(photo.colour, left, top, max(1, round(reach))), side)
    edge = side / CONTEXT_ZOOM / max(width, height) / 2
    _frame(square, round(width * edge), round(height * edge))
    buffer = io.BytesIO()
    Image.fromarray(square).save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()


def _window(colour: Colour, left: int, top: int, side: int) -> Colour:
    """(side, side, 3) of a picture; what lies beyond its edges is plain gray."""
    rows, columns = colour.shape[:2]
    window = np.full((side, side, 3), _OUTSIDE, np.uint8)
    from_row, to_row = max(0, top), max(0, min(rows, top + side))
    from_column, to_column = max(0, left), max(0, min(columns, left + side))
    part = colour[from_row:to_row, from_column:to_column]
    if part.size:
        window[from_row - top : to_row - top, from_column - left : to_column - left] = part
    return window


def _frame(square: Colour, half_width: int, half_height: int) -> None:
    """Draw the box's place onto a context picture: one white line that shows on any ground."""
    middle = square.shape[0] // 2
    corner = (middle - half_width, middle - half_height)
    opposite = (middle + half_width, middle + half_height)
    cv2 = opencv()
    cv2.rectangle(square, corner, opposite, (0, 0, 0), 3)
    cv2.rectangle(square, corner, opposite, (255, 255, 255), 1)

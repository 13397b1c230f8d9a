"""Boxes of faces: how much they share, and what several annotators' boxes agree on."""

from collections.abc import Sequence
from enum import StrEnum
from statistics import median
from typing import Final


class FaceSelection(StrEnum):
    """The faces that are taken from a photo."""

    ALL = "all"
    LARGEST = "largest"


class Fallback(StrEnum):
    """The crop of a photo in which no face is found: nothing, or its middle square."""

    NONE = "none"
    MIDDLE = "middle"


class BoxOrigin(StrEnum):
    """The origin of a box, if from no detector; stored in the place of the detector's name."""

    ANNOTATORS = "annotators"
    MIDDLE = "middle"
    HAND = "hand"


SELECTIONS: Final = tuple(FaceSelection)

Box = tuple[int, int, int, int]  # x, y, width, height in pixels of the full upright picture
Corners = tuple[float, float, float, float]  # left, top, right, bottom, in the same pixels

AGREE: Final = 0.5  # intersection over union with the median box; share of a box inside its picture


def overlap(box: Box, other: Box) -> float:
    """Intersection over union of two boxes, 0 to 1."""
    shared = _shared(box, other)
    return shared / max(1, box[2] * box[3] + other[2] * other[3] - shared)


def covered(box: Box, by: Box) -> float:
    """The share of a box that another one covers, 0 to 1."""
    return _shared(box, by) / max(1, box[2] * box[3])


def same_face(box: Box, face: Box) -> bool:
    """True if a detector's box shows the face of a known box: they share a third, or it holds nearly all of
    the face without being more than twice as wide. Detectors and people draw chins and hair differently."""
    return overlap(box, face) >= 1 / 3 or (covered(face, by=box) > 0.9 and box[2] < 2 * face[2])


def median_box(boxes: Sequence[Corners], size: tuple[int, int]) -> Box | None:
    """The median of each corner, made square around its centre and kept inside a (width, height) picture.

    Square, because a face squeezed into 48 x 48 changes its expression. None without any area.
    """
    if not boxes:
        return None
    left, top, right, bottom = (median(values) for values in zip(*boxes, strict=True))
    side = min(round(max(right - left, bottom - top)), *size)
    if side < 1:
        return None
    x = min(max(0, round((left + right - side) / 2)), size[0] - side)
    y = min(max(0, round((top + bottom - side) / 2)), size[1] - side)
    return x, y, side, side


def agreed_box(boxes: Sequence[Corners], size: tuple[int, int]) -> Box | None:
    """The median box where at least two annotators drew nearly it; None where they do not agree."""
    if len(boxes) < 2:
        return None
    middle = tuple(median(values) for values in zip(*boxes, strict=True))
    near = [box for box in boxes if overlap(_box(box), _box(middle)) >= AGREE]
    return median_box(near, size) if len(near) >= 2 else None


def inside_picture(boxes: Sequence[Corners], size: tuple[int, int]) -> tuple[Corners, ...]:
    """Those boxes of which at least half lies in a (width, height) picture: others were drawn on another one."""
    return tuple(box for box in boxes if covered(_box(box), by=(0, 0, *size)) >= AGREE)


def middle_box(size: tuple[int, int]) -> Box:
    """The largest square in the middle of a (width, height) picture."""
    side = min(size)
    return (size[0] - side) // 2, (size[1] - side) // 2, side, side


def _box(corners: Sequence[float]) -> Box:
    left, top, right, bottom = corners
    return round(left), round(top), round(right - left), round(bottom - top)


def _shared(box: Box, other: Box) -> int:
    width = min(box[0] + box[2], other[0] + other[2]) - max(box[0], other[0])
    height = min(box[1] + box[3], other[1] + other[3]) - max(box[1], other[1])
    return max(0, width) * max(0, height)

"""A look at a photo: what a detector answers, and how a picture is parted, joined again and brought to full pixels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from fercore.faces.boxes import Box, overlap
from fercore.faces.decoding import LONG_SIDE, DecodedPhoto

# A picture of more of its shorter sides is looked at part by part, so that memory stays that of an ordinary photo.
PART_SHAPE: Final = 4
SAME: Final = 0.3  # intersection over union of two boxes of one face


@dataclass(frozen=True, slots=True)
class Detection:
    """One face: its box, and the detector's own score (higher is surer); None where no detector found it."""

    box: Box
    score: float | None


class Detector(Protocol):
    """A detector of faces in a photo, biggest first; a face whose score is under `weak` needs other signs.

    `version` is what its faces keep: another one may find other boxes in the same photo. At most 20 letters.
    """

    weak: float
    version: str

    def detect(self, photo: DecodedPhoto) -> list[Detection]:
        """The faces of a photo, biggest first; an empty list where there is none."""
        ...


def parts(width: int, height: int) -> Iterator[Box]:
    """Left, top, right, bottom of the parts of a picture: one for an ordinary shape.

    Parts of a long one share a square with the next, so that each face is whole in one of them.
    """
    short, long = sorted((width, height))
    length = max(PART_SHAPE * short, LONG_SIDE)
    starts = range(0, max(1, long - short), length - short) if long > length else range(1)
    for start in starts:
        end = min(long, start + length)
        yield (start, 0, end, height) if width >= height else (0, start, width, end)


def is_long(width: int, height: int) -> bool:
    """True for a picture that may have several parts."""
    return max(width, height) > PART_SHAPE * min(width, height)


def each_once(detections: Sequence[Detection]) -> list[Detection]:
    """Of boxes of one face, the surer ones."""
    distinct: list[Detection] = []
    for detection in sorted(detections, key=lambda face: (-(face.score or 0), face.box)):
        if all(overlap(detection.box, other.box) < SAME for other in distinct):
            distinct.append(detection)
    return distinct


def biggest_first(detections: Sequence[Detection]) -> list[Detection]:
    """By area, then by place."""
    return sorted(detections, key=lambda face: (-face.box[2] * face.box[3], face.box))


def full_box(box: Any, shrunk: float, size: tuple[int, int]) -> Box:
    """A box of the reduced picture in full pixels, kept inside the full picture."""
    x, y, width, height = (round(float(value) * shrunk) for value in box)
    return x, y, min(width, size[0] - x), min(height, size[1] - y)

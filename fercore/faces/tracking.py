"""Faces followed through a clip: boxes of successive pictures that share much of their area are the same person's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.faces.boxes import Box

LEAST_OVERLAP: Final = 0.25  # intersection over union; a head that turns between two pictures keeps more
PATIENCE: Final = 5  # pictures in which a face may be missing, and still be followed when it is back


@dataclass(frozen=True, slots=True)
class Sighting:
    """A face in one picture: the picture's place in the clip, and the face's place among that picture's boxes."""

    picture: int
    face: int


@dataclass
class _Path:
    """Sightings so far; `box` is the last one's."""

    sightings: list[Sighting]
    box: Box

    def missing(self, picture: int) -> int:
        """The pictures before this one in which the face was not seen."""
        return picture - 1 - self.sightings[-1].picture


def followed(pictures: Sequence[Sequence[Box]], patience: int = PATIENCE) -> list[tuple[Sighting, ...]]:
    """The sightings of each person in the boxes of each picture, in time; those seen most often come first.

    In each picture, pairs of known faces and boxes are made from the largest overlap on; a box without a pair begins
    a new path.
    """
    ended: list[_Path] = []
    followed_now: list[_Path] = []
    for number, boxes in enumerate(pictures):
        ended += [path for path in followed_now if path.missing(number) > patience]
        followed_now = [path for path in followed_now if path.missing(number) <= patience]
        pairs = _pairs([path.box for path in followed_now], boxes)
        for face, box in enumerate(boxes):
            path = followed_now[pairs[face]] if face in pairs else _Path([], box)
            if face not in pairs:
                followed_now.append(path)
            path.sightings.append(Sighting(number, face))
            path.box = box
    paths = sorted(ended + followed_now, key=lambda path: (-len(path.sightings), path.sightings[0].picture))
    return [tuple(path.sightings) for path in paths]


def _pairs(known: Sequence[Box], boxes: Sequence[Box]) -> dict[int, int]:
    """The known box of each new one that has a pair, by their places."""
    if not known or not boxes:
        return {}
    shares = overlaps(known, boxes)
    pairs: dict[int, int] = {}
    for at in np.argsort(-shares, axis=None, kind="stable"):
        old, new = divmod(int(at), len(boxes))
        if shares[old, new] < LEAST_OVERLAP:
            break
        if new not in pairs and old not in pairs.values():
            pairs[new] = old
    return pairs


def overlaps(known: Sequence[Box], boxes: Sequence[Box]) -> npt.NDArray[np.float64]:
    """(N, M): intersection over union of N boxes with M others."""
    first, second = np.asarray(known, np.float64)[:, None], np.asarray(boxes, np.float64)[None]
    low = np.maximum(first[..., :2], second[..., :2])
    high = np.minimum(first[..., :2] + first[..., 2:], second[..., :2] + second[..., 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=2)
    whole = np.prod(first[..., 2:], axis=2) + np.prod(second[..., 2:], axis=2) - shared
    return np.asarray(shared / np.maximum(whole, 1))

"""Parts of a face in a crop, to say in words where an explanation lies."""

from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt


class FacePart(StrEnum):
    """A part as people name it."""

    FOREHEAD = "forehead"
    BROWS = "brows"
    EYES = "eyes"
    NOSE = "nose"
    CHEEKS = "cheeks"
    MOUTH = "mouth"
    CHIN = "chin"
    EDGE = "edge"


# Top, bottom, left and right in shares of a crop that the cascade frames, read off the mean of FER2013's faces: other
# crops put the parts elsewhere by a tenth or so, which is why no more than names is made of them.
_AREAS: Final = {
    FacePart.FOREHEAD: ((0.0, 0.2, 0.2, 0.8),),
    FacePart.BROWS: ((0.2, 0.34, 0.1, 0.9),),
    FacePart.EYES: ((0.34, 0.48, 0.1, 0.9),),
    FacePart.NOSE: ((0.48, 0.66, 0.36, 0.64),),
    FacePart.CHEEKS: ((0.48, 0.66, 0.08, 0.36), (0.48, 0.66, 0.64, 0.92)),
    FacePart.MOUTH: ((0.66, 0.88, 0.26, 0.74),),
    FacePart.CHIN: ((0.88, 1.0, 0.26, 0.74),),
}
_ALIKE: Final = 0.7  # of the foremost part's mean importance: a second part is named, too
_LEAST: Final = 0.001  # of a probability: less is rounding


def foremost(importance: npt.NDArray[np.floating]) -> tuple[FacePart, ...]:
    """The one or two parts of a (48, 48) map whose pixels matter most on average; none where nothing speaks for it."""
    positive = np.maximum(importance, 0)
    means = {part: float(positive[area(part, len(importance))].mean()) for part in FacePart}
    first, second, *_ = sorted(means, key=lambda part: -means[part])
    if means[first] < _LEAST:
        return ()
    return (first, second) if means[second] >= _ALIKE * means[first] else (first,)


def area(part: FacePart, side: int = 48) -> npt.NDArray[np.bool_]:
    """(side, side) the pixels of a part; the edge is what no other part has."""
    if part == FacePart.EDGE:
        rest: npt.NDArray[np.bool_] = ~np.any([area(other, side) for other in _AREAS], axis=0)
        return rest
    covered = np.zeros((side, side), bool)
    for top, bottom, left, right in _AREAS[part]:
        covered[round(top * side) : round(bottom * side), round(left * side) : round(right * side)] = True
    return covered

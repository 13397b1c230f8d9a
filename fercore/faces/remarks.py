"""Remarks on the quality of a found face: what may make a reading of it worse."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.faces import quality
from fercore.faces.boxes import Box
from fercore.faces.pixels import SIDE, Gray


class QualityRemark(StrEnum):
    """Something about a face's picture, by the word that files and programs read."""

    SMALL = "small"
    BLURRED = "blurred"
    TURNED = "turned"
    DARK = "dark"
    BRIGHT = "bright"
    UNFAMILIAR = "unfamiliar"  # of a model, which makes this remark: unlike the faces that it learned


# Chosen on FER2013's training faces, of which 3.4 % then have a remark; tests/faces/test_remarks.py says how often
# each remark is made of changed and of unchanged faces that had no part in the choice.
LITTLE_DETAIL: Final = 0.12
MUCH_ASYMMETRY: Final = 0.93  # above it, turned, tilted and half covered faces prevail
DIM: Final = 110.0
MUCH_WHITE: Final = 0.27


def of_faces(boxes: Sequence[Box], pixels: Gray) -> list[tuple[QualityRemark, ...]]:
    """The remarks on each face: its box in the photo's pixels, and its (48, 48) of `pixels` (N, 48, 48) uint8.

    A small face was enlarged, which blurs it: it is called small alone.
    """
    if not len(boxes):
        return []
    small = np.array([quality.side(box) or 0 for box in boxes]) < SIDE
    made = {
        QualityRemark.SMALL: small,
        QualityRemark.BLURRED: ~small & (quality.detail(pixels) < LITTLE_DETAIL),
        QualityRemark.TURNED: quality.asymmetry(pixels) > MUCH_ASYMMETRY,
        QualityRemark.DARK: quality.highlight(pixels) < DIM,
        QualityRemark.BRIGHT: quality.white(pixels) > MUCH_WHITE,
    }
    return [tuple(remark for remark, which in made.items() if which[place]) for place in range(len(boxes))]


def with_unfamiliar(
    made: Sequence[tuple[QualityRemark, ...]], novelty: npt.NDArray[np.floating] | None
) -> list[tuple[QualityRemark, ...]]:
    """The remarks, and one more on each face whose novelty to a model (N,) is above 1; None where it is not known."""
    if novelty is None:
        return list(made)
    return [
        (*each, QualityRemark.UNFAMILIAR) if not value <= 1 else each
        for each, value in zip(made, novelty.tolist(), strict=True)
    ]

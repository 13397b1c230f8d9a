"""Kinds of copies."""

from enum import StrEnum
from typing import Final


class DuplicateKind(StrEnum):
    """The change between two copies of a picture; printed as these words, the smallest change first."""

    EXACT = "exact"
    BLANK = "blank"  # two pictures without content
    BRIGHTNESS = "brightness"  # or contrast
    NEAR = "near"  # compressed, rescaled or noisy
    CROPPED = "cropped"  # or shifted
    MIRRORED = "mirrored"


KINDS: Final = tuple(DuplicateKind)

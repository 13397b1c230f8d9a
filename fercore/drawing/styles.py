"""The two populations of generated faces."""

from enum import StrEnum
from typing import Final


class Style(StrEnum):
    """Differing in features and in how they show emotions."""

    WEST = "west"
    EAST = "east"


STYLES: Final = tuple(Style)

"""Checks of audits, and the words with which people judge pairs of faces."""

from enum import StrEnum
from typing import Final


class Check(StrEnum):
    """A check of an audit; stored, printed and named in rules as these words."""

    DUPLICATES = "duplicates"
    LEAKS = "leaks"
    LABELS = "labels"
    FACES = "faces"
    BIAS = "bias"


class Verdict(StrEnum):
    """A person's word on a pair of faces; stored as these words."""

    SAME_PICTURE = "same picture"
    SAME_PERSON = "same person"
    DIFFERENT = "different"
    UNSURE = "not sure"


OF_PAIRS: Final = (Check.DUPLICATES, Check.LEAKS)
OF_FACES: Final = (Check.LABELS, Check.FACES)

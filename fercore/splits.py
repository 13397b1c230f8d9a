"""The three parts of a dataset, and how its faces come into them."""

from enum import StrEnum
from typing import Final


class Split(StrEnum):
    """A part of a dataset; stored and printed as these words."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


class SplitChoice(StrEnum):
    """A split for all faces that name none, or a rule: by person, or as the source's makers did."""

    TRAIN = Split.TRAIN
    VALIDATION = Split.VALIDATION
    TEST = Split.TEST
    SUBJECT = "subject"
    SOURCE = "source"


SPLITS: Final = tuple(Split)
SPLIT_CHOICES: Final = tuple(SplitChoice)


def named_split(choice: SplitChoice | None) -> Split | None:
    """The one split that is chosen for all faces; None where they are split by a rule."""
    return None if choice in (None, SplitChoice.SUBJECT, SplitChoice.SOURCE) else Split(choice)

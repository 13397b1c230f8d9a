"""The three parts of a dataset, and how its faces come into them."""

from enum import StrEnum
from typing import Final


class Split(StrEnum):
    """A part of a dataset; stored and printed as these words."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


class SplitRule(StrEnum):
    """The rule by which an import splits its faces: by person, or as the source's makers did."""

    SUBJECT = "subject"
    SOURCE = "source"


SplitChoice = Split | SplitRule  # a split for every face whose source names none, or a rule

SPLITS: Final = tuple(Split)
SPLIT_CHOICES: Final[tuple[SplitChoice, ...]] = (*Split, *SplitRule)

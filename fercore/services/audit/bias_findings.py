"""Findings of the audit of bias: associations of properties, shortcuts, and shifts between datasets."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fercore.curation.shortcuts import Measure
from fercore.evaluation.association import SMALL, PValueOrigin
from fercore.evaluation.balanced_accuracy import BalancedAccuracy
from fercore.evaluation.significance import ALPHA

CLEAR: Final = 0.05  # of the way from chance to no mistake: less is no shortcut, however surely it is there


class Property(StrEnum):
    """A property of a face that another may depend on; printed as these words."""

    EMOTION = "emotion"
    SPLIT = "split"
    GENDER = "gender"
    AGE = "age"
    DATASET = "dataset"


@dataclass(frozen=True, slots=True)
class ValuePair:
    """The two values that stand together most unexpectedly, with the faces that independence would give."""

    first: str
    second: str
    observed: int
    expected: float


@dataclass(frozen=True, slots=True)
class AssociationFinding:
    """Two properties within a dataset, or across all datasets (None), with Cramér's V and its p-value after Holm."""

    dataset: str | None
    first: Property
    second: Property
    faces: int
    v: float
    p_value: float
    adjusted: float
    test: PValueOrigin
    strongest: ValuePair

    @property
    def is_finding(self) -> bool:
        """True for at least a small effect that is not by chance."""
        return self.v >= SMALL and self.adjusted < ALPHA


@dataclass(frozen=True, slots=True)
class ShortcutFinding:
    """One measure of pictures and the emotion within a dataset, or the dataset (None), that it tells alone."""

    dataset: str | None
    measure: Measure
    target: Property
    accuracy: BalancedAccuracy

    @property
    def is_finding(self) -> bool:
        """True where the whole interval lies above chance and the measure is clearly better."""
        return self.accuracy.low > self.accuracy.chance and self.accuracy.skill >= CLEAR


@dataclass(frozen=True, slots=True)
class DomainShift:
    """The accuracy with which a small classifier tells from which of these datasets a face is."""

    datasets: tuple[str, ...]
    accuracy: BalancedAccuracy

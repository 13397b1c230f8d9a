"""Balanced accuracy: the mean recall of classes, with an interval that knows which faces are alike."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BalancedAccuracy:
    """The mean recall of `classes` classes on `faces` faces with its 95 % interval."""

    value: float
    low: float
    high: float
    classes: int
    faces: int

    @property
    def chance(self) -> float:
        """The balanced accuracy of any guess that does not look."""
        return 1 / self.classes

    @property
    def skill(self) -> float:
        """The part of the way from chance to no mistake, 0 to 1; below 0 where a guess does better."""
        return (self.value - self.chance) / (1 - self.chance)


def balanced_accuracy(true: Codes, predicted: Codes, clusters: Codes) -> BalancedAccuracy:
    """The balanced accuracy of (N,) predictions of at least two classes; (N,) `clusters` are of faces that are alike.

    The variance is that of the linearised mean of recalls over clusters (Cochran 1977, Sampling Techniques, 3rd ed.,
    section 9A), with Student's t at one less than the number of clusters.
    """
    from scipy import special

    classes, code = np.unique(true, return_inverse=True)
    sizes = np.bincount(code)
    right = (true == predicted).astype(np.float64)
    recalls = np.bincount(code, weights=right) / sizes
    value = float(recalls.mean())
    _, number = np.unique(clusters, return_inverse=True)
    influence = (right - recalls[code]) / (len(classes) * sizes[code])
    sums = np.bincount(number, weights=influence)
    freedom = max(len(sums) - 1, 1)
    half = float(special.stdtrit(freedom, 0.975)) * float((sums**2).sum() * len(sums) / freedom) ** 0.5
    return BalancedAccuracy(value, max(value - half, 0.0), min(value + half, 1.0), len(classes), len(true))

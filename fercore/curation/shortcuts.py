"""Shortcuts: plain measures of a picture that tell its emotion or dataset without a look at the face."""

from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.curation import out_of_fold
from fercore.faces import quality

Values = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
BORDER: Final = 3  # pixels around a face that are mostly background
_BINS: Final = 20


class Measure(StrEnum):
    """A measure of a picture; printed as these words."""

    BRIGHTNESS = "brightness"
    CONTRAST = "contrast"
    SHARPNESS = "sharpness"
    BORDER_MEAN = "border brightness"
    BORDER_DEVIATION = "border contrast"


MEASURES: Final = tuple(Measure)


def measured(pixels: npt.NDArray[np.uint8]) -> Values:
    """(N, 48, 48) uint8 to (N, 5): the measures in their order."""
    frame = np.ones(pixels.shape[1:], bool)
    frame[BORDER:-BORDER, BORDER:-BORDER] = False
    border = pixels[:, frame].astype(np.float64)
    columns = [quality.brightness(pixels), quality.contrast(pixels), quality.sharpness(pixels)]
    return np.column_stack([*columns, border.mean(1), border.std(1)])


def predicted(values: Values, labels: Labels, groups: Labels, seed: int = 0) -> Labels:
    """(N,) labels as one measure (N,) tells them out of fold, as if all labels were equally frequent.

    The label under which a twentieth of all faces, by the measure, is most frequent. Raises InputError for fewer
    groups than folds.
    """
    fold = out_of_fold.folds(labels, groups, seed)
    result = np.empty(len(labels), np.int64)
    for number in range(out_of_fold.FOLDS):
        held = fold == number
        classes, code = np.unique(labels[~held], return_inverse=True)
        edges = np.quantile(values[~held], np.arange(1, _BINS) / _BINS)
        bins = np.searchsorted(edges, values, side="right")
        counts = np.bincount(code * _BINS + bins[~held], minlength=len(classes) * _BINS).reshape(-1, _BINS)
        shares = (counts + 1) / (counts.sum(1, keepdims=True) + _BINS)  # none is impossible (Laplace)
        result[held] = classes[shares.argmax(0)][bins[held]]
    return result

"""In which order faces are best looked at: each function gives the places of the faces in that order.

All take one value for each face; where values are equal or unknown (NaN), faces stay as they lay, unknown ones last.
"""

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
_MIDDLE_GRAY = 127.5


def lowest_first(values: Values) -> Places:
    """The faces by rising value."""
    return np.argsort(values, kind="stable")  # NaN goes last


def shuffled(faces: int, seed: int) -> Places:
    """A random order, the same for the same seed."""
    return np.random.default_rng(seed).permutation(faces)


def least_sure_first(score: Values, doubtful: npt.NDArray[np.bool_]) -> Places:
    """The faces that the checks doubt, then by the detector's score; those that no detector found come last."""
    by_score = lowest_first(score)
    rank = np.empty(len(score))
    rank[by_score] = np.arange(len(score))
    return np.lexsort((rank, ~doubtful))


def poorest_first(sharpness: Values, brightness: Values, contrast: Values, side: Values) -> Places:
    """The poorest pictures first: as poor as the worst that can be said of each, among all of these faces.

    Too dark and too bright are equally poor. `side` is that of the box in the photo, NaN where there was none.
    """
    measures = [sharpness, -np.abs(brightness - _MIDDLE_GRAY), contrast, side]
    return lowest_first(np.minimum.reduce([_share_below(values) for values in measures]))


def suspicious_first(labels: npt.NDArray[np.int64], probabilities: Values) -> Places:
    """By the rising probability (N, 7) of the label that a face has; those without a label (-1) come last."""
    confidence = probabilities[np.arange(len(labels)), labels]
    return lowest_first(np.where(labels < 0, np.nan, confidence))


def uncertain_first(probabilities: Values) -> Places:
    """By the falling entropy of the probabilities (N, 7)."""
    safe = np.where(probabilities == 0, 1.0, probabilities)  # x log x goes to 0 there
    return lowest_first((safe * np.log(safe)).sum(axis=1))


def _share_below(values: Values) -> Values:
    """Which share of the known values is smaller than each; 1 where it is unknown."""
    known = np.sort(values[~np.isnan(values)])
    below = np.searchsorted(known, values) / max(len(known), 1)
    return np.where(np.isnan(values), 1.0, below)

"""Bands of picture quality: the poorest third, the middle and the best third of given faces."""

from enum import StrEnum

import numpy as np

from fercore.curation.sort_orders import Values, poorest_first


class QualityBand(StrEnum):
    """A third of faces by the quality of their pictures."""

    POOR = "poor"
    MIDDLE = "middle"
    GOOD = "good"


def bands(sharpness: Values, brightness: Values, contrast: Values, side: Values) -> list[QualityBand]:
    """The band of each of N faces among all of them, by the measures of `poorest_first`."""
    order = poorest_first(sharpness, brightness, contrast, side)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    thirds = place * 3 // max(len(order), 1)
    known = tuple(QualityBand)
    return [known[third] for third in thirds]

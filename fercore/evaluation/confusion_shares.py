"""Shares of a confusion matrix, and the order of emotions that brings those together that are confused."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from fercore.evaluation.confusion import CLASSES, Counts

Values = npt.NDArray[np.float64]


class Shares(StrEnum):
    """The base of each cell's figure: none, all faces of its row, or all of its column."""

    COUNTS = "counts"
    ROWS = "rows"
    COLUMNS = "columns"


def shares(counts: Counts, base: Shares) -> Values:
    """(7, 7) figures: the counts, or shares from 0 to 1 of the row (scikit-learn's `normalize="true"`) or column
    (`"pred"`); 0 in a row or column without a face.
    """
    if base == Shares.COUNTS:
        return counts.astype(np.float64)
    whole = counts.sum(axis=1 if base == Shares.ROWS else 0, keepdims=True)
    parts: Values = np.divide(counts, whole, out=np.zeros(counts.shape), where=whole > 0)
    return parts


def clustered_order(counts: Counts) -> list[int]:
    """The emotions in an order in which those lie side by side that are taken for each other.

    Average linkage over 1 minus the mean of both directions' row shares, with leaves ordered optimally (Bar-Joseph et
    al. 2001, Bioinformatics 17, S22-S29). Emotions without a face come last; of both directions, the one that begins
    with the earlier emotion.
    """
    rows = shares(counts, Shares.ROWS)
    known = [index for index in range(CLASSES) if counts[index].sum() or counts[:, index].sum()]
    rest = [index for index in range(CLASSES) if index not in known]
    if len(known) < 3:
        return known + rest
    from scipy.cluster import hierarchy
    from scipy.spatial.distance import squareform

    alike = (rows + rows.T)[np.ix_(known, known)] / 2
    distances = np.clip(1 - alike, 0, None)
    np.fill_diagonal(distances, 0)
    condensed = squareform(distances, checks=False)
    tree = hierarchy.linkage(condensed, "average", optimal_ordering=True)
    order = [known[leaf] for leaf in hierarchy.leaves_list(tree)]
    return (order if order[0] < order[-1] else order[::-1]) + rest


def confusions(counts: Counts) -> list[tuple[int, int]]:
    """The (true, predicted) cells off the diagonal that hold faces, those with most faces first."""
    apart = counts * (1 - np.eye(CLASSES, dtype=np.int64))
    order = np.argsort(-apart.ravel(), kind="stable")
    return [(int(cell) // CLASSES, int(cell) % CLASSES) for cell in order if apart.ravel()[cell]]

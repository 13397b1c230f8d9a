"""Two runs' confusion matrices on the same faces, cell by cell: did a run's habit of saying j for i really change?

A cell is tested on the faces that truly show its row: each is flagged where a run names the cell's column, and the
flags of both runs are paired. McNemar's test counts faces with one flag only (Fagerland, Lydersen and Laake 2013).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.evaluation.confusion import CLASSES
from fercore.evaluation.measures import mean_variance
from fercore.evaluation.significance import holm, mcnemar_p

Indices = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
_Z: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class CellTests:
    """(7, 7) arrays, rows true: faces that only the first or only the second run says to be the column's emotion.

    `value`, `low` and `high` are the first run's share of the row less the second's, with a 95 % interval. `p_exact`
    and `p_mid` are McNemar's; `p_value` decides: the mid-p, or where faces are alike the larger of it and of a test
    over clusters of them. `p_holm` is that after Holm over all cells. All are NaN in rows without a face.
    """

    only_first: Indices
    only_second: Indices
    value: Values
    low: Values
    high: Values
    p_exact: Values
    p_mid: Values
    p_value: Values
    p_holm: Values

    @property
    def tests(self) -> int:
        """The number of cells that were tested."""
        return int((~np.isnan(self.p_value)).sum())


def cell_tests(labels: Indices, first: Indices, second: Indices, clusters: Indices | None = None) -> CellTests:
    """The tests of all cells, given (N,) labels and two runs' (N,) predictions, and (N,) clusters of faces alike.

    The interval is Bonett and Price's (2012, Statistics in Medicine 31, 1241-1250) adjusted Wald interval of a paired
    difference, widened by the design effect of the clusters.
    """
    places = [labels * CLASSES + first, labels * CLASSES + second]
    apart = first != second
    ones = [np.bincount(place[apart], minlength=CLASSES**2).reshape(CLASSES, CLASSES) for place in places]
    faces = np.bincount(labels, minlength=CLASSES)[:, None].astype(np.float64)
    there = np.broadcast_to(faces > 0, (CLASSES, CLASSES))
    exact, middle = (np.where(there, p, np.nan) for p in mcnemar_p(*ones))
    effect, deciding = np.ones((CLASSES, CLASSES)), middle
    if clusters is not None:
        effect, by_cluster = _clustered(labels, first, second, clusters)
        deciding = np.fmax(middle, by_cluster)
    share = [(one + 1) / (faces + 2) for one in ones]
    centre = share[0] - share[1]
    half = _Z * np.sqrt(effect * (share[0] + share[1] - centre**2) / (faces + 2))
    with np.errstate(invalid="ignore"):
        value = np.where(there, (ones[0] - ones[1]) / faces, np.nan)
    low, high = np.maximum(centre - half, -1), np.minimum(centre + half, 1)
    return CellTests(
        only_first=ones[0],
        only_second=ones[1],
        value=value,
        low=np.where(there, np.minimum(low, value), np.nan),
        high=np.where(there, np.maximum(high, value), np.nan),
        p_exact=exact,
        p_mid=middle,
        p_value=deciding,
        p_holm=holm(deciding),
    )


def _clustered(labels: Indices, first: Indices, second: Indices, clusters: Indices) -> tuple[Values, Values]:
    """(7, 7) design effects of clusters, at least 1, and p-values over clusters (Student's t)."""
    from scipy import special

    effects, p_values = np.ones((CLASSES, CLASSES)), np.full((CLASSES, CLASSES), np.nan)
    for row in range(CLASSES):
        here = labels == row
        groups = np.unique(clusters[here], return_inverse=True)[1]
        freedom = int(groups.max(initial=-1))
        if freedom < 0:
            continue
        for column in range(CLASSES):
            gaps = (first[here] == column).astype(np.float64) - (second[here] == column)
            if not gaps.any():
                continue
            if freedom == 0:
                p_values[row, column] = 1.0
                continue
            centred = gaps - gaps.mean()
            by_cluster = mean_variance(centred, groups)
            alone = mean_variance(centred, np.arange(len(gaps)))
            effects[row, column] = max(by_cluster / alone, 1.0) if alone else 1.0
            spread = by_cluster**0.5
            t = abs(float(gaps.mean())) / spread if spread else np.inf
            p_values[row, column] = 2 * float(special.stdtr(freedom, -t))
    return effects, p_values

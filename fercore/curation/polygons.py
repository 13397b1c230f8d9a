"""Points inside of a drawn line."""

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]


def inside(points: npt.NDArray[np.floating], polygon: npt.NDArray[np.floating]) -> Flags:
    """(N,) flags of the (N, 2) points inside of a closed polygon of (V, 2) corners, by the even-odd rule: an odd number
    of edges lies to the right of a point that is inside.

    Points are sorted by height, so that each edge is compared with those beside it only.
    """
    flags = np.zeros(len(points), bool)
    corners = np.asarray(polygon, np.float64)
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    x, y = points[:, 0], points[:, 1]
    near = np.flatnonzero((x >= x0) & (x <= x1) & (y >= y0) & (y < y1))
    near = near[np.argsort(y[near])]
    x, y = x[near].astype(np.float64), y[near].astype(np.float64)
    odd = np.zeros(len(near), bool)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if ay == by:
            continue
        beside = slice(*np.searchsorted(y, [min(ay, by), max(ay, by)]))
        odd[beside] ^= x[beside] < ax + (y[beside] - ay) * ((bx - ax) / (by - ay))
    flags[near] = odd
    return flags

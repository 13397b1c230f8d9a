"""The Pareto front of a value that shall be high and a cost that shall be low."""

import numpy as np
import numpy.typing as npt


def front(values: npt.NDArray[np.float64], costs: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """(N,) flags: no other has at least this value at no more cost, and one of both better; equals stand together.

    What has no value or no cost (NaN) is not on it and beats nobody.
    """
    flags = np.zeros(len(values), bool)
    known = np.flatnonzero(~np.isnan(values) & ~np.isnan(costs))
    order = known[np.lexsort((-values[known], costs[known]))]  # the cheapest first, of equal cost the best first
    best, best_cost = -np.inf, np.nan
    for at in order:
        if values[at] > best or (values[at] == best and costs[at] == best_cost):
            flags[at] = True
            best, best_cost = values[at], costs[at]
    return flags

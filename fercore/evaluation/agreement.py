"""Agreement between runs on the same faces: Cohen's kappa, equal answers, and equal mistakes.

Cohen 1960 (A coefficient of agreement for nominal scales): κ = (p_o − p_e) / (1 − p_e), where p_o is the share of equal
answers and p_e what two runs with these frequencies of answers would share by chance.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.evaluation.measures import mean_variance

Values = npt.NDArray[np.float64]
_CLASSES = len(EMOTIONS)


@dataclass(frozen=True)
class Agreement:
    """(R, R) figures of R runs: kappa (NaN where both say one emotion alone), the share of faces that both answer
    alike, and of those that both get wrong the share that they answer alike (NaN where there is none).
    """

    kappa: Values
    equal: Values
    equal_mistakes: Values


def agreement(predicted: npt.NDArray[np.int64], labels: npt.NDArray[np.int64]) -> Agreement:
    """The agreement of all pairs of (R, N) predictions on faces with (N,) labels."""
    runs, n = predicted.shape
    same, same_wrong = np.zeros((runs, runs)), np.zeros((runs, runs))
    wrong = predicted != labels
    shares = np.zeros((runs, _CLASSES))
    for emotion in range(_CLASSES):
        said = predicted == emotion
        # Sums of 0 and 1 are exact in float32 up to 16 million faces.
        for into, flags in ((same, said), (same_wrong, said & wrong)):
            numbers = flags.astype(np.float32)
            into += numbers @ numbers.T
        shares[:, emotion] = said.mean(axis=1)
    both = wrong.astype(np.float32)
    both_wrong = (both @ both.T).astype(np.float64)
    by_chance = shares @ shares.T
    equal = same / n
    # What is left of chance is 0 only up to rounding where both say one emotion alone.
    left = np.where(np.isclose(by_chance, 1, atol=1e-12), np.nan, 1 - by_chance)
    mistakes = np.divide(same_wrong, both_wrong, out=np.full((runs, runs), np.nan), where=both_wrong > 0)
    return Agreement((equal - by_chance) / left, equal, mistakes)


def kappa_interval(
    first: npt.NDArray[np.int64], second: npt.NDArray[np.int64], clusters: npt.NDArray[np.int64]
) -> tuple[float, float]:
    """The 95 % interval of one pair's kappa; (N,) clusters are faces that are alike. NaN where there is no kappa.

    The delta method of Fleiss, Cohen & Everitt 1969 (Large sample standard errors of kappa and weighted kappa), by the
    influence of each face, so that faces which are alike count together.
    """
    cells = np.bincount(first * _CLASSES + second, minlength=_CLASSES**2).reshape(_CLASSES, _CLASSES) / len(first)
    rows, columns = cells.sum(axis=1), cells.sum(axis=0)
    observed, chance = float(np.trace(cells)), float(rows @ columns)
    if chance > 1 - 1e-12:
        return np.nan, np.nan
    change = rows[second] + columns[first] - 2 * chance
    influence = ((first == second) - observed) / (1 - chance) - (1 - observed) * change / (1 - chance) ** 2
    from scipy import stats

    half = float(stats.norm.ppf(0.975)) * mean_variance(influence, clusters) ** 0.5
    kappa = (observed - chance) / (1 - chance)
    return max(kappa - half, -1.0), min(kappa + half, 1.0)

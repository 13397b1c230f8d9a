"""Novelty of a face to a model: how far its features lie from those of the faces that the model learned.

Probabilistic principal components (Tipping and Bishop 1999) describe the features before the model's answer, and the
distance is Mahalanobis' under them. Validation faces set the scale: of them, one in a hundred is beyond 1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

COMPONENTS: Final = 64
QUANTILE: Final = 0.99
LEAST_FACES: Final = 100  # of either kind: fewer say nothing of one in a hundred
_LEAST_SPREAD: Final = 1e-6

Values = npt.NDArray[np.float32]


@dataclass(frozen=True)
class NoveltyScale:
    """A distance of features: `middle` (D,), `axes` (D, K), `spread` (K,) variances along them, `rest` the variance
    along any other direction, and `limit`, the squared distance that counts as 1.
    """

    middle: Values
    axes: Values
    spread: Values
    rest: float
    limit: float

    def of(self, features: Any, total: Callable[[Any], Any]) -> Any:
        """(N, D) features to (N,) squared distances in limits; `total` adds up the last axis, of arrays or tensors."""
        away = features - self.middle
        along = away @ self.axes
        known = total(along * along / self.spread)
        unknown = total(away * away) - total(along * along)
        return (known + unknown / self.rest) / self.limit


def fitted(learned: Values, validation: Values) -> NoveltyScale | None:
    """The scale of (N, D) features of learned faces and (M, D) of validation faces; None where there are too
    few, or the features are the same of all.
    """
    from sklearn.decomposition import PCA

    if min(len(learned), len(validation)) < LEAST_FACES or not np.ptp(learned, axis=0).any():
        return None
    count = min(COMPONENTS, len(learned) - 1, learned.shape[1] - 1)
    parts = PCA(count, svd_solver="covariance_eigh").fit(learned.astype(np.float64))
    spread = np.maximum(parts.explained_variance_, _LEAST_SPREAD)
    rest = max(float(parts.noise_variance_), _LEAST_SPREAD)
    scale = NoveltyScale(
        parts.mean_.astype(np.float32),
        np.ascontiguousarray(parts.components_.T, np.float32),
        spread.astype(np.float32),
        rest,
        1.0,
    )
    distances = scale.of(validation, lambda values: values.sum(-1))
    return NoveltyScale(scale.middle, scale.axes, scale.spread, rest, float(np.quantile(distances, QUANTILE)))

"""Faces as points of a plane in which those that look alike lie side by side (t-SNE, van der Maaten & Hinton 2008).

openTSNE is imported only where a map is made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Points = npt.NDArray[np.float32]
Step = Callable[[int, int], None]

LEAST_FACES: Final = 10
MOST_FITTED: Final = 50_000
_AXES: Final = 50
_PERPLEXITY: Final = 30.0
_EXAGGERATED, _PLAIN = 250, 500  # iterations, as openTSNE's own
_HEARD_EVERY: Final = 10
_NEIGHBOURS: Final = 15
_PLACED_AT_ONCE: Final = 20_000


def drawn(count: int, seed: int, most: int = MOST_FITTED) -> npt.NDArray[np.int64]:
    """The rising places, at most so many, of the faces that t-SNE fits: all, or a draw without replacement."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, most, replace=False))


@dataclass(frozen=True)
class PrincipalAxes:
    """(D,) mean and (K, D) axes along which features differ most."""

    mean: npt.NDArray[np.float32]
    axes: npt.NDArray[np.float32]

    def project(self, features: Vectors) -> Vectors:
        """(N, D) features to (N, K)."""
        return np.asarray((features - self.mean) @ self.axes.T, np.float32)


def principal_axes(features: Vectors, seed: int) -> PrincipalAxes:
    """At most 50 principal axes of (N, D) features."""
    from sklearn.decomposition import PCA

    count = min(_AXES, len(features) - 1, features.shape[1])
    if not np.ptp(features, axis=0).any():  # equal faces differ along no axis
        return PrincipalAxes(features[0], np.eye(count, features.shape[1], dtype=np.float32))
    fitted = PCA(count, svd_solver="randomized", random_state=seed).fit(features)
    return PrincipalAxes(fitted.mean_.astype(np.float32), fitted.components_.astype(np.float32))


class FittedMap:
    """(N, 2) `points` of the fitted vectors, to which others are added."""

    def __init__(self, points: Points, embedding: Any) -> None:
        self.points = points
        self._embedding = embedding

    def place(self, vectors: Vectors, step: Step) -> Points:
        """(M, 2): each vector in the middle (median) of its nearest fitted neighbours.

        openTSNE's `transform`, which goes on from there, moves the median face by a tenth of the map's deviation and
        takes five times as long: 20 minutes instead of 4 for a million faces on two cores.
        """
        points = np.zeros((len(vectors), 2), np.float32)
        for start in range(0, len(vectors) if self._embedding is not None else 0, _PLACED_AT_ONCE):
            step(start, len(vectors))
            part = vectors[start : start + _PLACED_AT_ONCE]
            points[start : start + len(part)] = self._embedding.prepare_partial(
                part, initialization="median", k=min(_NEIGHBOURS, len(self.points) - 1)
            )
        return points


def fit(vectors: Vectors, seed: int, workers: int, step: Step) -> FittedMap:
    """t-SNE of (N, K) vectors on so many cores; `step` hears done and all iterations, and may raise to stop."""
    if not np.ptp(vectors, axis=0).any():
        return FittedMap(np.zeros((len(vectors), 2), np.float32), None)
    from openTSNE import TSNE

    heard = 0

    def hear(_iteration: int, _error: float, _points: Any) -> None:
        nonlocal heard
        heard += _HEARD_EVERY
        step(min(heard, _EXAGGERATED + _PLAIN), _EXAGGERATED + _PLAIN)

    step(0, _EXAGGERATED + _PLAIN)
    embedding = TSNE(
        perplexity=min(_PERPLEXITY, (len(vectors) - 1) / 3),
        early_exaggeration_iter=_EXAGGERATED,
        n_iter=_PLAIN,
        callbacks=hear,
        callbacks_every_iters=_HEARD_EVERY,
        n_jobs=workers,
        random_state=seed,
    ).fit(vectors)
    return FittedMap(np.asarray(embedding, np.float32), embedding)


def framed(points: Points) -> Points:
    """The points moved and scaled alike in both directions, so that they fill the square from -1 to 1."""
    low, high = points.min(axis=0), points.max(axis=0)
    half = float((high - low).max()) / 2 or 1.0
    scaled: Points = ((points - (low + high) / 2) / np.float32(half)).astype(np.float32)
    return np.clip(scaled, -1, 1)

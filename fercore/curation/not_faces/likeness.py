"""Likeness to the faces of a dataset: a subspace of their features, and a classifier of whole faces."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.curation import features
from fercore.curation.features import Features
from fercore.curation.not_faces import examples
from fercore.curation.not_faces.examples import Pictures

Values = npt.NDArray[np.float64]
TYPES: Final = ("whole", "half", "several", "scrambled")  # of the classifier, in its order
_AXES: Final = 60  # of a subspace of faces
_CLASSIFIED_AXES: Final = 100
_FACES_BY_AXIS: Final = 4  # fewer faces give fewer axes
_TRIMMED: Final = 0.05  # the least alike faces are left out of the second fit
_EXAMPLES: Final = 4000
_LEAST: Final = 1e-6
_DEVIATION: Final = 1.4826  # of a normal distribution, by its median absolute deviation


@dataclass(frozen=True)
class FaceModel:
    """A model of some faces: mean and (F, K) axes of their features, median and deviation of the logarithm of their
    distances from the subspace, and a classifier with the axes that it looks along.
    """

    mean: Features
    axes: Features
    middle: float
    deviation: float
    classified_mean: Features
    classified_axes: Features
    classifier: Any

    def distance(self, described: Features) -> Values:
        """(N, F) to (N,): distance from the subspace of faces, in standard deviations above the median one.

        The logarithm of the squared residual of a principal component analysis, with robust location and scale.
        """
        return (_log_residuals(described, self.mean, self.axes) - self.middle) / self.deviation

    def log_probabilities(self, described: Features) -> Values:
        """(N, F) to (N, 4): logarithms of the probabilities of TYPES, as if each were as frequent as the others."""
        axes = (described - self.classified_mean) @ self.classified_axes
        return np.asarray(self.classifier.predict_log_proba(axes), np.float64)


def fitted(faces: Pictures, others: Pictures, seed: int) -> FaceModel:
    """A model of (N, 48, 48) uint8 faces, a few of which may be none: they are left out of the fit.

    Deviations are those of others, (M, 48, 48): the faces of the fit lie nearer, the most so where they are few.
    """
    described = features.described(faces)
    mean, axes = _principal(described, _AXES, seed)
    kept = _log_residuals(described, mean, axes)
    near = kept <= np.quantile(kept, 1 - _TRIMMED)
    mean, axes = _principal(described[near], _AXES, seed)
    logs = _log_residuals(features.described(others), mean, axes)
    middle = float(np.median(logs))
    deviation = float(_DEVIATION * np.median(np.abs(logs - middle)))
    return FaceModel(mean, axes, middle, max(deviation, _LEAST), *_classifier(faces[near], seed))


def _classifier(faces: Pictures, seed: int) -> tuple[Features, Features, Any]:
    """Logistic regression on whitened principal axes, fitted to faces and to pictures made of them."""
    from sklearn.linear_model import LogisticRegression

    random = np.random.default_rng(seed)
    whole = faces[random.permutation(len(faces))[:_EXAMPLES]]
    makers = (examples.half_faces, examples.several_faces, examples.scrambled_faces)
    described = np.vstack([features.described(part) for part in (whole, *(make(whole, random) for make in makers))])
    mean, axes = _principal(described, _CLASSIFIED_AXES, seed, white=True)
    types = np.repeat(np.arange(len(TYPES)), len(whole))
    return mean, axes, LogisticRegression(C=0.1, max_iter=200).fit((described - mean) @ axes, types)


def _principal(described: Features, most: int, seed: int, white: bool = False) -> tuple[Features, Features]:
    """(F,) the mean and (F, K) the principal axes, of unit variance if white."""
    from sklearn.decomposition import PCA

    count = max(1, min(most, len(described) // _FACES_BY_AXIS))
    fit = PCA(count, svd_solver="randomized", random_state=seed).fit(described)
    scale = np.sqrt(np.maximum(fit.explained_variance_, _LEAST)) if white else 1
    return fit.mean_.astype(np.float32), (fit.components_.T / scale).astype(np.float32)


def _log_residuals(described: Features, mean: Features, axes: Features) -> Values:
    centred = described - mean
    residual = (centred**2).sum(1) - ((centred @ axes) ** 2).sum(1)
    logs: Values = np.log(np.maximum(residual, _LEAST)).astype(np.float64)
    return logs

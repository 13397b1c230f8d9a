"""Calibration: do probabilities mean what they say, how one number mends them, and what a model may leave unsaid.

All functions take (N, 7) probabilities and, where faces are counted, their (N,) true emotions.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.errors import InputError
from fercore.evaluation.significance import wilson
from fercore.language.sentences import sentence

BINS: Final = 15
DRAWS: Final = 200
LOWEST, HIGHEST = 0.05, 20.0  # temperatures
_TINY: Final = 1e-7  # below what a float32 softmax gives for anything but zero
Probabilities = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bin:
    """Faces of nearly the same confidence: its mean, the accuracy with its 95 % interval (Wilson), and their number."""

    confidence: float
    accuracy: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Reliability by bin and in one number. `ece` is above zero by `ece_by_chance` even where all is well."""

    bins: tuple[Bin, ...]
    ece: float
    ece_by_chance: float
    brier: float
    confidence: float
    accuracy: float


def calibration(probabilities: npt.ArrayLike, labels: Labels, seed: int = 0, draws: int = DRAWS) -> Calibration:
    """Reliability of the most probable emotion in `BINS` bins of equal width; raises InputError without a face.

    Expected calibration error: Guo et al. 2017 (ICML), the mean distance of confidence and accuracy, weighted by faces.
    It is biased upwards: chance alone makes bins differ (Roelofs et al. 2022, AISTATS). What chance gives is drawn from
    the stated confidences. Brier's score (1950) is the sum over all seven emotions, 0 to 2.
    """
    shares = _checked(probabilities, labels)
    confidence = shares.max(1)
    right = shares.argmax(1) == labels
    places = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    sums = np.bincount(places, weights=confidence, minlength=BINS)
    hits = np.bincount(places, weights=right, minlength=BINS)
    random = np.random.default_rng(seed)
    drawn = [
        _ece(sums, np.bincount(places, weights=random.random(len(labels)) < confidence, minlength=BINS))
        for _ in range(draws)
    ]
    bins = tuple(
        Bin(sums[at] / counts[at], hits[at] / counts[at], *wilson(int(hits[at]), int(counts[at])), int(counts[at]))
        for at in np.flatnonzero(counts)
    )
    truth = np.eye(shares.shape[1])[labels]
    return Calibration(
        bins=bins,
        ece=_ece(sums, hits) / len(labels),
        ece_by_chance=float(np.mean(drawn)) / len(labels),
        brier=float(((shares - truth) ** 2).sum(1).mean()),
        confidence=float(confidence.mean()),
        accuracy=float(right.mean()),
    )


def _ece(sums: npt.NDArray[Any], hits: npt.NDArray[Any]) -> float:
    return float(np.abs(sums - hits).sum())


def fitted_temperature(probabilities: npt.ArrayLike, labels: Labels) -> float:
    """The temperature that makes the true emotions most likely (Guo et al. 2017): above 1 the model was too sure."""
    from scipy import optimize

    shares = _checked(probabilities, labels)

    def loss(logarithm: float) -> float:
        chosen = scaled(shares, float(np.exp(logarithm)))[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(chosen, 1e-300)).mean())

    found = optimize.minimize_scalar(loss, bounds=(np.log(LOWEST), np.log(HIGHEST)), method="bounded")
    return float(np.exp(found.x))


def scaled(probabilities: npt.ArrayLike, temperature: float) -> Probabilities:
    """(N, 7) probabilities at another temperature: the softmax of their logarithms divided by it. The order stays."""
    logits = np.log(np.maximum(np.asarray(probabilities, np.float64), _TINY)) / temperature
    raised = np.exp(logits - logits.max(1, keepdims=True))
    shares: Probabilities = raised / raised.sum(1, keepdims=True)
    return shares


@dataclass(frozen=True, slots=True)
class Abstention:
    """The accuracy on the share of faces (`coverage`) of which the model is at least as sure as `confidence`."""

    coverage: float
    accuracy: float
    confidence: float


def abstentions(probabilities: npt.ArrayLike, labels: Labels, steps: int = 100) -> list[Abstention]:
    """Accuracy against coverage when the model abstains from the least sure faces, from few to all faces."""
    shares = _checked(probabilities, labels)
    confidence = shares.max(1)
    order = np.argsort(-confidence, kind="stable")
    right = np.cumsum((shares.argmax(1) == labels)[order])
    ends = np.unique(np.ceil(np.linspace(1, steps, steps) / steps * len(labels)).astype(np.int64))
    # Faces of one confidence are kept or left together.
    ends = np.unique([int(np.searchsorted(-confidence[order], -confidence[order][end - 1], "right")) for end in ends])
    return [Abstention(end / len(labels), right[end - 1] / end, float(confidence[order][end - 1])) for end in ends]


def set_threshold(probabilities: npt.ArrayLike, labels: Labels, coverage: float = 0.9) -> float:
    """The least probability with which an emotion stands in a prediction set that holds the truth so often.

    LAC (Sadinle, Lei and Wasserman 2019, JASA 114, 223-234) with the finite-sample quantile: it holds for new faces of
    the same kind as these. 0.0 where these are too few: a set then holds all seven.
    """
    shares = _checked(probabilities, labels)
    scores = np.sort(1 - shares[np.arange(len(labels)), labels])
    rank = int(np.ceil((len(labels) + 1) * coverage))
    return 0.0 if rank > len(labels) else float(1 - scores[rank - 1])


@dataclass(frozen=True, slots=True)
class SetCoverage:
    """The share of prediction sets that hold the truth, with its 95 % interval (Wilson), and their mean size."""

    share: float
    low: float
    high: float
    size: float
    n: int


def set_coverage(probabilities: npt.ArrayLike, labels: Labels, threshold: float) -> SetCoverage:
    """The measured coverage of the sets of all emotions with at least that probability; the surest is always in."""
    shares = _checked(probabilities, labels)
    inside = shares >= threshold - 1e-12
    inside[np.arange(len(shares)), shares.argmax(1)] = True
    held = inside[np.arange(len(labels)), labels]
    bounds = wilson(int(held.sum()), len(labels))
    return SetCoverage(float(held.mean()), *bounds, float(inside.sum(1).mean()), len(labels))


def _checked(probabilities: npt.ArrayLike, labels: Labels) -> Probabilities:
    shares = np.asarray(probabilities, np.float64)
    if shares.ndim != 2 or len(shares) != len(labels) or not len(labels):
        raise InputError(
            sentence(
                "Predictions of shape {shape} do not fit labels of shape {labels}.",
                shape=shares.shape,
                labels=labels.shape,
            )
        )
    return shares

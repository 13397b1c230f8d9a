"""Certainty of a reading: the set of emotions that holds the answer 9 times in 10, and where that was measured."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercore.evaluation.calibration import SetCoverage, scaled, set_coverage, set_threshold
from fercore.services.comparison import calibration, stored_evaluations
from fercore.services.comparison.calibration import COVERAGE
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.splits import Split
from fercore.store import Store


@dataclass(frozen=True)
class Elsewhere:
    """The share of sets that hold the answer in another evaluation of the run."""

    dataset: str
    split: str
    coverage: SetCoverage


@dataclass(frozen=True)
class AnswerSets:
    """The least probability of an emotion in a set, the validation faces that gave it, and how it held elsewhere."""

    threshold: float
    dataset: str
    split: str
    faces: int
    elsewhere: tuple[Elsewhere, ...]

    def of(self, probabilities: npt.NDArray[np.floating]) -> tuple[int, ...]:
        """The emotions of one face's (7,) probabilities, the likeliest first; the likeliest is always among them."""
        order = np.argsort(-probabilities, kind="stable").tolist()
        return tuple(emotion for emotion in order if emotion == order[0] or probabilities[emotion] >= self.threshold)


def answer_sets(store: Store, run: int, temperature: float | None = None) -> AnswerSets | None:
    """The sets of a run whose probabilities are scaled by a temperature; None where it has no validation evaluation.

    Validation faces alone give the threshold; one run's sets say nothing of faces of another kind, so what was measured
    on the run's other evaluations is given with them, save on the faces that it learned.
    """
    views = [view for view in stored_evaluations.listed(store, run) if not view.words_only]
    fitting = max(
        (view for view in views if view.split == Split.VALIDATION), key=lambda view: (view.n, view.id), default=None
    )
    if fitting is None:
        return None
    threshold = set_threshold(*_scored(store, fitting, temperature), COVERAGE)
    elsewhere = tuple(
        Elsewhere(view.dataset, view.split, set_coverage(*_scored(store, view, temperature), threshold))
        for view in views
        if view.id != fitting.id and not view.is_training_accuracy
    )
    return AnswerSets(threshold, fitting.dataset, fitting.split, fitting.n, elsewhere)


def of_run(store: Store, run: int, calibrated: bool) -> AnswerSets | None:
    """The sets of a run as Predict asks it: at its stored temperature, or as the model says its probabilities."""
    known = calibration.temperature(store, run) if calibrated else None
    return answer_sets(store, run, None if known is None else known.value)


def _scored(
    store: Store, view: EvaluationView, temperature: float | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    scored = stored_evaluations.scored(store, view.id)
    shares = np.asarray(scored.probabilities, np.float64)
    return (shares if temperature is None else scaled(shares, temperature)), scored.labels

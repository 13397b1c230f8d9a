"""Calibration of a run on each split, the temperature that mends it, and prediction sets measured elsewhere."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fercore.errors import InputError
from fercore.evaluation import calibration as measures
from fercore.evaluation.calibration import Abstention, Calibration, SetCoverage
from fercore.language import tr
from fercore.language.sentences import sentence
from fercore.services.comparison import evaluation, stored_evaluations
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.splits import Split
from fercore.store import Store
from fercore.store.tables import Run
from fercore.store.training import runs

COVERAGE = 0.9


@dataclass(frozen=True)
class Temperature:
    """The temperature of a run, and the faces on which it was fitted."""

    value: float
    dataset: str
    split: str
    evaluation: int
    faces: int


@dataclass(frozen=True)
class PlaceCalibration:
    """A run on one split: as it says its probabilities, at its temperature (None: it has none), what abstaining gains,
    and how often sets that hold the truth 9 times in 10 on the validation faces hold it here.
    """

    view: EvaluationView
    plain: Calibration
    mended: Calibration | None
    abstentions: tuple[Abstention, ...]
    sets: SetCoverage | None


@dataclass(frozen=True)
class RunCalibration:
    """A run on all splits it was evaluated on; `fitted_on` is the validation split for temperature and sets, if any."""

    run: int
    fitted_on: EvaluationView | None
    fitted: Temperature | None
    places: tuple[PlaceCalibration, ...]


def of_run(store: Store, run: int, fitted_on: int | None = None) -> RunCalibration:
    """The calibration of a run; `fitted_on` names the validation evaluation, by default the one of most faces.

    Raises InputError where the run was not evaluated, or only words are known of its predictions.
    """
    return of_evaluations(store, run, stored_evaluations.listed(store, run), fitted_on)


def of_evaluations(
    store: Store, run: int, every: Sequence[EvaluationView], fitted_on: int | None = None
) -> RunCalibration:
    """The same from evaluations that were read before."""
    views = [view for view in every if view.run == run]
    if not views:
        evaluation.refuse_unevaluated(store, run)
    views = [view for view in views if not view.words_only] or views
    scored = {view.id: _probabilities(store, view) for view in views}
    if all(np.isin(shares, (0, 1)).all() for shares, _ in scored.values()):
        raise InputError(sentence("Of these predictions only the emotions are known: calibration needs probabilities."))
    fitting = _validation(views, fitted_on)
    fitted = None if fitting is None else _fit(fitting, *scored[fitting.id])
    places = tuple(_place(view, *scored[view.id], fitting, fitted, scored) for view in views)
    return RunCalibration(run, fitting, fitted, places)


def _probabilities(store: Store, view: EvaluationView) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    scored = stored_evaluations.scored(store, view.id)
    return scored.probabilities, scored.labels


def _validation(views: Sequence[EvaluationView], wanted: int | None) -> EvaluationView | None:
    """The evaluation on validation faces that is wanted, or that of most faces: test faces never choose anything."""
    there = [view for view in views if view.split == Split.VALIDATION]
    return next((view for view in there if view.id == wanted), max(there, key=lambda view: view.n, default=None))


def _fit(view: EvaluationView, shares: npt.NDArray[np.float32], labels: npt.NDArray[np.int64]) -> Temperature:
    return Temperature(measures.fitted_temperature(shares, labels), view.dataset, view.split, view.id, view.n)


def _place(
    view: EvaluationView,
    shares: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
    fitting: EvaluationView | None,
    fitted: Temperature | None,
    scored: dict[int, tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]],
) -> PlaceCalibration:
    sets = None
    if fitting is not None and view.id != fitting.id:
        sets = measures.set_coverage(shares, labels, measures.set_threshold(*scored[fitting.id], COVERAGE))
    return PlaceCalibration(
        view=view,
        plain=measures.calibration(shares, labels),
        mended=None if fitted is None else measures.calibration(measures.scaled(shares, fitted.value), labels),
        abstentions=tuple(measures.abstentions(shares, labels)),
        sets=sets,
    )


def keep_temperature(store: Store, run: int, fitted: Temperature | None) -> None:
    """Store the temperature with its run, for predictions that ask for it; raises InputError where there is none."""
    if fitted is None:
        raise InputError(
            tr("Run {run} was evaluated on no validation split: its temperature is fitted there.", run=run)
        )
    with store.database.writing() as session:
        runs.get(session, run).temperature = asdict(fitted)


def temperature(store: Store, run: int) -> Temperature | None:
    """The temperature that is stored with a run."""
    with store.database.reading() as session:
        known = session.get(Run, run)
        stored = None if known is None else known.temperature
    return None if stored is None else Temperature(**stored)


def as_json(found: RunCalibration) -> dict[str, Any]:
    """A run's calibration as the command line prints it."""
    return {
        "run": found.run,
        "temperature": found.fitted and asdict(found.fitted),
        "places": [
            {
                "dataset": place.view.dataset,
                "split": place.view.split,
                "n": place.view.n,
                "ece": place.plain.ece,
                "ece_by_chance": place.plain.ece_by_chance,
                "brier": place.plain.brier,
                "ece_at_temperature": place.mended and place.mended.ece,
                "brier_at_temperature": place.mended and place.mended.brier,
                "sets": place.sets and asdict(place.sets),
            }
            for place in found.places
        ],
    }

"""The demo's model: the run that visitors of Predict and of the API are given, and those that are shown beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fercore.errors import InputError, NotFoundError
from fercore.evaluation.significance import ALPHA, holm
from fercore.language import tr
from fercore.services.comparison import best_run, pair, stored_evaluations
from fercore.services.comparison.pair import PairComparison
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.prediction import model_files
from fercore.services.training import run_details
from fercore.services.training.run_details import RunView
from fercore.splits import Split
from fercore.statuses import Status
from fercore.store import Store
from fercore.store.training import runs


class DemoPlace(StrEnum):
    """The place of a run in the demo; a run without one is not shown there once another is promoted."""

    FIRST = "first"
    BESIDE = "beside"


@dataclass(frozen=True)
class PlaceComparison:
    """A run on one split that it did not learn, against the demo's present model where that was evaluated there, too.

    `p_value` is the test's after Holm over all splits; None where there is no comparison.
    """

    view: EvaluationView
    compared: PairComparison | None
    p_value: float | None

    @property
    def is_worse(self) -> bool:
        """True if the run is shown to read these faces worse than the present model."""
        return self._differs(-1)

    @property
    def is_better(self) -> bool:
        """True if the run is shown to read these faces better than the present model."""
        return self._differs(1)

    def _differs(self, sign: int) -> bool:
        if self.compared is None or self.p_value is None:
            return False
        return self.p_value < ALPHA and sign * self.compared.difference.value > 0


@dataclass(frozen=True)
class Promotion:
    """A run that may become the demo's model: `present` is the one that is (None: there is none but this run).

    `missing` are splits, as (dataset, split), on which only the present model was evaluated.
    """

    run: int
    present: int | None
    places: tuple[PlaceComparison, ...]
    missing: tuple[tuple[str, str], ...]


def offered(store: Store) -> list[RunView]:
    """The runs that the demo offers, the first one first: those with a place, or every finished one if none is
    promoted, the best on validation faces before the newest.
    """
    finished = _finished(store)
    first = [view for view in finished if view.run.demo_place == DemoPlace.FIRST]
    beside = [view for view in finished if view.run.demo_place == DemoPlace.BESIDE]
    if first:
        return [*first, *beside]
    best = best_run.best(store)
    return sorted(finished, key=lambda view: best is None or view.run.id != best.evaluation.run)


def default_run(store: Store) -> int | None:
    """The run that the demo takes first; None where no run has a model."""
    return next((view.run.id for view in offered(store)), None)


def promoted(store: Store) -> int | None:
    """The run that was made the demo's model; None where none was."""
    return next((view.run.id for view in _finished(store) if view.run.demo_place == DemoPlace.FIRST), None)


def check_shown(store: Store, run_id: int) -> None:
    """Raise NotFoundError for a run that visitors are not shown, as one that there is not."""
    if promoted(store) is not None and run_id not in [view.run.id for view in offered(store)]:
        raise NotFoundError("run", run_id)


def promotion(store: Store, run_id: int) -> Promotion:
    """A run against the demo's present model on all splits that neither learned; raises InputError without a model."""
    _check(store, run_id)
    present = default_run(store)
    present = None if present == run_id else present
    mine = _unlearned(store, run_id)
    theirs = {(view.dataset, view.split): view for view in _unlearned(store, present)} if present else {}
    pairs = [_compared(store, view, theirs.get((view.dataset, view.split))) for view in mine]
    adjusted = iter(holm([each.p_value for each in pairs if each is not None]).tolist())
    places = tuple(
        PlaceComparison(view, each, None if each is None else next(adjusted))
        for view, each in zip(mine, pairs, strict=True)
    )
    known = {(view.dataset, view.split) for view in mine}
    return Promotion(run_id, present, places, tuple(place for place in theirs if place not in known))


def promote(store: Store, run_id: int) -> None:
    """Make a run the demo's model, in place of the present one; raises InputError for a run without a model."""
    _check(store, run_id)
    with store.database.writing() as session:
        for run in runs.in_demo(session):
            if run.demo_place == DemoPlace.FIRST:
                run.demo_place = None
        runs.held(session, run_id).demo_place = DemoPlace.FIRST


def show_beside(store: Store, run_id: int) -> None:
    """Show a run beside the demo's model; raises InputError where there is none, or the run is that model."""
    _check(store, run_id)
    present = promoted(store)
    if present is None:
        raise InputError(tr("No run is the demo's model yet, so that every finished run is shown."))
    if present == run_id:
        raise InputError(tr("Run {run} is the demo's model already.", run=run_id))
    with store.database.writing() as session:
        runs.held(session, run_id).demo_place = DemoPlace.BESIDE


def take_out(store: Store, run_id: int) -> None:
    """Take a run out of the demo; without its model, the demo offers every finished run."""
    with store.database.writing() as session:
        held = runs.in_demo(session)
        is_first = any(run.id == run_id and run.demo_place == DemoPlace.FIRST for run in held)
        for run in held:
            if is_first or run.id == run_id:
                run.demo_place = None


def _check(store: Store, run_id: int) -> None:
    with store.database.reading() as session:
        model_files.check_trained(runs.get(session, run_id))


def _finished(store: Store) -> list[RunView]:
    """Runs that have a model, newest first."""
    return [view for view in run_details.listed(store) if view.status == Status.DONE and view.run.reported_epoch]


def _unlearned(store: Store, run_id: int) -> Sequence[EvaluationView]:
    views = [view for view in stored_evaluations.listed(store, run_id) if not view.is_training_accuracy and view.n]
    return sorted(views, key=lambda view: (view.split != Split.TEST, view.dataset))


def _compared(store: Store, mine: EvaluationView, theirs: EvaluationView | None) -> PairComparison | None:
    if theirs is None:
        return None
    try:
        return pair.compare(store, mine, theirs)
    except InputError:  # no face in common: one was counted before all faces of the other were there
        return None


def as_json(promotion: Promotion) -> dict[str, object]:
    """A promotion as the command line prints it."""
    return {
        "run": promotion.run,
        "present": promotion.present,
        "places": [_place_json(each) for each in promotion.places],
        "not_evaluated_on": [{"dataset": dataset, "split": split} for dataset, split in promotion.missing],
    }


def _place_json(each: PlaceComparison) -> dict[str, object]:
    compared = each.compared
    known: dict[str, object] = {
        "dataset": each.view.dataset,
        "split": each.view.split,
        "n": each.view.n,
        "accuracy": each.view.accuracy,
    }
    if compared is None:
        return {**known, "present": None, "difference": None, "p_holm": None, "worse": False, "better": False}
    change = compared.difference
    return {
        **known,
        "present": compared.accuracy[1],
        "difference": {"value": change.value, "interval": [change.low, change.high]},
        "p_holm": each.p_value,
        "worse": each.is_worse,
        "better": each.is_better,
    }

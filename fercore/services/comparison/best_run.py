"""The best run: the highest accuracy among finished runs on one validation split, which is named."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fercore.services.comparison import stored_evaluations
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.comparison.table import alike
from fercore.services.training import run_details
from fercore.splits import Split
from fercore.statuses import Status
from fercore.store import Store

Place = tuple[str, str]


@dataclass(frozen=True)
class BestRun:
    """A run and the evaluation by which it is the best; `compared` runs were evaluated on the same faces and labels,
    `not_comparable` finished runs were not.
    """

    evaluation: EvaluationView
    compared: int
    not_comparable: int


def places(store: Store) -> dict[Place, int]:
    """Validation splits as (dataset, split) with the number of finished runs that were evaluated there, most first."""
    counts = Counter((view.dataset, view.split) for view in _of_finished(store) if view.split == Split.VALIDATION)
    return dict(counts.most_common())


def best(store: Store, place: Place | None = None) -> BestRun | None:
    """The best run on a validation split, by default on that of most runs; None where no run was evaluated on it.

    Test faces never choose a run, and training faces say nothing of new ones.
    """
    known = places(store)
    chosen = place if place in known else next(iter(known), None)
    if chosen is None:
        return None
    there = [view for view in _of_finished(store) if (view.dataset, view.split) == chosen]
    same = alike(there, stored_evaluations.stale(store, there))
    top = max(same, key=lambda view: (view.accuracy, -view.run))
    return BestRun(top, len(same), len(finished(store)) - len(same))


def finished(store: Store) -> list[int]:
    """Runs that have a model, newest first."""
    return [view.run.id for view in run_details.listed(store) if view.status == Status.DONE and view.run.reported_epoch]


def _of_finished(store: Store) -> Sequence[EvaluationView]:
    done = set(finished(store))
    return [view for view in stored_evaluations.listed(store) if view.run in done]

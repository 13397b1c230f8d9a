"""Agreement of runs on the same faces: every pair's kappa, equal answers and equal mistakes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fercore.errors import InputError
from fercore.evaluation import agreement
from fercore.evaluation.agreement import Agreement, Values
from fercore.language.sentences import sentence
from fercore.services.comparison import common_faces
from fercore.services.comparison.common_faces import CommonFaces
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store


@dataclass(frozen=True)
class PairAgreement:
    """Two runs, by their places in the agreement, and the 95 % interval of their kappa."""

    first: int
    second: int
    low: float
    high: float


@dataclass(frozen=True)
class RunAgreement:
    """R runs on N common faces and the figures of all their pairs."""

    views: tuple[EvaluationView, ...]
    faces: CommonFaces
    figures: Agreement

    def pairs(self, first: int | None = None) -> list[PairAgreement]:
        """All pairs of the `first` runs with the intervals of their kappas."""
        count = len(self.views[:first])
        said, clusters = self.faces.predicted, self.faces.clusters
        return [
            PairAgreement(a, b, *agreement.kappa_interval(said[a], said[b], clusters))
            for a in range(count)
            for b in range(a + 1, count)
        ]


def of_runs(store: Store, views: Sequence[EvaluationView]) -> RunAgreement:
    """The agreement of evaluations on one split, the most accurate first; raises InputError for fewer than two."""
    if len({view.run for view in views}) < 2:
        raise InputError(sentence("Choose two runs or more on the same faces."))
    best_first = sorted(views, key=lambda view: -view.accuracy)
    faces = common_faces.common(store, best_first)
    return RunAgreement(tuple(best_first), faces, agreement.agreement(faces.predicted, faces.labels))


def rows(found: RunAgreement, first: int | None = None) -> list[dict[str, Any]]:
    """A row for each pair, as files have it; empty figures where there are none."""
    figures = found.figures
    return [
        {
            "run_a": found.views[pair.first].run,
            "run_b": found.views[pair.second].run,
            "kappa": _plain(figures.kappa, pair),
            "low": None if np.isnan(pair.low) else pair.low,
            "high": None if np.isnan(pair.high) else pair.high,
            "equal_answers": _plain(figures.equal, pair),
            "equal_mistakes": _plain(figures.equal_mistakes, pair),
        }
        for pair in found.pairs(first)
    ]


def as_json(found: RunAgreement) -> dict[str, Any]:
    """An agreement as the command line prints it."""
    return {
        "dataset": found.faces.dataset,
        "split": found.faces.split,
        "n": found.faces.n,
        "runs": [view.run for view in found.views],
        "labels_of_now": found.faces.labels_of_now,
        "pairs": rows(found),
    }


def _plain(values: Values, pair: PairAgreement) -> float | None:
    value = float(values[pair.first, pair.second])
    return None if np.isnan(value) else value

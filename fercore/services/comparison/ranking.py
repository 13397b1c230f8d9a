"""Many runs on the same faces: every pair tested, Holm over all of them, and how stable their order is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fercore.errors import InputError
from fercore.evaluation.ranking import RankStability, pairwise_p, stability
from fercore.evaluation.significance import ALPHA, holm
from fercore.language.sentences import sentence
from fercore.services.comparison import common_faces, stored_evaluations
from fercore.services.comparison.common_faces import CommonFaces
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store


@dataclass(frozen=True)
class RankedRun:
    """A run among R on common faces: `beaten` are the runs that it is shown to read better than, after Holm."""

    view: EvaluationView
    accuracy: float
    ranks: RankStability
    beaten: tuple[int, ...]


@dataclass(frozen=True)
class Ranking:
    """R runs on N common faces, the most accurate first; `p_values` are (R, R), adjusted for all pairs by Holm."""

    faces: CommonFaces
    runs: tuple[RankedRun, ...]
    p_values: npt.NDArray[np.float64]

    @property
    def pairs(self) -> int:
        """The number of tests that were looked at."""
        return len(self.runs) * (len(self.runs) - 1) // 2


def rank(store: Store, views: Sequence[EvaluationView]) -> Ranking:
    """The ranking of evaluations on one split; raises InputError for fewer than two."""
    if len(views) < 2:
        raise InputError(sentence("A ranking needs two runs or more."))
    faces = common_faces.common(store, views)
    right = faces.right
    accuracies = right.mean(1)
    order = np.argsort(-accuracies, kind="stable")
    adjusted = adjusted_p(right, faces)
    stable = stability(right, faces.clusters)
    ranked = []
    for index in order:
        better = (accuracies[index] > accuracies) & (adjusted[index] < ALPHA)
        beaten = tuple(views[other].run for other in order if better[other])
        ranked.append(RankedRun(views[index], float(accuracies[index]), stable[index], beaten))
    return Ranking(faces, tuple(ranked), adjusted[np.ix_(order, order)])


def adjusted_p(right: npt.NDArray[np.bool_], faces: CommonFaces) -> npt.NDArray[np.float64]:
    """(R, R) p-values of all pairs of (R, N) flags after Holm; NaN on the diagonal."""
    p_values = pairwise_p(right, faces.clusters if faces.clustered else None)
    upper = np.triu_indices(len(right), 1)
    adjusted = np.full(p_values.shape, np.nan)
    adjusted[upper] = holm(p_values[upper])
    adjusted.T[upper] = adjusted[upper]
    return adjusted


def as_json(ranking: Ranking) -> dict[str, Any]:
    """A ranking as the command line prints it."""
    return {
        "dataset": ranking.faces.dataset,
        "split": ranking.faces.split,
        "n": ranking.faces.n,
        "pairs": ranking.pairs,
        "runs": [
            {
                "run": ranked.view.run,
                "backbone": ranked.view.backbone,
                "accuracy": ranked.accuracy,
                "selected_by": list(ranked.view.selected_by),
                "mark": stored_evaluations.selection_mark(ranked.view.selected_by),
                "rank": [ranked.ranks.low, ranked.ranks.high],
                "first": ranked.ranks.first,
                "better_than": list(ranked.beaten),
            }
            for ranked in ranking.runs
        ],
        "p": [[None if np.isnan(p) else float(p) for p in row] for row in ranking.p_values],
    }

"""Many runs on the same faces: every pair tested, Holm over all of them, and how stable their order is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    """R runs on N common faces, the most accurate first; `p_values` are (R, R), adjusted for all pairs by Holm, and
    `raw` as they are before that. `left_out` are evaluations of much fewer faces, which the others would lose as well.
    """

    faces: CommonFaces
    runs: tuple[RankedRun, ...]
    p_values: npt.NDArray[np.float64]
    raw: npt.NDArray[np.float64]
    left_out: tuple[EvaluationView, ...] = ()

    @property
    def pairs(self) -> int:
        """The number of tests that were looked at."""
        return len(self.runs) * (len(self.runs) - 1) // 2


def rank(store: Store, views: Sequence[EvaluationView]) -> Ranking:
    """The ranking of evaluations on one split; raises InputError for fewer than two."""
    if len(views) < 2:
        raise InputError(sentence("A ranking needs two runs or more."))
    views, left_out = common_faces.comparable(views)
    faces = common_faces.common(store, views)
    right = faces.right
    accuracies = right.mean(1)
    order = np.argsort(-accuracies, kind="stable")
    stable = stability(right, faces.clusters)
    ranked = tuple(RankedRun(views[index], float(accuracies[index]), stable[index], ()) for index in order)
    raw = pairwise_p(right, faces.clusters if faces.clustered else None)[np.ix_(order, order)]
    return together([Ranking(faces, ranked, raw, raw, tuple(left_out))])[0]


def together(rankings: Sequence[Ranking]) -> tuple[Ranking, ...]:
    """Rankings on several splits with Holm's adjustment over the pairs of all of them."""
    uppers = [np.triu_indices(len(each.runs), 1) for each in rankings]
    adjusted = holm(np.concatenate([each.raw[upper] for each, upper in zip(rankings, uppers, strict=True)]))
    ends = np.cumsum([len(upper[0]) for upper in uppers])[:-1]
    parts = np.split(adjusted, ends)
    return tuple(_shown(*each) for each in zip(rankings, uppers, parts, strict=True))


def _shown(ranking: Ranking, upper: tuple[npt.NDArray[np.intp], ...], adjusted: npt.NDArray[np.float64]) -> Ranking:
    """A ranking with these p-values of its pairs, and the runs that each is shown to be better than by them."""
    p_values = np.full(ranking.raw.shape, np.nan)
    p_values[upper] = adjusted
    p_values.T[upper] = adjusted
    runs = []
    for place, run in enumerate(ranking.runs):
        others = enumerate(ranking.runs)
        better = [each for at, each in others if run.accuracy > each.accuracy and p_values[place, at] < ALPHA]
        runs.append(replace(run, beaten=tuple(each.view.run for each in better)))
    return replace(ranking, runs=tuple(runs), p_values=p_values)


def as_json(ranking: Ranking) -> dict[str, Any]:
    """A ranking as the command line prints it."""
    return {
        "dataset": ranking.faces.dataset,
        "split": ranking.faces.split,
        "n": ranking.faces.n,
        "pairs": ranking.pairs,
        "left_out": [view.run for view in ranking.left_out],
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

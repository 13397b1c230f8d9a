"""Two runs on the same faces: their difference, whether it is real, and what this test set could have shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from fercore.errors import InputError
from fercore.evaluation import bootstrap, differences
from fercore.evaluation.bootstrap import BootstrapDifference
from fercore.evaluation.measures import mean_variance
from fercore.evaluation.significance import ALPHA, McNemar, detectable, mcnemar, needed_faces
from fercore.language import tr
from fercore.language.sentences import sentence
from fercore.services.comparison import common_faces, stored_evaluations
from fercore.services.comparison.common_faces import CommonFaces
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store


class Verdict(StrEnum):
    """The outcomes of a comparison."""

    DIFFERENT = "different"
    NO_EVIDENCE = "no evidence"
    FEW_SEEDS = "few seeds"


@dataclass(frozen=True)
class PairComparison:
    """Two runs on N common faces; differences are those of A minus B, as shares.

    `difference` is bootstrapped over clusters of faces that are alike (`clusters`: their number, None where all faces
    stand alone), and its p decides there; elsewhere McNemar's mid-p does. `detectable` is the smallest difference that
    these faces would have shown four times in five, `needed_n` how many of their kind would show this one.
    """

    a: EvaluationView
    b: EvaluationView
    faces: CommonFaces
    accuracy: tuple[float, float]
    difference: BootstrapDifference
    test: McNemar
    clusters: int | None
    detectable: float | None
    needed_n: int | None

    @property
    def p_value(self) -> float:
        """The p-value by which it is decided."""
        return self.test.p_mid if self.clusters is None else self.difference.p_value

    @property
    def verdict(self) -> Verdict:
        """The outcome at 5 %."""
        return Verdict.DIFFERENT if self.p_value < ALPHA else Verdict.NO_EVIDENCE


def of_runs(store: Store, a: int, b: int, dataset: str, split: str) -> PairComparison:
    """Two runs by their latest evaluations on a split; raises InputError where one was not evaluated there."""
    return compare(store, *(evaluated(store, run, dataset, split) for run in (a, b)))


def evaluated(store: Store, run: int, dataset: str, split: str) -> EvaluationView:
    """The latest evaluation of a run on a split; raises InputError where there is none."""
    view = stored_evaluations.of_run(store, run, dataset, split)
    if view is None:
        raise InputError(
            tr("Run {run} was not evaluated on '{dataset}', {split}.", run=run, dataset=dataset, split=split)
        )
    return view


def compare(store: Store, a: EvaluationView, b: EvaluationView) -> PairComparison:
    """Two evaluations of one split on their common faces."""
    return of_faces(a, b, common_faces.common(store, [a, b]))


def of_faces(a: EvaluationView, b: EvaluationView, faces: CommonFaces) -> PairComparison:
    """The comparison of the first two rows of common faces."""
    right = faces.right[:2]
    gaps = right[0].astype(float) - right[1]
    test = mcnemar(right[0], right[1])
    share = test.discordant / faces.n
    effect = _design_effect(gaps, faces) if faces.clustered else 1.0
    needed = needed_faces(float(gaps.mean()), share)
    return PairComparison(
        a=a,
        b=b,
        faces=faces,
        accuracy=(float(right[0].mean()), float(right[1].mean())),
        difference=bootstrap.paired(gaps, faces.clusters),
        test=test,
        clusters=int(faces.clusters.max()) + 1 if faces.clustered else None,
        detectable=detectable(faces.n / effect, share),
        needed_n=None if needed is None else round(needed * effect),
    )


def _design_effect(gaps: "np.typing.NDArray[np.float64]", faces: CommonFaces) -> float:
    """The variance of the difference as a multiple of that of as many faces that stand alone."""
    centred = gaps - gaps.mean()
    alone = mean_variance(centred, np.arange(faces.n))
    return max(mean_variance(centred, faces.clusters) / alone, 1.0) if alone else 1.0


@dataclass(frozen=True)
class SeedComparison:
    """Two trainings over their seeds on N common faces: faces and seeds are crossed factors.

    With fewer seeds than `LEAST_SEEDS` on a side nothing is claimed; with one, there is no difference over seeds.
    """

    seeds: tuple[int, int]
    n: int
    accuracy: tuple[float, float]
    difference: BootstrapDifference | None

    @property
    def verdict(self) -> Verdict:
        """The outcome for the trainings at 5 %."""
        if min(self.seeds) < bootstrap.LEAST_SEEDS or self.difference is None:
            return Verdict.FEW_SEEDS
        return Verdict.DIFFERENT if self.difference.p_value < ALPHA else Verdict.NO_EVIDENCE


def over_seeds(store: Store, a: Sequence[EvaluationView], b: Sequence[EvaluationView]) -> SeedComparison:
    """Two trainings by the evaluations of their seeds on one split; raises InputError where a side mixes trainings."""
    if any(len({view.training for view in side}) != 1 for side in (a, b)):
        raise InputError(sentence("Runs are averaged over seeds only: choose runs that differ in nothing else."))
    faces = common_faces.common(store, [*a, *b])
    first, second = faces.right[: len(a)], faces.right[len(a) :]
    drawn = bootstrap.crossed(first, second, faces.clusters) if min(len(a), len(b)) > 1 else None
    return SeedComparison((len(a), len(b)), faces.n, (float(first.mean()), float(second.mean())), drawn)


def by_measure(pair: PairComparison, measure: str) -> differences.Difference | None:
    """The same pair by another measure, such as macro-F1."""
    first, second = (pair.faces.cells(index)[None] for index in (0, 1))
    return differences.difference(first, second, pair.faces.clusters, measure)

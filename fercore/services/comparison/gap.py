"""The gap of each run between Western and East Asian faces, how it moves with data, and whether two gaps differ."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fercore.errors import InputError
from fercore.evaluation import gap as gaps
from fercore.evaluation.gap import Gap, TestSet
from fercore.evaluation.measures import ACCURACY
from fercore.evaluation.significance import holm
from fercore.language.sentences import sentence
from fercore.populations import Population
from fercore.services.comparison import common_faces, stored_evaluations
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store
from fercore.store.comparison.predictions import CountedFaces, FaceFacts
from fercore.store.datasets import datasets
from fercore.store.training import lineage, runs, snapshots

Sides = Mapping[Population, Sequence[EvaluationView]]


@dataclass(frozen=True)
class GapChoice:
    """The choice of what a gap is measured on: a split, a measure, and the emotions that all test sets share only."""

    split: str
    measure: str = ACCURACY
    shared_only: bool = False


@dataclass(frozen=True)
class RunGap:
    """One run's gap, Western minus East Asian, over these datasets; `east_asian_share` is the share of its training
    faces that are East Asian (None: not known), `emotions` those that were counted (empty: all).
    """

    run: EvaluationView
    gap: Gap
    western: tuple[str, ...]
    east_asian: tuple[str, ...]
    emotions: tuple[int, ...]
    east_asian_share: float | None


@dataclass(frozen=True)
class Gaps:
    """The gaps of all runs that were evaluated on both sides: on the same datasets, so that they are comparable.

    `left_out` are runs that were not evaluated on all of them.
    """

    choice: GapChoice
    runs: tuple[RunGap, ...]
    left_out: tuple[int, ...]

    @property
    def p_holm(self) -> tuple[float, ...]:
        """The p-values of the gaps after Holm over all runs."""
        return tuple(holm([each.gap.p_value for each in self.runs]).tolist())


def of_runs(store: Store, choice: GapChoice) -> Gaps:
    """The gap of each run on the datasets on which most runs were evaluated."""
    by_run = _sides(store, choice.split)
    places = _common_places(by_run)
    facts: dict[int, FaceFacts] = {}
    shares = _east_asian_shares(store)
    found, left_out = [], []
    for run, sides in by_run.items():
        kept = _kept(sides, places)
        if kept is None:
            left_out.append(run)
            continue
        found.append(_of_sides(store, kept, choice, facts, shares.get(run)))
    return Gaps(choice, tuple(found), tuple(left_out))


def of_run(store: Store, run: int, views: Sequence[EvaluationView], choice: GapChoice) -> RunGap | None:
    """The gap of one run over its evaluations on a split; None where they do not show both populations, or the two
    have no emotion in common that would be counted.
    """
    sides = _by_population(store, views).get(run, {})
    if len(sides) < len(Population):
        return None
    try:
        return _of_sides(store, sides, choice, {}, None)
    except InputError:
        return None


def _of_sides(
    store: Store, sides: Sides, choice: GapChoice, facts: dict[int, FaceFacts], share: float | None
) -> RunGap:
    sets, emotions = _test_sets(store, sides, choice, facts)
    return RunGap(
        run=sides[Population.WESTERN][0],
        gap=gaps.gap(sets[Population.WESTERN], sets[Population.EAST_ASIAN], choice.measure),
        western=tuple(each.dataset for each in sides[Population.WESTERN]),
        east_asian=tuple(each.dataset for each in sides[Population.EAST_ASIAN]),
        emotions=emotions,
        east_asian_share=share,
    )


def difference(store: Store, a: int, b: int, choice: GapChoice) -> Gap:
    """Run A's gap less run B's, on the faces that both were evaluated on; raises InputError where there are none."""
    by_run = _sides(store, choice.split)
    pairs: dict[Population, list[tuple[TestSet, TestSet]]] = {population: [] for population in Population}
    for population in Population:
        others = {view.dataset_id: view for view in by_run.get(b, {}).get(population, ())}
        for view in by_run.get(a, {}).get(population, ()):
            if view.dataset_id in others:
                faces = common_faces.common(store, [view, others[view.dataset_id]])
                first, second = (TestSet(faces.cells(row), faces.clusters) for row in (0, 1))
                pairs[population].append((first, second))
    if choice.shared_only:
        shared = gaps.shared_emotions([first for each in pairs.values() for first, _ in each])
        pairs = {
            population: [(gaps.of_emotions(first, shared), gaps.of_emotions(second, shared)) for first, second in each]
            for population, each in pairs.items()
        }
    return gaps.gap_difference(pairs[Population.WESTERN], pairs[Population.EAST_ASIAN], choice.measure)


def _sides(store: Store, split: str) -> dict[int, dict[Population, list[EvaluationView]]]:
    """The evaluations of each run on a split by population."""
    return _by_population(store, [view for view in stored_evaluations.listed(store) if view.split == split])


def _by_population(store: Store, views: Sequence[EvaluationView]) -> dict[int, dict[Population, list[EvaluationView]]]:
    with store.database.reading() as session:
        populations = datasets.populations(session)
    by_run: defaultdict[int, dict[Population, list[EvaluationView]]] = defaultdict(dict)
    for view in views:
        population = populations[view.dataset_id]
        if population:
            by_run[view.run].setdefault(Population(population), []).append(view)
    return dict(by_run)


def _common_places(by_run: Mapping[int, Sides]) -> frozenset[int]:
    """The datasets on which most runs with both sides were evaluated together, the larger set of equals."""
    counts: defaultdict[frozenset[int], int] = defaultdict(int)
    for sides in by_run.values():
        if len(sides) == len(Population):
            counts[frozenset(view.dataset_id for views in sides.values() for view in views)] += 1
    if not counts:
        raise InputError(
            sentence(
                "No run was evaluated on Western and on East Asian faces: say on Datasets whose faces each shows, and "
                "evaluate a run on both."
            )
        )
    covered = {places: sum(places <= other for other in counts for _ in range(counts[other])) for places in counts}
    return max(counts, key=lambda places: (covered[places], len(places)))


def _kept(sides: Sides, places: frozenset[int]) -> dict[Population, list[EvaluationView]] | None:
    """A run's evaluations on the common datasets; None if one is missing."""
    kept = {population: [view for view in views if view.dataset_id in places] for population, views in sides.items()}
    return kept if sum(map(len, kept.values())) == len(places) else None


def _test_sets(
    store: Store, sides: Sides, choice: GapChoice, facts: dict[int, FaceFacts]
) -> tuple[dict[Population, list[TestSet]], tuple[int, ...]]:
    """A run's cells and clusters on each dataset, and the emotions that were chosen."""
    sets: dict[Population, list[TestSet]] = {}
    for population, views in sides.items():
        counted: Mapping[int, CountedFaces] = common_faces.read(store, [view.id for view in views])
        for view in views:
            if view.dataset_id not in facts:
                facts[view.dataset_id] = common_faces.facts_of(store, view.dataset_id, view.split)
            faces = common_faces.align([view], [counted[view.id]], facts[view.dataset_id])
            sets.setdefault(population, []).append(TestSet(faces.cells(0), faces.clusters))
    if not choice.shared_only:
        return sets, ()
    shared = gaps.shared_emotions([each for there in sets.values() for each in there])
    return {
        population: [gaps.of_emotions(each, shared) for each in there] for population, there in sets.items()
    }, shared


def _east_asian_shares(store: Store) -> dict[int, float]:
    """The share of each run's training faces that come from East Asian datasets, by run."""
    with store.database.reading() as session:
        populations = datasets.populations(session)
        counts = snapshots.training_faces(session)
        by_snapshot = {
            snapshot: sum(n for dataset, n in there.items() if populations.get(dataset) == Population.EAST_ASIAN)
            / sum(there.values())
            for snapshot, there in counts.items()
        }
        listed = runs.listed(session)
        shares = {run.id: by_snapshot[snapshot.id] for run, snapshot, _ in listed if snapshot.id in by_snapshot}
        for run in [run for run, _, _ in listed if run.continues is not None]:
            there = lineage.training_faces(session, run.id)
            east = sum(n for dataset, n in there.items() if populations.get(dataset) == Population.EAST_ASIAN)
            shares[run.id] = east / max(sum(there.values()), 1)
        return shares


def as_json(found: Gaps) -> list[dict[str, Any]]:
    """Gaps as the command line prints them."""
    return [
        {
            "run": each.run.run,
            "backbone": each.run.backbone,
            "trained_on": list(each.run.trained_on),
            "gap": each.gap.value,
            "interval": [each.gap.low, each.gap.high],
            "p": each.gap.p_value,
            "p_holm": p_value,
            "western": list(each.western),
            "east_asian": list(each.east_asian),
            "east_asian_share": each.east_asian_share,
        }
        for each, p_value in zip(found.runs, found.p_holm, strict=True)
    ]

"""The tests of a report: pairs of runs on the same faces, the order of all runs, and trainings over seeds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from fercore.charts.ranks import ranks
from fercore.charts.words import of_ranks
from fercore.evaluation.bootstrap import LEAST_SEEDS
from fercore.evaluation.significance import ALPHA, holm
from fercore.exports.documents.document import Block, Column, Kind, Paragraph, Section, Table
from fercore.language import tr, trn
from fercore.services.comparison import common_faces, pair, ranking
from fercore.services.comparison.pair import PairComparison, SeedComparison
from fercore.services.comparison.ranking import Ranking
from fercore.services.comparison.report.material import Material, Place, run_words
from fercore.services.comparison.report.pictures import picture

PAIRED = 8  # runs of a place, up to which each pair has a row of its own
CHARTED = 40


@dataclass(frozen=True)
class PlaceTests:
    """The tests on one place: all runs in order, the pairs of few runs, and trainings over seeds; each with its p after
    Holm over all places of the report.
    """

    place: Place
    ranking: Ranking
    pairs: tuple[tuple[PairComparison, float], ...]
    seeds: tuple["TrainingPair", ...]


@dataclass(frozen=True)
class TrainingPair:
    """Two trainings by the runs of their seeds, compared; `p_holm` is their p over all trainings of the report."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    compared: SeedComparison
    p_holm: float


def tested(material: Material) -> tuple[PlaceTests, ...]:
    """The tests on each place that several runs have in common; training faces test nothing."""
    places = [place for place in material.places if place.tests_claims and len(place.views) > 1]
    if not places:
        return ()
    pairs = [_pairs_of(material, place) for place in places]
    rankings = [
        _by_pairs(ranking.rank(material.store, place.views), there) for place, there in zip(places, pairs, strict=True)
    ]
    seeds = _over_seeds(material, places)
    return tuple(
        PlaceTests(place, ranked, _with_adjusted(there, ranked), trainings)
        for place, ranked, there, trainings in zip(places, ranking.together(rankings), pairs, seeds, strict=True)
    )


def _pairs_of(material: Material, place: Place) -> list[PairComparison]:
    views, _ = common_faces.comparable(place.views)
    if len(views) > PAIRED:
        return []
    return [pair.compare(material.store, a, b) for a, b in combinations(views, 2)]


def _by_pairs(ranked: Ranking, pairs: Sequence[PairComparison]) -> Ranking:
    """A ranking whose pairs have the p-values of their own comparisons, so that no pair has two."""
    places = {run.view.run: at for at, run in enumerate(ranked.runs)}
    raw = ranked.raw.copy()
    for each in pairs:
        a, b = places[each.a.run], places[each.b.run]
        raw[a, b] = raw[b, a] = each.p_value
    return replace(ranked, raw=raw)


def _with_adjusted(pairs: Sequence[PairComparison], ranked: Ranking) -> tuple[tuple[PairComparison, float], ...]:
    places = {run.view.run: at for at, run in enumerate(ranked.runs)}
    return tuple((each, float(ranked.p_values[places[each.a.run], places[each.b.run]])) for each in pairs)


def _over_seeds(material: Material, places: Sequence[Place]) -> list[tuple[TrainingPair, ...]]:
    """Pairs of trainings that have seeds enough, on each place."""
    found = []
    for place in places:
        sides = [[view for view in place.views if view.run in runs] for runs in material.trainings.values()]
        sides = [side for side in sides if len(side) >= LEAST_SEEDS]
        found.append([(a, b, pair.over_seeds(material.store, a, b)) for a, b in combinations(sides[:PAIRED], 2)])
    tests = [each.difference for there in found for _, _, each in there]
    adjusted = iter(holm([np.nan if each is None else each.p_value for each in tests]).tolist())
    return [
        tuple(
            TrainingPair(tuple(v.run for v in a), tuple(v.run for v in b), each, next(adjusted)) for a, b, each in there
        )
        for there in found
    ]


def section(tests: tuple[PlaceTests, ...]) -> Section:
    """The tests as tables and charts."""
    blocks: list[Block] = []
    if not tests:
        words = tr("No two of these runs were evaluated on one split: nothing can be tested.")
        return Section(tr("Tests"), (Paragraph(words),))
    for each in tests:
        blocks += _blocks(each)
    return Section(tr("Tests"), tuple(blocks))


def _blocks(each: PlaceTests) -> list[Block]:
    blocks: list[Block] = []
    if each.pairs:
        blocks.append(_pairs(each))
    if len(each.ranking.runs) > 2:
        blocks.append(_order(each))
        shown = each.ranking.runs[:CHARTED]
        names = [run_words(run.view) for run in shown]
        spans = [(run.ranks.low, run.ranks.high) for run in shown]
        title = tr("Ranks on {place}", place=each.place.words)
        figure = ranks(names, spans, tr("Rank over drawn faces"))
        blocks.append(picture(figure, f"ranks-{each.place.file}", title, of_ranks(names, spans)))
    if not each.pairs:
        blocks.append(_p_values(each))
    if each.seeds:
        blocks.append(_trainings(each))
    return blocks


def _pairs(each: PlaceTests) -> Table:
    columns = (
        Column("A", Kind.COUNT),
        Column("B", Kind.COUNT),
        Column(tr("A − B, points"), Kind.POINTS),
        Column(tr("95 % from"), Kind.POINTS),
        Column(tr("to"), Kind.POINTS),
        Column(tr("Faces"), Kind.COUNT),
        Column(tr("Only A right"), Kind.COUNT),
        Column(tr("Only B right"), Kind.COUNT),
        Column("p", Kind.P),
        Column(tr("p after Holm"), Kind.P),
        Column(tr("Exact McNemar"), Kind.P),
        Column(tr("Would have shown"), Kind.SIZE),
        Column(tr("Faces to show it 4 times in 5"), Kind.COUNT),
    )
    rows = tuple(
        (
            compared.a.run,
            compared.b.run,
            compared.difference.value,
            compared.difference.low,
            compared.difference.high,
            compared.faces.n,
            compared.test.only_first,
            compared.test.only_second,
            compared.p_value,
            adjusted,
            compared.test.p_exact,
            compared.detectable,
            compared.needed_n,
        )
        for compared, adjusted in each.pairs
    )
    caption = tr("Pairs of runs on {place}", place=each.place.words)
    return Table(f"pairs-{each.place.file}", caption, columns, rows)


def _order(each: PlaceTests) -> Table:
    columns = (
        Column(tr("Run"), Kind.COUNT),
        Column(tr("Backbone")),
        Column(tr("Accuracy"), Kind.SHARE),
        Column(tr("Rank from"), Kind.COUNT),
        Column(tr("to"), Kind.COUNT),
        Column(tr("First in"), Kind.SHARE),
        Column(tr("Shown to be better than")),
    )
    rows = tuple(
        (
            run.view.run,
            run.view.backbone,
            run.accuracy,
            run.ranks.low,
            run.ranks.high,
            run.ranks.first,
            ", ".join(map(str, run.beaten)),
        )
        for run in each.ranking.runs
    )
    caption = tr("Order of the runs on {place}", place=each.place.words)
    return Table(f"ranking-{each.place.file}", caption, columns, rows)


def _p_values(each: PlaceTests) -> Table:
    """The pairs that are shown to differ; all p-values of many runs would fill a book."""
    runs = [run.view.run for run in each.ranking.runs]
    rows = tuple(
        (runs[first], runs[second], float(each.ranking.p_values[first, second]))
        for first, second in combinations(range(len(runs)), 2)
        if not np.isnan(each.ranking.p_values[first, second]) and each.ranking.p_values[first, second] < ALPHA
    )
    columns = (
        Column(tr("Better run"), Kind.COUNT),
        Column(tr("Other run"), Kind.COUNT),
        Column(tr("p after Holm"), Kind.P),
    )
    caption = trn(
        "Pairs shown to differ on {place}, of {count} tested",
        "Pairs shown to differ on {place}, of {count} tested",
        each.ranking.pairs,
        place=each.place.words,
    )
    return Table(f"pairs-{each.place.file}", caption, columns, rows)


def _trainings(each: PlaceTests) -> Table:
    columns = (
        Column(tr("Runs A")),
        Column(tr("Runs B")),
        Column(tr("A − B, points"), Kind.POINTS),
        Column(tr("95 % from"), Kind.POINTS),
        Column(tr("to"), Kind.POINTS),
        Column("p", Kind.P),
        Column(tr("p after Holm"), Kind.P),
    )
    rows = tuple(
        (", ".join(map(str, two.first)), ", ".join(map(str, two.second)), *_seed_figures(two)) for two in each.seeds
    )
    caption = tr("Trainings over seeds and faces on {place}", place=each.place.words)
    return Table(f"seeds-{each.place.file}", caption, columns, rows)


def _seed_figures(two: TrainingPair) -> tuple[float | None, ...]:
    change = two.compared.difference
    return (None,) * 5 if change is None else (change.value, change.low, change.high, change.p_value, two.p_holm)

"""The tests of a report: pairs of runs on the same faces, the order of all runs, and trainings over seeds."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from fercore.charts.ranks import ranks
from fercore.charts.words import of_ranks
from fercore.evaluation.bootstrap import LEAST_SEEDS
from fercore.evaluation.significance import ALPHA, holm
from fercore.exports.documents.document import Block, Column, Kind, Paragraph, Section, Table
from fercore.language import tr, trn
from fercore.services.comparison import pair, ranking
from fercore.services.comparison.pair import PairComparison, SeedComparison
from fercore.services.comparison.ranking import Ranking
from fercore.services.comparison.report.material import Material, Place, run_words
from fercore.services.comparison.report.pictures import picture

PAIRED = 8  # runs of a place, up to which each pair has a row of its own
CHARTED = 40


@dataclass(frozen=True)
class PlaceTests:
    """The tests on one place: all runs in order, the pairs of few runs with p after Holm, trainings over seeds."""

    place: Place
    ranking: Ranking
    pairs: tuple[tuple[PairComparison, float], ...]
    seeds: tuple[tuple[tuple[int, ...], tuple[int, ...], SeedComparison], ...]


def tested(material: Material) -> tuple[PlaceTests, ...]:
    """The tests on each place that several runs have in common; training faces test nothing."""
    places = [place for place in material.places if place.tests_claims and len(place.views) > 1]
    return tuple(_tests(material, place) for place in places)


def _tests(material: Material, place: Place) -> PlaceTests:
    ranked = ranking.rank(material.store, place.views)
    pairs: list[PairComparison] = []
    if len(place.views) <= PAIRED:
        pairs = [pair.compare(material.store, a, b) for a, b in combinations(place.views, 2)]
    adjusted = holm([each.p_value for each in pairs])
    return PlaceTests(place, ranked, tuple(zip(pairs, map(float, adjusted), strict=True)), _over_seeds(material, place))


def _over_seeds(
    material: Material, place: Place
) -> tuple[tuple[tuple[int, ...], tuple[int, ...], SeedComparison], ...]:
    """Pairs of trainings that have seeds enough on this place."""
    sides = [[view for view in place.views if view.run in runs] for runs in material.trainings.values()]
    sides = [side for side in sides if len(side) >= LEAST_SEEDS]
    return tuple(
        (
            tuple(view.run for view in first),
            tuple(view.run for view in second),
            pair.over_seeds(material.store, first, second),
        )
        for first, second in combinations(sides[:PAIRED], 2)
    )


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
        Column(tr("Faces that would settle it"), Kind.COUNT),
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
    )
    rows = tuple(
        (
            ", ".join(map(str, first)),
            ", ".join(map(str, second)),
            *(
                (None,) * 4
                if seeds.difference is None
                else (seeds.difference.value, seeds.difference.low, seeds.difference.high, seeds.difference.p_value)
            ),
        )
        for first, second, seeds in each.seeds
    )
    caption = tr("Trainings over seeds and faces on {place}", place=each.place.words)
    return Table(f"seeds-{each.place.file}", caption, columns, rows)

"""The East Asian gap in a report."""

from dataclasses import dataclass
from itertools import combinations

from fercore.charts import gaps as charts
from fercore.charts.gaps import GapPoint
from fercore.charts.words import of_values
from fercore.errors import InputError
from fercore.evaluation.gap import Gap
from fercore.evaluation.significance import holm
from fercore.exports.documents.document import Block, Column, Kind, Paragraph, Section, Table
from fercore.language import tr
from fercore.services.comparison import gap as gap_service
from fercore.services.comparison.claims import points
from fercore.services.comparison.gap import GapChoice, Gaps
from fercore.services.comparison.report.material import Material, run_words
from fercore.services.comparison.report.pictures import picture
from fercore.splits import Split

PAIRED = 4  # runs, up to which each pair of gaps is tested
CHARTED = 40


@dataclass(frozen=True)
class MeasuredGaps:
    """The gaps of the report's runs on test faces, and the differences of few runs' gaps; the p-values after Holm stand
    beside each.
    """

    found: Gaps
    changes: tuple[tuple[int, int, Gap], ...]

    @property
    def p_of_changes(self) -> tuple[float, ...]:
        """The p-values of the differences, over all pairs."""
        return tuple(holm([change.p_value for _, _, change in self.changes]).tolist())


def measured(material: Material) -> MeasuredGaps | None:
    """The gaps on test faces; None where no run was evaluated on both sides."""
    choice = GapChoice(Split.TEST)
    try:
        found = gap_service.of_runs(material.store, choice)
    except InputError:
        return None
    wanted = {view.run for view in material.views}
    kept = tuple(each for each in found.runs if each.run.run in wanted)
    if not kept:
        return None
    runs = [each.run.run for each in kept]
    pairs = list(combinations(runs, 2)) if len(runs) <= PAIRED else []
    changes = tuple((a, b, gap_service.difference(material.store, a, b, choice)) for a, b in pairs)
    left_out = tuple(run for run in found.left_out if run in wanted)
    return MeasuredGaps(Gaps(choice, kept, left_out), changes)


def section(gaps: MeasuredGaps) -> Section:
    """The gaps as a table and a chart."""
    first = gaps.found.runs[0]
    sides = tr(
        "Western: {western}. East Asian: {east_asian}. Each dataset counts alike on its side.",
        western=", ".join(first.western),
        east_asian=", ".join(first.east_asian),
    )
    shown = sorted(gaps.found.runs, key=lambda each: each.gap.value)[:CHARTED]
    dots = [GapPoint(run_words(e.run), e.run.backbone, e.gap.value, e.gap.low, e.gap.high) for e in shown]
    title = tr("Western minus East Asian, points")
    words = of_values([(dot.name, dot.value) for dot in dots], lambda gap: tr("{points} points", points=points(gap)))
    blocks: list[Block] = [Paragraph(sides), picture(charts.by_run(dots, title), "gaps", title, words), _table(gaps)]
    if gaps.changes:
        blocks.append(_changes(gaps))
    return Section(tr("East Asian gap"), tuple(blocks))


def _table(gaps: MeasuredGaps) -> Table:
    columns = (
        Column(tr("Run"), Kind.COUNT),
        Column(tr("Gap, points"), Kind.POINTS),
        Column(tr("95 % from"), Kind.POINTS),
        Column(tr("to"), Kind.POINTS),
        Column("p", Kind.P),
        Column(tr("p after Holm"), Kind.P),
        Column(tr("East Asian share of the training faces"), Kind.SHARE),
    )
    rows = tuple(
        (each.run.run, each.gap.value, each.gap.low, each.gap.high, each.gap.p_value, p_value, each.east_asian_share)
        for each, p_value in zip(gaps.found.runs, gaps.found.p_holm, strict=True)
    )
    return Table("gaps", tr("Western minus East Asian accuracy on test faces"), columns, rows)


def _changes(gaps: MeasuredGaps) -> Table:
    columns = (
        Column("A", Kind.COUNT),
        Column("B", Kind.COUNT),
        Column(tr("Gap of A − gap of B, points"), Kind.POINTS),
        Column(tr("95 % from"), Kind.POINTS),
        Column(tr("to"), Kind.POINTS),
        Column("p", Kind.P),
        Column(tr("p after Holm"), Kind.P),
    )
    rows = tuple(
        (a, b, change.value, change.low, change.high, change.p_value, p_value)
        for (a, b, change), p_value in zip(gaps.changes, gaps.p_of_changes, strict=True)
    )
    return Table("gap-differences", tr("Differences of two runs' gaps"), columns, rows)

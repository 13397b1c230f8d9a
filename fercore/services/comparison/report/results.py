"""The results of a report: each measure with its interval, by training and place."""

from fercore.charts.intervals import Interval, by_name
from fercore.charts.words import of_values
from fercore.evaluation.measures import ACCURACY, BALANCED, MACRO_F1
from fercore.exports.documents.document import Block, Column, Kind, Paragraph, Picture, Section, Table
from fercore.language import tr
from fercore.services.comparison import results, table
from fercore.services.comparison.report.material import Material, Place
from fercore.services.comparison.report.pictures import picture
from fercore.services.comparison.results import ResultCell, ResultRow, TableChoice

CHARTED = 40


def section(material: Material) -> Section:
    """The tables of all measures, and a chart of the accuracies on each place."""
    measures = {ACCURACY: tr("Accuracy"), MACRO_F1: tr("Macro-F1"), BALANCED: tr("Balanced accuracy")}
    blocks: list[Block] = [_table(material, measure, name) for measure, name in measures.items()]
    blocks += [_chart(material, place) for place in material.places if place.tests_claims]
    words = tr(
        "Runs that differ in their seed alone stand in one row, with their mean. An interval holds the figure 19 times "
        "in 20 over faces of this kind; of several seeds, over seeds as well."
    )
    return Section(tr("Results"), (Paragraph(words), *blocks, *_paper(material)))


def rows_on(material: Material, place: Place, measure: str) -> list[tuple[ResultRow, ResultCell]]:
    """The trainings on a place by a measure, the best first, those of few faces last."""
    choice = TableChoice(place.split, measure)
    rows = results.rows_of(place.views, material.figures, choice, material.stale)
    cells = [(row, row.cells[place.dataset]) for row in rows]
    return sorted(cells, key=lambda each: (each[1].is_few, -(each[1].value or 0.0)))


def _table(material: Material, measure: str, name: str) -> Table:
    columns = (
        Column(tr("Tested on")),
        Column(tr("Backbone")),
        Column(tr("Trained on")),
        Column(tr("Recipe")),
        Column(tr("Runs")),
        Column(name, Kind.SHARE),
        Column(tr("95 % from"), Kind.SHARE),
        Column(tr("to"), Kind.SHARE),
        Column(tr("Spread over seeds"), Kind.SIZE),
        Column(tr("Faces"), Kind.COUNT),
        Column(tr("Mark")),
    )
    rows = [
        (
            place.words,
            row.training.backbone,
            " + ".join(row.trained_on) or tr("unknown"),
            row.recipe,
            ", ".join(map(str, row.runs)),
            *((cell.value, cell.low, cell.high, cell.spread) if cell.value is not None else (None,) * 4),
            cell.n,
            marks(place, cell),
        )
        for place in material.places
        for row, cell in rows_on(material, place, measure)
    ]
    return Table(f"results-{measure}", name, columns, tuple(rows))


def marks(place: Place, cell: ResultCell) -> str:
    """The limits of a figure, in a few words."""
    selected = {run for seed in cell.seeds for run in seed.view.selected_by}
    found = {
        tr("few faces"): cell.is_few,
        tr("in-domain"): cell.in_domain,
        tr("learned faces: no test"): not place.tests_claims and cell.in_domain,
        tr("chosen on these faces"): cell.chosen_on,
        tr("labels of before"): cell.stale,
        tr("labels changed after selection"): bool(selected),
    }
    return ", ".join(words for words, applies in found.items() if applies)


def _chart(material: Material, place: Place) -> Picture:
    shown = [(row, cell) for row, cell in rows_on(material, place, ACCURACY) if cell.value is not None][:CHARTED]
    dots = [
        Interval(_name(row, cell), row.training.backbone, cell.value or 0.0, cell.low, cell.high) for row, cell in shown
    ]
    title = tr("Accuracy on {place}", place=place.words)
    ranked = [dot for dot, (_, cell) in zip(dots, shown, strict=True) if not cell.is_few] or dots
    words = of_values([(dot.name, dot.value) for dot in ranked], "{:.1%}".format)
    return picture(by_name(dots, tr("Accuracy")), f"accuracy-{place.file}", title, words)


def _name(row: ResultRow, cell: ResultCell) -> str:
    runs = ", ".join(map(str, row.runs))
    few = tr("few faces") if cell.is_few else ""
    return " · ".join(part for part in (runs, row.training.backbone, " + ".join(row.trained_on), few) if part)


def _paper(material: Material) -> list[Table]:
    """The paper's table, where something was trained here as it was there."""
    found = table.paper_table(material.views, material.stale)
    if not any(value is not None for row in found for value in row.here):
        return []
    columns = [Column(tr("Backbone")), Column(tr("Trained on"))]
    for dataset, _ in table.PLACES:
        columns.append(Column(tr("{dataset}, paper", dataset=dataset), Kind.SHARE))
        columns.append(Column(tr("{dataset}, here", dataset=dataset), Kind.SHARE))
    rows = tuple(
        (
            row.backbone,
            " + ".join(row.trained_on),
            *(value for pair in zip(row.printed, row.here, strict=True) for value in pair),
        )
        for row in found
    )
    caption = tr("Table III of Lee & Song 2024, and the same trainings here")
    return [Table("paper-table-iii", caption, tuple(columns), rows)]

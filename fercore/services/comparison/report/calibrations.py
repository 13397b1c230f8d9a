"""Calibration in a report: what a run's probabilities are worth on each place."""

from fercore.errors import InputError
from fercore.exports.documents.document import Column, Kind, Paragraph, Section, Table
from fercore.language import tr
from fercore.services.comparison import calibration
from fercore.services.comparison.report.material import Material

LOOKED_AT = 12  # runs


def section(material: Material) -> Section | None:
    """The calibration of the first runs; None where only words are known of their predictions."""
    columns = (
        Column(tr("Run"), Kind.COUNT),
        Column(tr("Tested on")),
        Column(tr("Faces"), Kind.COUNT),
        Column(tr("Calibration error"), Kind.SHARE),
        Column(tr("of it by chance"), Kind.SHARE),
        Column(tr("Brier"), Kind.NUMBER),
        Column(tr("Temperature"), Kind.NUMBER),
        Column(tr("Error at this temperature"), Kind.SHARE),
        Column(tr("Sets hold the truth"), Kind.SHARE),
    )
    rows = []
    for view in material.runs[:LOOKED_AT]:
        try:
            found = calibration.of_evaluations(material.store, view.run, material.views)
        except InputError:  # only words are known of its predictions
            continue
        rows += [
            (
                view.run,
                f"{place.view.dataset} · {tr(place.view.split)}",
                place.view.n,
                place.plain.ece,
                place.plain.ece_by_chance,
                place.plain.brier,
                found.fitted and found.fitted.value,
                place.mended and place.mended.ece,
                place.sets and place.sets.share,
            )
            for place in found.places
        ]
    if not rows:
        return None
    words = tr(
        "Sets are built on the validation faces to hold the true emotion 9 times in 10; elsewhere it is measured."
    )
    table = Table("calibration", tr("Calibration by place"), columns, tuple(rows))
    return Section(tr("Calibration"), (Paragraph(words), table))

"""Emotions in a report: confusion matrices, and each emotion against the rest."""

import numpy as np

from fercore.emotions import EMOTIONS
from fercore.evaluation.confusion_shares import Shares
from fercore.exports.documents.document import Block, Column, Kind, Paragraph, Picture, Section, Table
from fercore.language import tr
from fercore.services.comparison import matrices
from fercore.services.comparison.report.material import Material, run_words
from fercore.services.comparison.stored_evaluations import EvaluationView

PICTURED = 12  # matrices; all counts stand in the table


def section(material: Material) -> Section:
    """The matrices of the first evaluations, and the scores of all."""
    views = [view for place in material.places if place.tests_claims for view in place.views]
    blocks: list[Block] = [_matrix(material, view) for view in views[:PICTURED]]
    if len(views) > PICTURED:
        words = tr("Pictured are the first {shown} of {all} evaluations.", shown=PICTURED, all=len(views))
        blocks.insert(0, Paragraph(words))
    return Section(tr("Confusion and emotions"), (*blocks, _scores(material, views)))


def _where(material: Material, view: EvaluationView) -> str:
    place = next(place for place in material.places if view in place.views)
    return f"{run_words(view)} → {place.words}"


def _matrix(material: Material, view: EvaluationView) -> Picture:
    counts = np.array(view.confusion)
    words = matrices.in_words(counts)
    title = _where(material, view)
    drawn = matrices.of_run(counts, Shares.COUNTS, range(len(EMOTIONS)), "")
    return Picture(f"confusion-{view.id}", title, words, matrices.svg(drawn, title, words))


def _scores(material: Material, views: list[EvaluationView]) -> Table:
    columns = (
        Column(tr("Run"), Kind.COUNT),
        Column(tr("Tested on")),
        Column(tr("Emotion")),
        Column(tr("Faces"), Kind.COUNT),
        Column(tr("Precision"), Kind.SHARE),
        Column(tr("Recall"), Kind.SHARE),
        Column("F1", Kind.SHARE),
        *(Column(tr("as {emotion}", emotion=tr(name)), Kind.COUNT) for name in EMOTIONS),
    )
    places = {view.id: place.words for place in material.places for view in place.views}
    rows = tuple(
        (view.run, places[view.id], tr(name), scores.n, scores.precision, scores.recall, scores.f1, *view.confusion[at])
        for view in views
        for at, (name, scores) in enumerate(view.per_emotion.items())
    )
    return Table("emotions", tr("Each emotion against the rest, and what its faces are read as"), columns, rows)

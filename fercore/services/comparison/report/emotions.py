"""Emotions in a report: confusion matrices, and each emotion against the rest."""

from collections.abc import Sequence

import numpy as np

from fercore.emotions import EMOTIONS
from fercore.evaluation.confusion_shares import Shares
from fercore.evaluation.one_versus_rest import Estimate
from fercore.exports.documents.document import Block, Column, Kind, Paragraph, Picture, Section, Table
from fercore.language import tr
from fercore.services.comparison import emotion_scores, matrices
from fercore.services.comparison.report.material import Material, run_words
from fercore.services.comparison.stored_evaluations import EvaluationView

PICTURED = 12  # evaluations; the counts of all stand in a table


def section(material: Material) -> Section:
    """The matrices and scores of the first evaluations, and the counts of all."""
    views = [view for place in material.places if place.tests_claims for view in place.views]
    blocks: list[Block] = [_matrix(material, view) for view in views[:PICTURED]]
    if len(views) > PICTURED:
        words = tr("Pictured are the first {shown} of {all} evaluations.", shown=PICTURED, all=len(views))
        blocks.insert(0, Paragraph(words))
    return Section(
        tr("Confusion and emotions"), (*blocks, _counts(material, views), _scores(material, views[:PICTURED]))
    )


def _place(material: Material, view: EvaluationView) -> str:
    return next(place.words for place in material.places if view in place.views)


def _matrix(material: Material, view: EvaluationView) -> Picture:
    counts = np.array(view.confusion)
    words = matrices.in_words(counts)
    title = f"{run_words(view)} → {_place(material, view)}"
    drawn = matrices.of_run(counts, Shares.COUNTS, range(len(EMOTIONS)), "")
    return Picture(f"confusion-{view.id}", title, words, matrices.svg(drawn, title, words))


def _scores(material: Material, views: Sequence[EvaluationView]) -> Table:
    """Every emotion's figures with their intervals, of the first evaluations."""
    figures = {"precision": tr("Precision"), "recall": tr("Recall"), "f1": "F1", "auc": "AUC"}
    columns = (
        Column(tr("Run"), Kind.COUNT),
        Column(tr("Tested on")),
        Column(tr("Emotion")),
        Column(tr("Faces"), Kind.COUNT),
        *(
            column
            for name in figures.values()
            for column in (Column(name, Kind.SHARE), Column(tr("95 % from"), Kind.SHARE), Column(tr("to"), Kind.SHARE))
        ),
    )
    rows = []
    for view in views:
        [run] = emotion_scores.of_runs(material.store, [view]).runs
        for name, scores in zip(EMOTIONS, run.scores, strict=True):
            estimates = [scores.figure(figure) for figure in figures]
            values = [value for each in estimates for value in _estimate(each)]
            rows.append((view.run, _place(material, view), tr(name), scores.n, *values))
    return Table("emotions", tr("Each emotion against the rest"), columns, tuple(rows))


def _estimate(each: Estimate) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if each.value is None else (each.value, each.low, each.high)


def _counts(material: Material, views: Sequence[EvaluationView]) -> Table:
    columns = (
        Column(tr("Run"), Kind.COUNT),
        Column(tr("Tested on")),
        Column(tr("Emotion")),
        *(Column(tr("as {emotion}", emotion=tr(name)), Kind.COUNT) for name in EMOTIONS),
    )
    rows = tuple(
        (view.run, _place(material, view), tr(name), *view.confusion[at])
        for view in views
        for at, name in enumerate(EMOTIONS)
    )
    return Table("confusion", tr("Faces of each emotion by what they are read as"), columns, rows)

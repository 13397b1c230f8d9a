"""Sentences on predictions from elsewhere: how many faces they cover, and their limits."""

from fercore.language import tr, trn
from fercore.services.comparison.foreign_models import ImportedPredictions
from fercore.services.comparison.stored_evaluations import EvaluationView


def coverage(report: ImportedPredictions) -> str:
    """The sentence on how many faces of the split the file told of."""
    view = report.evaluation
    return trn(
        "{matched} of {count} labelled face of '{dataset}', {split}, is predicted.",
        "{matched} of {count} labelled faces of '{dataset}', {split}, are predicted.",
        report.labelled,
        matched=f"{report.matched:,}",
        dataset=view.dataset,
        split=tr(view.split),
    )


def cautions(report: ImportedPredictions) -> list[str]:
    """Rows without a face, faces without a label, and the limits of a model from elsewhere."""
    sentences = []
    if report.replaces:
        sentences.append(
            tr("The model of this name had other predictions here: these count now, the others stay under 'Counted'.")
        )
    if report.unmatched:
        sentences.append(
            trn(
                "{count} row names no face of this split and is not counted: '{name}'.",
                "{count} rows name no face of this split and are not counted, the first '{name}'.",
                len(report.unmatched),
                name=report.unmatched[0],
            )
        )
    if report.unlabelled:
        sentences.append(
            trn(
                "{count} predicted face has no label and is not counted.",
                "{count} predicted faces have no label and are not counted.",
                report.unlabelled,
            )
        )
    return [*sentences, *notes(report.evaluation)]


def notes(view: EvaluationView) -> list[str]:
    """Limits of all figures of a model from elsewhere."""
    if not view.is_foreign:
        return []
    sentences = [tr("The training data of this model are unknown: it may have learned these faces.")]
    imported = view.imported
    if imported is not None and imported.words_only:
        sentences.append(
            tr("The file gave words and no probabilities, which calibration needs: each answer counts as certain.")
        )
    if imported is not None and imported.others:
        sentences.append(
            tr(
                "The model has other classes, too ({names}): the seven probabilities were scaled to sum to 1.",
                names=", ".join(imported.others),
            )
        )
    if imported is not None and view.n < imported.labelled:
        sentences.append(
            trn(
                "{matched} of {count} labelled face was predicted; comparisons use the faces that all runs have.",
                "{matched} of {count} labelled faces were predicted; comparisons use the faces that all runs have.",
                imported.labelled,
                matched=f"{view.n:,}",
            )
        )
    return sentences

"""Predictions of a model from elsewhere, imported as a run to compare."""

from pathlib import Path

import click

from fercore.cli.common import CommandContext, progress_bar, show, warn
from fercore.services.comparison import foreign_models, foreign_notes

Given = tuple[Path | None, str | None, str | None, str | None]


def import_predictions(context: CommandContext, runs: tuple[int, ...], given: Given, as_json: bool) -> None:
    """Import a file, the name of its model, a dataset and a split, all of which have to be said."""
    options = ("--predictions", "--name", "--dataset", "--split")
    missing = [option for option, value in zip(options, given, strict=True) if value is None]
    if missing:
        raise click.UsageError(f"Predictions come with {', '.join(options)}; {', '.join(missing)} is missing.")
    if runs:
        raise click.UsageError("Import predictions first, and name the runs to compare in another command.")
    file, name, dataset, split = given
    assert file is not None and name is not None and dataset is not None and split is not None
    with progress_bar(as_json) as progress:
        report = foreign_models.import_predictions(context.store, file, name, dataset, split, progress)
    warn(foreign_notes.cautions(report), strict=False)
    view = report.evaluation
    show(
        {
            "run": report.run,
            "name": view.backbone,
            "evaluation": view.id,
            "dataset": view.dataset,
            "split": view.split,
            "matched": report.matched,
            "unmatched": report.unmatched,
            "labelled": report.labelled,
            "unlabelled": report.unlabelled,
            "words_only": view.words_only,
            "accuracy": view.accuracy,
        },
        as_json,
        lambda: f"Run {report.run}: {view.backbone}. {foreign_notes.coverage(report)} Accuracy {view.accuracy:.4f}.",
    )

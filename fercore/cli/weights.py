"""Weights of faces in trainings."""

from pathlib import Path
from typing import Final

import click

from fercore.cli.common import CommandContext, json_option, of_dataset, pass_context, progress_bar, show
from fercore.language import counts

VOTES: Final = "votes"
LABELS: Final = "labels"


@click.command("weights")
@click.option("--from", "origin", metavar="votes|labels|FILE", help="Where weights come from; a CSV by face or pixels.")
@click.option("--clear", is_flag=True, help="Let all faces count alike, before others are given.")
@json_option
@pass_context
@of_dataset
def weights_command(context: CommandContext, dataset: str, origin: str | None, clear: bool, as_json: bool) -> None:
    """Training weights of a dataset's faces, 0 to 10: how much each counts; alone, those of now.

    votes: the share of a face's votes that name its label. labels: the probability of each label that looks wrong, by
    the audit of labels; labels that people decided on count 1. A CSV has the columns face or pixels, and weight. A
    snapshot freezes the weights, and a recipe with face_weights uses them.
    """
    from fercore.services.training import face_weights  # NumPy and OpenCV, which other commands do not need

    if origin is None:
        now = face_weights.clear(context.store, dataset) if clear else face_weights.summary(context.store, dataset)
    elif origin == VOTES:
        now = face_weights.from_votes(context.store, dataset, clear)
    elif origin == LABELS:
        with progress_bar(as_json) as progress:
            now = face_weights.from_labels(context.store, dataset, clear, progress)
    else:
        now = face_weights.from_file(context.store, dataset, Path(origin), clear)
    show(
        face_weights.as_json(now),
        as_json,
        lambda: (
            f"{counts.faces(now.faces)} in '{now.dataset}'. With a weight other than 1: {now.weighted:,}; "
            f"lowest {now.lowest:g}, highest {now.highest:g}."
        ),
    )


COMMANDS: Final[tuple[click.Command, ...]] = (weights_command,)

"""Commands about predictions: opinion, predict."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import click

from fercore.cli.common import NUMBER, CommandContext, complain, json_option, pass_context, progress_bar, show
from fercore.exports.targets import refuse_over
from fercore.language import counts
from fercore.services.datasets import detectors
from fercore.services.prediction import photos as photo_service
from fercore.services.prediction.photos import PhotoPrediction, UnreadablePhoto

number = click.argument("run", type=NUMBER)


@click.command("opinion")
@number
@click.option("--dataset", required=True)
@json_option
@pass_context
def opinion_command(context: CommandContext, run: int, dataset: str, as_json: bool) -> None:
    """Let a run look at the faces of a dataset that it did not learn, for the orders of review."""
    from fercore.services.review import model_predictions  # which `predict` does not wait for

    with progress_bar(as_json) as progress:
        count = model_predictions.gather(context.store, run, dataset, progress)
    show(
        {"run": run, "dataset": dataset, "faces": count},
        as_json,
        lambda: f"Run {run} predicted {counts.faces(count)}.",
    )


@click.command("predict")
@click.argument("photos", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--run", type=NUMBER, required=True, help="Which run's model reads the faces.")
@click.option("--calibrated", is_flag=True, help="Scale probabilities by the run's temperature.")
@click.option(
    "--explain",
    type=click.Path(path_type=Path),
    help="Write a picture of each face into this new folder: what speaks for its emotion.",
)
@json_option
@pass_context
def predict_command(
    context: CommandContext, photos: tuple[Path, ...], run: int, calibrated: bool, explain: Path | None, as_json: bool
) -> None:
    """Find the faces of photos and read their emotions.

    Each photo stands alone. One that cannot be read is named on stderr with the reason, and has an "error" and no
    faces in --json; the exit code is then 2, and the others are read all the same.
    """
    problem = detectors.choice(context.settings).problem
    if problem:
        complain(problem)
    finder = detectors.chosen(context.store)
    if explain is not None:
        refuse_over(explain)
    load = cache(lambda: photo_service.load(context.store, run, calibrated))
    readings = list(photo_service.predict_files(load, photos, finder))
    if explain is not None:
        from fercore.services.prediction import explanation_files

        explanation_files.write(lambda faces: load().probabilities(faces), readings, explain)
    unread = [photo for photo in readings if isinstance(photo, UnreadablePhoto)]
    if as_json or len(unread) < len(readings):
        show([photo_service.as_json(photo) for photo in readings], as_json, lambda: "\n".join(_reading_lines(readings)))
    for photo in unread:
        complain(photo.why if photo.photo in photo.why else f"{photo.photo}: {photo.why}")
    if unread:
        raise click.exceptions.Exit(2)


def _reading_lines(readings: Sequence[PhotoPrediction | UnreadablePhoto]) -> Iterator[str]:
    for photo in readings:
        if isinstance(photo, UnreadablePhoto):
            continue
        yield f"{photo.photo}: {counts.faces(len(photo.faces))}"
        for face, p in zip(photo_service.as_json(photo)["faces"], photo.probabilities, strict=True):
            noted = f" ({', '.join(face['remarks'])})" if face["remarks"] else ""
            yield f"  {face['emotion']} {p.max():.2f} at {face['box']}{noted}"


COMMANDS: Final[tuple[click.Command, ...]] = (opinion_command, predict_command)

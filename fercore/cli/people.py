"""Commands about one person: of those on faces what there is of them and its deletion; of reviewers their record."""

from typing import Final

import click

from fercore.cli.common import CommandContext, json_option, pass_context, show, table
from fercore.language import counts
from fercore.services.datasets import erasure
from fercore.services.datasets.erasure import PersonRecords

subject_argument = click.argument("subject")
AGAIN: Final = "Importing the same source again brings the person back: take the photos out of it, too."
dataset_option = click.option("--dataset", default=None, help="Only in this dataset.")


@click.command("person")
@subject_argument
@dataset_option
@json_option
@pass_context
def person_command(context: CommandContext, subject: str, dataset: str | None, as_json: bool) -> None:
    """The data of one person, by the hash or name that their source gives them."""
    records = erasure.find(context.store, subject, dataset)
    show(records.as_json(), as_json, lambda: _text(records))


@click.command("purge")
@subject_argument
@dataset_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@pass_context
def purge_command(context: CommandContext, subject: str, dataset: str | None, yes: bool, as_json: bool) -> None:
    """Delete all of one person: pixels, surroundings, photo copies, decisions, probabilities; says what went."""
    records = erasure.find(context.store, subject, dataset)
    if not yes:
        click.confirm(f"{_text(records)}\nDelete all of it?", abort=True, err=True)
    gone = erasure.purge(context.store, subject, dataset)
    show(gone.as_json(), as_json, lambda: f"Deleted:\n{_text(gone)}\n{AGAIN}")


@click.command("reviewer")
@click.argument("name")
@click.option("--dataset", default=None, help="Only faces of this dataset.")
@json_option
@pass_context
def reviewer_command(context: CommandContext, name: str, dataset: str | None, as_json: bool) -> None:
    """One reviewer's record: accuracy where the answer is known, with 95 % intervals; confusions, votes, pace."""
    from fercore.services.review import reviewer_record  # it needs NumPy, which no other command here does

    record = reviewer_record.record(context.store, name, dataset)
    plain = reviewer_record.as_json(record)

    def text() -> str:
        rows: list[tuple[object, ...]] = [
            (kind, plain[kind]["n"], plain[kind]["accuracy"], *(plain[kind]["interval"] or (None, None)))
            for kind in reviewer_record.KNOWN
        ]
        votes = ", ".join(f"{count:,} {kind}" for kind, count in plain["votes"].items())
        days: list[tuple[object, ...]] = [
            (day["day"], day["decisions"], day["faces"], day["seconds"]) for day in plain["days"]
        ]
        parts = [table(("known faces", "n", "accuracy", "low", "high"), rows), f"Votes: {votes}."]
        return "\n".join([*parts, *([table(("day", "decisions", "faces", "seconds each"), days)] if days else [])])

    show(plain, as_json, text)


def _text(records: PersonRecords) -> str:
    where = ", ".join(f"{count:,} in {name}" for name, count in records.datasets.items()) or "none"
    lines = [
        counts.listed(
            f"{counts.faces(len(records.faces))} ({where})",
            counts.surroundings(records.contexts),
            counts.copies(len(records.copies)),
            counts.decisions(records.decisions),
            counts.predictions(records.probabilities),
        )
    ]
    lines += [f"  face {name}" for name in records.faces]
    lines += [f"  snapshot '{name}' used {count:,} of them" for name, count in records.snapshots.items()]
    lines += [f"  run {run} was trained on such a snapshot; its model stays" for run in records.runs]
    lines += [f"  photo outside of the data folder, which is not touched: {path}" for path in records.elsewhere]
    return "\n".join(lines)


COMMANDS: Final[tuple[click.Command, ...]] = (person_command, purge_command, reviewer_command)

"""Commands about the installation: demo, doctor, backup, restore, and a job's own process."""

from pathlib import Path
from typing import Final

import click

from fercore.cli.common import NUMBER, CommandContext, json_option, pass_context, progress_bar, show, table
from fercore.language import counts
from fercore.services.system import backup, demo, doctor, restore

file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command("demo")
@click.option("--remove", is_flag=True, help="Delete what an earlier demo left.")
@json_option
@pass_context
def demo_command(context: CommandContext, remove: bool, as_json: bool) -> None:
    """The whole loop on generated faces: draw, freeze, train, compare; some minutes on a CPU."""
    if remove:
        demo.remove(context.store)
        show({"removed": True}, as_json, lambda: "The demo is removed.")
        return
    with progress_bar(as_json) as progress:
        rows = demo.finish(context.store, progress)
    flat: list[tuple[object, ...]] = [(r["trained_on"], *r["accuracy"].values()) for r in rows]
    header = ("trained on", *(f"tested on {name}" for name in rows[0]["accuracy"]))
    show({"rows": rows}, as_json, lambda: table(header, flat))


@click.command("doctor")
@json_option
@pass_context
def doctor_command(context: CommandContext, as_json: bool) -> None:
    """Check this machine: backend, GPU, weights, detector, database."""
    report = doctor.examine(context.settings)

    def text() -> str:
        lines = [f"Python {report['python']}, Keras on {report['backend']}"]
        lines += [
            f"devices: {', '.join(report['devices']) or 'none'}",
            f"trainings get: {', '.join(report['trainings'])}",
        ]
        lines += [f"precision: {report['precision']}"]
        lines += [f"database: {report['database']}"]
        lines += [f"detector: {report['detector']}"]
        lines += [f"weights of {name}: {state}" for name, state in report["weights"].items()]
        lines += [f"! {problem}" for problem in report["problems"]]
        return "\n".join(lines)

    show(report, as_json, text)


@click.command("backup")
@file_argument
@click.option("--replace", is_flag=True, help="Replace a regular file that has that name.")
@json_option
@pass_context
def backup_command(context: CommandContext, file: Path, replace: bool, as_json: bool) -> None:
    """Write the whole installation into one zip file: database, pixels, photos, models."""
    with progress_bar(as_json) as progress:
        report = backup.backup(context.store, file, replace, progress)
    show(
        report,
        as_json,
        lambda: f"{counts.rows(report['rows'])} and {counts.files(report['files'])} written to {file}.",
    )


@click.command("restore")
@file_argument
@click.option("--replace", is_flag=True, help="Lose what is in this installation now.")
@json_option
@pass_context
def restore_command(context: CommandContext, file: Path, replace: bool, as_json: bool) -> None:
    """Put a backup into this installation; one that cannot be used changes nothing.

    Jobs that waited or ran when it was made are cancelled.
    """
    with progress_bar(as_json) as progress:
        report = restore.restore(context.store, file, replace, progress)
    show(report, as_json, lambda: f"{counts.rows(report['rows'])} and {counts.files(report['files'])} restored.")


@click.command("job", hidden=True)
@click.argument("number", type=NUMBER)
@click.option("--handle", default=None, help="The engine's name for this attempt.")
@pass_context
def job_command(context: CommandContext, number: int, handle: str | None) -> None:
    """Do a queued job in this process."""
    from fercore.services import jobs

    jobs.work(context.store, number, handle)


COMMANDS: Final[tuple[click.Command, ...]] = (
    demo_command,
    doctor_command,
    backup_command,
    restore_command,
    job_command,
)

"""Commands about the queue: what runs and waits, its order, and what is held back."""

from typing import Final

import click

from fercore.cli.choices import WordChoice
from fercore.cli.common import NUMBER, CommandContext, json_option, pass_context, show, table
from fercore.services.system import queue
from fercore.services.system.queue import JobView, QueueMove
from fercore.statuses import Status

number = click.argument("job", type=NUMBER)


@click.group("jobs", invoke_without_command=True)
@click.option("--ended", type=click.IntRange(min=0), default=0, show_default=True, help="How many ended jobs, too.")
@json_option
@pass_context
@click.pass_context
def jobs_command(click_context: click.Context, context: CommandContext, ended: int, as_json: bool) -> None:
    """Running jobs, and waiting ones in the order in which they will start."""
    if click_context.invoked_subcommand is not None:
        return
    jobs = queue.listed(context.store, ended)
    if any(job.status == Status.QUEUED for job in jobs) and (why := queue.obstacle(context.store)):
        click.echo(f"fercore: warning: {why}", err=True)
    rows: list[tuple[object, ...]] = [
        (job.id, job.status, job.kind, _gpus(job.gpus), job.devices, job.engine, job.title, job.waits_for)
        for job in jobs
    ]
    header = ("job", "status", "kind", "gpus", "on", "engine", "title", "")
    show([queue.as_json(job) for job in jobs], as_json, lambda: table(header, rows))


def _gpus(count: int) -> str:
    return "all" if count < 0 else str(count)


@jobs_command.command("move")
@number
@click.argument("where", type=WordChoice(QueueMove))
@json_option
@pass_context
def move_command(context: CommandContext, job: int, where: QueueMove, as_json: bool) -> None:
    """Let a waiting job start first, one place earlier (up) or one place later (down)."""
    queue.move(context.store, job, where)
    _show(context, job, as_json)


@jobs_command.command("hold")
@number
@json_option
@pass_context
def hold_command(context: CommandContext, job: int, as_json: bool) -> None:
    """Keep a waiting job from starting until it is released."""
    queue.hold(context.store, job)
    _show(context, job, as_json)


@jobs_command.command("release")
@number
@json_option
@pass_context
def release_command(context: CommandContext, job: int, as_json: bool) -> None:
    """Let a held job start when its turn comes."""
    queue.release(context.store, job)
    _show(context, job, as_json)


@jobs_command.command("cancel")
@number
@json_option
@pass_context
def cancel_command(context: CommandContext, job: int, as_json: bool) -> None:
    """Ask a waiting or running job to stop."""
    queue.cancel(context.store, job)
    _show(context, job, as_json)


def _show(context: CommandContext, number: int, as_json: bool) -> None:
    job = queue.get(context.store, number)
    show(queue.as_json(job), as_json, lambda: ", ".join(_words(job)))


def _words(job: JobView) -> list[str]:
    return [f"Job {job.id}, {job.title}: {job.status}", *([job.waits_for] if job.waits_for else [])]


@jobs_command.command("log")
@number
@pass_context
def log_command(context: CommandContext, job: int) -> None:
    """The end of what a job printed, wherever it runs."""
    click.echo(queue.log(context.store, job))


COMMANDS: Final[tuple[click.Command, ...]] = (jobs_command,)

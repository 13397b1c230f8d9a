"""Shared parts of commands: the opened store, the progress bar, and the way results are printed."""

import dataclasses
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, wraps
from typing import Any, Final

import click

from fercore import logs
from fercore.curation.exclusions import Exclusion
from fercore.errors import InputError, visible
from fercore.progress import Progress, silent
from fercore.services.system.installation import Store, opened
from fercore.settings import Settings, read_settings


class CommandContext:
    """Opens the store when the first command asks for it, so that `--help` costs nothing."""

    @cached_property
    def settings(self) -> Settings:
        """The settings of this process."""
        settings = read_settings()
        logs.configure(settings.log)
        return settings

    @cached_property
    def store(self) -> Store:
        """The installation."""
        return opened(self.settings, lambda recovered: click.echo(f"fercore: warning: {recovered}", err=True))


pass_context = click.make_pass_decorator(CommandContext)
NUMBER: Final = click.IntRange(0, 2**31 - 1)  # what a whole number of the database holds
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def of_dataset(command: Callable[..., None]) -> Callable[..., None]:
    """A command on one dataset, which is named by an argument or by `--dataset`."""

    @wraps(command)
    def named(*arguments: Any, name: str | None, dataset: str | None, **rest: Any) -> None:
        given = {value for value in (name, dataset) if value is not None}
        if len(given) != 1:
            raise click.UsageError("Name one dataset, as an argument or with --dataset.")
        command(*arguments, dataset=given.pop(), **rest)

    option = click.option("--dataset", default=None, help="The same as the argument.")
    return click.argument("name", required=False)(option(named))


def show(result: Any, as_json: bool, text: Callable[[], str]) -> None:
    """Print a result as JSON, or as text for people."""
    if as_json:
        plain = dataclasses.asdict(result) if dataclasses.is_dataclass(result) else result  # type: ignore[arg-type]  # no class
        click.echo(json.dumps(plain, default=str))
    else:
        click.echo("\n".join(visible(line) for line in text().split("\n")))


def complain(message: str) -> None:
    """Say on stderr, in one line, what went wrong."""
    click.echo(f"fercore: {visible(' '.join(message.split()))}", err=True)


def warn(warnings: Sequence[str], strict: bool) -> None:
    """Say what may spoil the result, on stderr; raises InputError where that is not accepted."""
    for warning in warnings:
        click.echo(f"fercore: warning: {visible(warning)}", err=True)
    if strict and warnings:
        raise InputError(f"Not trained, as --strict refuses warnings: {' '.join(warnings)}")


@contextmanager
def progress_bar(as_json: bool) -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    if as_json or not sys.stderr.isatty():
        yield silent
        return
    from tqdm import tqdm

    with tqdm(file=sys.stderr, unit_scale=True, leave=False) as bar:

        def show_progress(done: int, total: int, message: str) -> None:
            bar.total = total or None
            bar.n = done
            # A new phase is shown at once: the bar itself moves only when it has counted something.
            bar.set_description_str(message, refresh=message != bar.desc)
            bar.update(0)

        yield show_progress


def left_out_line(counted: Mapping[Exclusion, int]) -> list[str]:
    """The line that names left-out faces by reason; none where no face was left out."""
    words = ", ".join(f"{count:,} {reason}" for reason, count in counted.items() if count)
    return [f"Left out: {words}."] if words else []


def table(header: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    """Rows as aligned text; numbers to the right."""
    texts = [header, *[tuple(_cell(value) for value in row) for row in rows]]
    widths = [max(len(row[i]) for row in texts) for i in range(len(header))]
    numeric = [all(isinstance(row[i], (int, float, type(None))) for row in rows) for i in range(len(header))]
    return "\n".join(
        "  ".join(
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in texts
    )


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else visible(str(value))

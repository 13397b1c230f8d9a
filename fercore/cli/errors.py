"""The end of a command that cannot go on: one sentence on stderr, and an exit code that says whose fault it is."""

import csv
import json
import sys
import tempfile
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from sqlalchemy.exc import SQLAlchemyError

from fercore.cli.common import complain
from fercore.errors import Cancelled, FercoreError, InputError, RowFaultsError, RuleError, visible
from fercore.services.system.installation import sentence
from fercore.settings import read_settings

USERS_MISTAKE: Final = 2
OWN_FAULT: Final = 1
EXCEEDED: Final = 3  # a rule on audits, or what a release has
STOPPED: Final = 130


def explain(error: BaseException) -> tuple[str, int]:
    """The sentence and the exit code for whatever ended a command."""
    if isinstance(error, click.ClickException):
        return error.format_message(), USERS_MISTAKE
    if isinstance(error, click.Abort | KeyboardInterrupt | Cancelled):
        return "Stopped.", STOPPED
    if isinstance(error, RowFaultsError):
        option = f" ({error.option})" if error.option else ""
        return f"{error}{option} All of them: {_listed(error)}", USERS_MISTAKE
    if isinstance(error, RuleError):
        return str(error), EXCEEDED
    if isinstance(error, FercoreError):
        return str(error), USERS_MISTAKE if isinstance(error, InputError) else OWN_FAULT
    if isinstance(error, SQLAlchemyError):
        return sentence(error), OWN_FAULT
    if isinstance(error, OSError) and error.strerror:
        where = f"'{error.filename}': " if error.filename else ""
        return f"{where}{error.strerror}.", OWN_FAULT
    return f"This is a fault of fercore itself ({type(error).__name__}). What happened is in {_log(error)}", OWN_FAULT


def fail(error: BaseException, wants_json: bool) -> int:
    """Say what ended a command, as a document too where one was asked for; returns the exit code."""
    message, code = explain(error)
    if wants_json:
        document: dict[str, object] = {"error": visible(message)}
        if isinstance(error, RowFaultsError):
            document["skipped"] = [{"where": fault.where, "why": fault.why} for fault in error.faults]
        print(json.dumps(document))
    complain(message)
    return code


def bear_any_output() -> None:
    """Let what a terminal or pipe cannot show be shown by its number, and end no command."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # replaced ones lack it


def _log(error: BaseException) -> Path:
    """A file with the traceback, in the installation's logs or, where there are none, in the system's place."""
    folder = Path(tempfile.gettempdir())
    with suppress(Exception):
        logs = read_settings().data_dir / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        folder = logs
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    text = f"{' '.join(sys.argv)!a}\n\n{''.join(traceback.format_exception(error))}"
    with tempfile.NamedTemporaryFile(
        "w",
        encoding="utf-8",
        errors="backslashreplace",
        dir=folder,
        prefix=f"fault-{stamp}-",
        suffix=".log",
        delete=False,
    ) as file:
        file.write(text)
    return Path(file.name)


def _listed(error: RowFaultsError) -> Path:
    """A file with every fault, for whoever has to mend the source."""
    with tempfile.NamedTemporaryFile(
        "w", newline="", encoding="utf-8", prefix="fercore-faults-", suffix=".csv", delete=False
    ) as file:
        writer = csv.writer(file)
        writer.writerow(("where", "why"))
        writer.writerows((fault.where, fault.why) for fault in error.faults)
    return Path(file.name)

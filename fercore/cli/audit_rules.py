"""Rules of a team on the command line: what exceeds them ends a command with exit code 3."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from fercore.cli.common import complain
from fercore.cli.errors import EXCEEDED

if TYPE_CHECKING:
    from fercore.curation.audit_rules import Breach, Rule

Command = TypeVar("Command", bound=Callable[..., None])


def rules_option(command: Command) -> Command:
    """The option that names a file of rules."""
    return click.option(
        "--rules",
        type=click.Path(path_type=Path, dir_okay=False),
        help="YAML file of the most that a check may find; what exceeds it ends with exit code 3.",
    )(command)


def read(file: Path | None) -> "tuple[Rule, ...]":
    """The rules in a file; none where none is named."""
    if file is None:
        return ()
    from fercore.services.audit import rules

    return rules.read(file)


def exceeded(wanted: "tuple[Rule, ...]", counted: Mapping[str, Mapping[str, Any]]) -> "list[Breach]":
    """The rules that these counts exceed, of the checks that were made."""
    from fercore.services.audit import rules

    return rules.judged([rule for rule in wanted if str(rule.check) in counted], counted)


def exception_lines(kept: Mapping[str, Any]) -> list[str]:
    """The reason of an exception that was recorded, and the rules that it excepts."""
    return [f"Exception: {kept['reason']}", *kept["exceeded"]]


def end(broken: "list[Breach]") -> None:
    """End the command with exit code 3 where a rule is exceeded, with a sentence for each on stderr."""
    if not broken:
        return
    from fercore.services.audit import rules

    for sentence in rules.sentences(broken):
        complain(sentence)
    raise click.exceptions.Exit(EXCEEDED)

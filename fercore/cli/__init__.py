"""The command line: the same services as the pages, one error handler."""

import os
import sys

import click

from fercore import __version__
from fercore.cli import (
    audit_all,
    audits,
    confusions,
    costs,
    curation,
    evaluations,
    exports,
    freezes,
    imports,
    mistakes,
    names,
    people,
    predictions,
    queue,
    recipes,
    releases,
    runs,
    subgroups,
    sweeps,
    system,
    tasks,
    weights,
)
from fercore.cli.common import CommandContext
from fercore.cli.errors import bear_any_output, fail
from fercore.cli.metavars import unify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="fercore")
@click.pass_context
def cli(context: click.Context) -> None:
    """Curate face datasets, train and compare CNN backbones for facial emotion."""
    context.obj = CommandContext()


GROUPS = (
    *(imports, curation, freezes, tasks, people, names, exports, runs, evaluations, confusions, mistakes, costs),
    *(subgroups, audits, audit_all, predictions, queue, recipes, releases, sweeps, system, weights),
)
for group in GROUPS:
    for command in group.COMMANDS:
        cli.add_command(command)
unify(cli)


def main() -> None:
    """Run the command line: exit code 2 for a user's mistake, 1 for a fault of fercore's own, one line on stderr."""
    bear_any_output()
    try:
        code = cli.main(standalone_mode=False) or 0
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except BrokenPipeError:
        # The reader of a pipe (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except BaseException as error:
        code = error.code if isinstance(error, SystemExit) else fail(error, "--json" in sys.argv)
    sys.exit(code)

"""The command line: the same services as the pages, one error handler."""

import os
import sys

import click

from fercore import __version__
from fercore.cli.common import CommandContext
from fercore.cli.contents import Commands
from fercore.cli.errors import bear_any_output, fail


@click.group(commands=Commands(), context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="fercore")
@click.pass_context
def cli(context: click.Context) -> None:
    """Curate face datasets, train and compare CNN backbones for facial emotion."""
    context.obj = CommandContext()


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

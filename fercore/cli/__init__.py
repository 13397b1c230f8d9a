"""The command line: the same services as the pages, one error handler."""

import json
import sys
from pathlib import Path

import click

from fercore import __version__
from fercore.cli import bring, curate, exporting, models, people, queueing, recipes, sweeps, tasks, upkeep
from fercore.cli.common import Context
from fercore.errors import BadRowsError, Cancelled, FercoreError, InputError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="fercore")
@click.pass_context
def cli(context: click.Context) -> None:
    """Curate face datasets, train and compare CNN backbones for facial emotion."""
    context.obj = Context()


for group in (bring, curate, tasks, people, exporting, models, queueing, recipes, sweeps, upkeep):
    for command in group.COMMANDS:
        cli.add_command(command)


def main() -> None:
    """Run the command line; exits 2 on a user's mistake, 1 on a foreseen failure, with one line on stderr."""
    wants_json = "--json" in sys.argv
    try:
        sys.exit(cli.main(standalone_mode=False) or 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        _fail(error.format_message(), 2, wants_json)
    except (click.Abort, KeyboardInterrupt, Cancelled):
        _fail("Stopped.", 130, wants_json)
    except FercoreError as error:
        listed = f" All of them: {_listed(error)}" if isinstance(error, BadRowsError) else ""
        _fail(f"{error}{listed}", 2 if isinstance(error, InputError) else 1, wants_json, error)


def _fail(message: str, code: int, wants_json: bool, error: Exception | None = None) -> None:
    if wants_json:
        document: dict[str, object] = {"error": message}
        if isinstance(error, BadRowsError):
            document["skipped"] = [{"where": fault.where, "why": fault.why} for fault in error.faults]
        print(json.dumps(document, ensure_ascii=False))
    print(f"fercore: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(code)


def _listed(error: BadRowsError) -> Path:
    """A file with every fault, for whoever has to mend the source."""
    import csv
    import tempfile

    with tempfile.NamedTemporaryFile(
        "w", newline="", encoding="utf-8", prefix="fercore-faults-", suffix=".csv", delete=False
    ) as file:
        writer = csv.writer(file)
        writer.writerow(("where", "why"))
        writer.writerows((fault.where, fault.why) for fault in error.faults)
    return Path(file.name)

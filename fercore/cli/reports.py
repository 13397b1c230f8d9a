"""The report on runs as a file."""

from pathlib import Path

import click

from fercore import language
from fercore.cli.common import CommandContext, show
from fercore.exports.documents import files
from fercore.services.comparison.report import contents
from fercore.services.comparison.report.material import ReportChoice


def write(
    context: CommandContext,
    choice: ReportChoice,
    target: tuple[Path | None, str | None],
    replace: bool,
    as_json: bool,
) -> None:
    """Write a report to (file, language) and print what it concludes."""
    file, code = target
    if file is None:
        raise click.UsageError(
            "--question and --language belong to a report: say with --report FILE where to write it."
        )
    files.check(file)
    language.use(code or "en")
    document = contents.report(context.store, choice)
    files.write(document, file, replace)
    may, may_not = (list(document.listing(index)) for index in (1, 2))
    language.use("en")
    answer = {"report": str(file), "may_be_concluded": may, "may_not_be_concluded": may_not}
    show(answer, as_json, lambda: "\n".join([f"{document.title}: {file}", "", *(f"- {sentence}" for sentence in may)]))

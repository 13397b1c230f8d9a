"""The whole audit of datasets, kept with its findings, as its score card."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from fercore.cli import audit_doubts, audit_rules
from fercore.cli.audit_doubts import doubt_options
from fercore.cli.audit_rules import rules_option
from fercore.cli.audits import audit_group, datasets_argument
from fercore.cli.common import CommandContext, json_option, pass_context, progress_bar, show, table
from fercore.exports.documents import files
from fercore.language import LANGUAGES, counts, use

if TYPE_CHECKING:
    from fercore.evaluation.hit_rate import HitRate
    from fercore.services.audit.score_card import ScoreCard


@audit_group.command("all")
@datasets_argument
@doubt_options
@rules_option
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write a report to this file: .html, .md with its tables beside it, .tex, or .zip with all of them.",
)
@click.option("--language", type=click.Choice([*LANGUAGES]), default=None, help="Language of the report.")
@click.option("--replace", is_flag=True, help="Replace a report that has that name.")
@json_option
@pass_context
def all_command(
    context: CommandContext,
    /,
    datasets: tuple[str, ...],
    rules: Path | None,
    report: Path | None,
    language: str | None,
    replace: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Every check, kept with its findings: counts, shares, and the share of findings that people found right."""
    from fercore.services.audit import audit_request, dataset_audit, score_card
    from fercore.services.audit import rules as team_rules

    wanted = audit_rules.read(rules)
    if report is not None:
        files.check(report)
    elif language or replace:
        raise click.UsageError("--language and --replace belong to a report: say with --report FILE where to write it.")
    asked = audit_request.request(datasets, doubt=audit_doubts.doubt(given))
    with progress_bar(as_json) as progress:
        number = dataset_audit.audit(context.store, asked, progress)
    card = score_card.card(context.store, number)
    if report is not None:
        _write(card, report, language or "en", replace)
    broken = audit_rules.exceeded(wanted, score_card.counted(card))
    document = score_card.as_json(card) | {"exceeded": team_rules.as_json(broken)}
    show(document, as_json, lambda: _text(card))
    audit_rules.end(broken)


def _write(card: "ScoreCard", file: Path, code: str, replace: bool) -> None:
    """Write the report on an audit in a language."""
    from fercore.services.audit import report

    use(code)
    document = report.report(card)
    files.write(document, file, replace)
    use("en")


def _text(card: "ScoreCard") -> str:
    rows: list[tuple[object, ...]] = [
        (
            line.check,
            line.count,
            "-" if line.share is None else f"{line.share:.2%}",
            _rate(line.right),
            _rate(line.control),
            "-" if line.before is None else f"{line.count - line.before[0]:+,}",
        )
        for line in card.lines
    ]
    head = f"Audit {card.audit}: {counts.faces(card.faces)} of {', '.join(card.datasets)}."
    lines = [head, table(("check", "found", "share", "right", "right in the control", "since the last audit"), rows)]
    for line in card.lines:
        lines += [f"{name}: {why}" for name, why in line.detail.get("not_looked_at", {}).items()]
    return "\n".join(lines)


def _rate(rate: "HitRate") -> str:
    if rate.share is None or rate.interval is None:
        return f"- ({counts.decisions(rate.decided)})"
    low, high = rate.interval
    return f"{rate.share:.1%} ({low:.1%} to {high:.1%})"


COMMANDS: Final[tuple[click.Command, ...]] = (audit_group,)

"""The audit of pictures that are no whole face."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from fercore.cli import audit_rules
from fercore.cli.audit_rules import rules_option
from fercore.cli.choices import WordChoice
from fercore.cli.common import CommandContext, json_option, pass_context, progress_bar, show, table
from fercore.language import counts
from fercore.splits import Split

if TYPE_CHECKING:
    from fercore.services.audit.not_faces import NotFaceAudit

_SHOWN: Final = 10


@click.command("faces")
@click.argument("dataset")
@click.option("--split", type=WordChoice(Split), help="Only the faces of this split.")
@rules_option
@json_option
@pass_context
def faces_command(context: CommandContext, dataset: str, split: str | None, rules: Path | None, as_json: bool) -> None:
    """Pictures that are no face or not one whole face: blank, text or drawing, half, several, unusual."""
    from fercore.services.audit import not_faces  # OpenCV, which other commands do not need

    wanted = audit_rules.read(rules)
    with progress_bar(as_json) as progress:
        audit = not_faces.audit(context.store, dataset, split, progress)
    show(not_faces.as_json(audit), as_json, lambda: _text(audit))
    counted = {"count": audit.count, "population": len(audit.findings)}
    audit_rules.end(audit_rules.exceeded(wanted, {"faces": counted}))


def _text(audit: "NotFaceAudit") -> str:
    looked_at = counts.faces(len(audit.findings))
    lines = [f"{looked_at} of {audit.dataset}. Pictures that look like no whole face: {audit.count:,}."]
    lines += [f"Left out: {audit.rejected:,} rejected."] if audit.rejected else []
    kinds: list[tuple[object, ...]] = [(kind, count) for kind, count in audit.counts.items() if count]
    suspicious = [finding for finding in audit.findings if finding.is_finding]
    rows: list[tuple[object, ...]] = [
        (finding.face, finding.split, finding.label or "none", finding.kind, f"{finding.score:.3f}")
        for finding in suspicious[:_SHOWN]
    ]
    lines += (
        [table(("kind", "pictures"), kinds), table(("face", "split", "label", "kind", "suspicion"), rows)]
        if rows
        else []
    )
    more = len(suspicious) - _SHOWN
    lines += [f"Further pictures, listed by --json: {more:,}."] if more > 0 else []
    return "\n".join(lines)

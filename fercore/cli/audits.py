"""Audits of datasets: duplicates, leaks between splits, labels that look wrong, and pictures of no whole face."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from fercore.cli import audit_doubts, audit_rules, bias, not_faces
from fercore.cli.audit_doubts import doubt_options
from fercore.cli.audit_rules import rules_option
from fercore.cli.choices import WordChoice
from fercore.cli.common import CommandContext, json_option, pass_context, progress_bar, show, table, warn
from fercore.language import counts, tr
from fercore.splits import Split

if TYPE_CHECKING:
    from fercore.services.audit.duplicates import DuplicateAudit
    from fercore.services.audit.label_issues import LabelAudit
    from fercore.services.audit.leaks import LeakAudit

datasets_argument = click.argument("datasets", nargs=-1, required=True, metavar="DATASET...")
_SHOWN: Final = 10


@click.group("audit")
def audit_group() -> None:
    """Find what is wrong with datasets before a model learns it; rejected faces are left out."""


@audit_group.command("duplicates")
@datasets_argument
@rules_option
@json_option
@pass_context
def duplicates_command(context: CommandContext, datasets: tuple[str, ...], rules: Path | None, as_json: bool) -> None:
    """Faces that show the same picture: exact, brighter, compressed, cropped by pixels or mirrored; one to keep."""
    from fercore.services.audit import duplicates  # OpenCV, which other commands do not need

    wanted = audit_rules.read(rules)
    with progress_bar(as_json) as progress:
        audit = duplicates.audit(context.store, datasets, progress)
    show(duplicates.as_json(audit), as_json, lambda: _duplicates_text(audit))
    counted = {"count": audit.superfluous, "population": audit.faces}
    audit_rules.end(audit_rules.exceeded(wanted, {"duplicates": counted}))


def _duplicates_text(audit: "DuplicateAudit") -> str:
    kinds: list[tuple[object, ...]] = [(kind, count) for kind, count in audit.counts.items() if count]
    contradicting = [group for group in audit.groups if group.contradicts]
    head = (
        f"{counts.faces(audit.faces)} of {', '.join(audit.datasets)}. Groups of duplicates: {len(audit.groups):,}; "
        f"with contradicting labels: {len(contradicting):,}; faces beyond one of each group: {audit.superfluous:,}."
    )
    rows: list[tuple[object, ...]] = [
        (group.keeper, len(group.faces), ", ".join(sorted({face.label or "none" for face in group.faces})),
         ", ".join(dict.fromkeys(str(kind.kind) for kind in group.kinds)))
        for group in audit.groups[:_SHOWN]
    ]  # fmt: skip
    lines = [head, _left_out(audit.rejected)]
    lines += [table(("kind", "groups"), kinds), table(("keep face", "faces", "labels", "kinds"), rows)] if kinds else []
    more = len(audit.groups) - _SHOWN
    lines += [f"Further groups, listed by --json: {more:,}."] if more > 0 else []
    return "\n".join(line for line in lines if line)


@audit_group.command("leaks")
@datasets_argument
@rules_option
@json_option
@pass_context
def leaks_command(context: CommandContext, datasets: tuple[str, ...], rules: Path | None, as_json: bool) -> None:
    """Faces, altered copies and people that a validation or test split shares with another split."""
    from fercore.services.audit import leaks

    wanted = audit_rules.read(rules)
    with progress_bar(as_json) as progress:
        audit = leaks.audit(context.store, datasets, progress)
    show(leaks.as_json(audit), as_json, lambda: _leaks_text(audit))
    counted = {"count": len(audit.leaked), "population": audit.held_out}
    audit_rules.end(audit_rules.exceeded(wanted, {"leaks": counted}))


def _leaks_text(audit: "LeakAudit") -> str:
    rows: list[tuple[object, ...]] = [
        (f"{pair.source.dataset} · {pair.source.split}", f"{pair.target.dataset} · {pair.target.split}",
         pair.exact, pair.near, len(pair.people))
        for pair in audit.pairs
    ]  # fmt: skip
    lines = [f"{counts.faces(audit.faces)} of {', '.join(audit.datasets)}.", _left_out(audit.rejected)]
    if not rows:
        lines.append("No two splits of which one is validation or test.")
    else:
        lines.append(table(("from", "held out", "exact", "near", "people"), rows))
    return "\n".join(line for line in lines if line)


@audit_group.command("labels")
@click.argument("dataset")
@click.option("--split", type=WordChoice(Split), help="Only the faces of this split.")
@doubt_options
@rules_option
@json_option
@pass_context
def labels_command(
    context: CommandContext, /, dataset: str, split: str | None, rules: Path | None, as_json: bool, **given: Any
) -> None:
    """Faces whose label looks wrong, the most suspicious first; needs no trained run unless one is asked."""
    from fercore.services.audit import label_issues

    wanted = audit_rules.read(rules)
    asked = audit_doubts.doubt(given)
    source = label_issues.source_of(context.store, asked)
    with progress_bar(as_json) as progress:
        audit = label_issues.audit(context.store, dataset, asked.method, source, split, progress)
    if audit.may_be_learned:
        warn([tr("The training data of this model are unknown: it may have learned these faces.")], strict=False)
    show(label_issues.as_json(audit), as_json, lambda: _labels_text(audit))
    counted = {"count": audit.issues, "population": len(audit.findings)}
    audit_rules.end(audit_rules.exceeded(wanted, {"labels": counted}))


def _labels_text(audit: "LabelAudit") -> str:
    looked_at = counts.faces(len(audit.findings))
    lines = [f"{looked_at} of {audit.dataset}, by {audit.method}. Labels that look wrong: {audit.issues:,}."]
    if audit.left_out:
        lines.append(f"Not looked at, though labelled: {audit.left_out:,}.")
    rows: list[tuple[object, ...]] = [
        (finding.face, finding.split, finding.label, finding.suggested or "-", f"{finding.score:.3f}")
        for finding in audit.findings[:_SHOWN]
    ]
    lines += [table(("face", "split", "label", "likelier", "suspicion"), rows)] if rows else []
    more = len(audit.findings) - _SHOWN
    lines += [f"Further faces, listed by --json: {more:,}."] if more > 0 else []
    return "\n".join(lines)


def _left_out(rejected: int) -> str:
    return f"Left out: {rejected:,} rejected." if rejected else ""


audit_group.add_command(not_faces.faces_command)
audit_group.add_command(bias.bias_command)
COMMANDS: Final[tuple[click.Command, ...]] = (audit_group,)

"""The audit of bias and shortcuts."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from fercore.cli import audit_rules
from fercore.cli.audit_rules import rules_option
from fercore.cli.common import CommandContext, json_option, pass_context, progress_bar, show, table
from fercore.language import counts

if TYPE_CHECKING:
    from fercore.evaluation.balanced_accuracy import BalancedAccuracy
    from fercore.services.audit.bias import BiasAudit
    from fercore.services.audit.bias_findings import AssociationFinding

_SHOWN: Final = 10
Row = tuple[object, ...]


@click.command("bias")
@click.argument("datasets", nargs=-1, required=True, metavar="DATASET...")
@rules_option
@json_option
@pass_context
def bias_command(context: CommandContext, datasets: tuple[str, ...], rules: Path | None, as_json: bool) -> None:
    """Emotions that go with split, gender, age or dataset, or with plain measures of the picture; shifts."""
    from fercore.services.audit import bias

    wanted = audit_rules.read(rules)
    with progress_bar(as_json) as progress:
        audit = bias.audit(context.store, datasets, progress)
    show(bias.as_json(audit), as_json, lambda: _text(audit))
    counted = {"count": audit.count, "population": audit.checks}
    audit_rules.end(audit_rules.exceeded(wanted, {"bias": counted}))


def _text(audit: "BiasAudit") -> str:
    head = f"{counts.faces(audit.faces)} of {', '.join(audit.datasets)}."
    lines = [f"{head} Associations and shortcuts found: {audit.count:,} of {audit.checks:,} checked."]
    lines += [f"Left out: {audit.rejected:,} rejected."] if audit.rejected else []
    pairs = [_association(each) for each in audit.associations[:_SHOWN]]
    told: list[Row] = [
        (each.measure, each.target, each.dataset or "all", *_accuracy(each.accuracy), _mark(each.is_finding))
        for each in audit.shortcuts[:_SHOWN]
    ]
    shifts: list[Row] = [(" or ".join(each.datasets), *_accuracy(each.accuracy)) for each in audit.shifts]
    figures = ("balanced accuracy", "95 % interval", "chance")
    parts: tuple[tuple[tuple[str, ...], list[Row]], ...] = (
        (("properties", "dataset", "faces", "V", "p (Holm)", "stands out", "seen", "expected", "finding"), pairs),
        (("measure", "tells", "dataset", *figures, "finding"), told),
        (("which dataset", *figures), shifts),
    )
    lines += [f"\n{table(header, rows)}" for header, rows in parts if rows]
    more = max(len(audit.associations) - _SHOWN, 0) + max(len(audit.shortcuts) - _SHOWN, 0)
    lines += [f"\nWeaker ones, listed by --json: {more:,}."] if more else []
    return "\n".join(lines)


def _association(of: "AssociationFinding") -> Row:
    cell = of.strongest
    return (
        *(f"{of.first} x {of.second}", of.dataset or "all", of.faces, of.v, of.adjusted),
        *(f"{cell.first}, {cell.second}", cell.observed, f"{cell.expected:.1f}", _mark(of.is_finding)),
    )


def _accuracy(of: "BalancedAccuracy") -> Row:
    return of.value, f"{of.low:.3f} to {of.high:.3f}", of.chance


def _mark(is_finding: bool) -> str:
    return "yes" if is_finding else "-"

"""Audits of datasets: duplicates, and leaks between splits."""

from typing import TYPE_CHECKING, Final

import click

from fercore.cli.common import CommandContext, json_option, pass_context, progress_bar, show, table
from fercore.language import counts

if TYPE_CHECKING:
    from fercore.services.audit.duplicates import DuplicateAudit
    from fercore.services.audit.leaks import LeakAudit

datasets_argument = click.argument("datasets", nargs=-1, required=True, metavar="DATASET...")
_SHOWN: Final = 10


@click.group("audit")
def audit_group() -> None:
    """Find what is wrong with datasets before a model learns it; rejected faces are left out."""


@audit_group.command("duplicates")
@datasets_argument
@json_option
@pass_context
def duplicates_command(context: CommandContext, datasets: tuple[str, ...], as_json: bool) -> None:
    """Faces that show the same picture: exact, brighter, compressed, cropped by pixels or mirrored; one to keep."""
    from fercore.services.audit import duplicates  # OpenCV, which other commands do not need

    with progress_bar(as_json) as progress:
        audit = duplicates.audit(context.store, datasets, progress)
    show(duplicates.as_json(audit), as_json, lambda: _duplicates_text(audit))


def _duplicates_text(audit: "DuplicateAudit") -> str:
    kinds: list[tuple[object, ...]] = [(kind, count) for kind, count in audit.counts.items() if count]
    contradicting = [group for group in audit.groups if group.contradicts]
    head = (
        f"{counts.faces(audit.faces)} of {', '.join(audit.datasets)}: {len(audit.groups):,} groups of duplicates, "
        f"{len(contradicting):,} with contradicting labels; {audit.superfluous:,} beyond one of each."
    )
    rows: list[tuple[object, ...]] = [
        (group.keeper, len(group.faces), ", ".join(sorted({face.label or "none" for face in group.faces})),
         ", ".join(dict.fromkeys(str(kind.kind) for kind in group.kinds)))
        for group in audit.groups[:_SHOWN]
    ]  # fmt: skip
    lines = [head, _left_out(audit.rejected)]
    lines += [table(("kind", "groups"), kinds), table(("keep face", "faces", "labels", "kinds"), rows)] if kinds else []
    more = len(audit.groups) - _SHOWN
    lines += [f"{more:,} more groups: --json lists them all."] if more > 0 else []
    return "\n".join(line for line in lines if line)


@audit_group.command("leaks")
@datasets_argument
@json_option
@pass_context
def leaks_command(context: CommandContext, datasets: tuple[str, ...], as_json: bool) -> None:
    """Faces, altered copies and people that a validation or test split shares with another split."""
    from fercore.services.audit import leaks

    with progress_bar(as_json) as progress:
        audit = leaks.audit(context.store, datasets, progress)
    show(leaks.as_json(audit), as_json, lambda: _leaks_text(audit))


def _leaks_text(audit: "LeakAudit") -> str:
    rows: list[tuple[object, ...]] = [
        (f"{pair.source.dataset} · {pair.source.split}", f"{pair.target.dataset} · {pair.target.split}",
         pair.exact, pair.near, len(pair.subjects))
        for pair in audit.pairs
    ]  # fmt: skip
    lines = [f"{counts.faces(audit.faces)} of {', '.join(audit.datasets)}.", _left_out(audit.rejected)]
    if not rows:
        lines.append("No two splits of which one is validation or test.")
    else:
        lines.append(table(("from", "held out", "exact", "near", "people"), rows))
    return "\n".join(line for line in lines if line)


def _left_out(rejected: int) -> str:
    return f"Left out: {rejected:,} rejected." if rejected else ""


COMMANDS: Final[tuple[click.Command, ...]] = (audit_group,)

"""The command that freezes datasets into a snapshot."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from fercore.cli import audit_rules
from fercore.cli.audit_rules import rules_option
from fercore.cli.common import CommandContext, complain, json_option, left_out_line, pass_context, progress_bar, show
from fercore.language import counts
from fercore.services.training import snapshots
from fercore.services.training.snapshots import FreezeTerms
from fercore.splits import SPLITS

if TYPE_CHECKING:
    from fercore.curation.audit_rules import Rule
    from fercore.services.training.summaries import SnapshotSummary


@click.command("snapshot")
@click.argument("name")
@click.option("--dataset", "names", multiple=True, required=True, help="Repeat for several datasets.")
@click.option("--validation-from", multiple=True, help="Also the validation faces of this dataset; repeatable.")
@click.option("--only", type=click.Choice(["reviewed"]), default=None, help="Only faces somebody decided.")
@click.option("--without-leaks", is_flag=True, help="Drop training faces that a held-out split has, too.")
@click.option("--tested-on", multiple=True, help="Drop what the held-out faces of this dataset have, too; repeatable.")
@rules_option
@click.option("--exception", default="", help="Reason to freeze although a rule is exceeded; kept in the record.")
@json_option
@pass_context
def snapshot_command(
    context: CommandContext,
    name: str,
    names: tuple[str, ...],
    validation_from: tuple[str, ...],
    only: str | None,
    without_leaks: bool,
    tested_on: tuple[str, ...],
    rules: Path | None,
    exception: str,
    as_json: bool,
) -> None:
    """Freeze all faces that have a label and are not rejected; prints the content hash.

    With --rules, datasets without an audit of their faces of now are audited first; a line on standard error says so.
    """
    if tested_on and not without_leaks:
        raise click.UsageError("--tested-on belongs to --without-leaks.")
    wanted = audit_rules.read(rules or context.settings.rules)
    snapshots.check(context.store, name, [*names, *validation_from, *tested_on])
    known = None
    with progress_bar(as_json) as progress:
        inside = [*names, *validation_from]
        if without_leaks:
            from fercore.services.training import snapshot_record

            known = snapshot_record.searched_copies(context.store, inside, tested_on, progress)
        _audited(context, inside, wanted, without_leaks)
    terms = FreezeTerms(known, wanted, exception)
    frozen = snapshots.freeze(context.store, name, names, only is not None, validation_from, terms)
    left_out = snapshots.left_out(context.store, names, only is not None, validation_from)
    gone = {reason: len(ids) for reason, ids in left_out.items()}
    document = snapshots.as_json(frozen) | {"left_out": gone}
    show(document, as_json, lambda: "\n".join([_head(frozen), *left_out_line(gone), *_record(frozen.record or {})]))


def _audited(context: CommandContext, names: list[str], wanted: "tuple[Rule, ...]", without_leaks: bool) -> None:
    """Make the audit that the rules ask for, where there is none of the faces of now."""
    checks = [rule.check for rule in wanted]
    if not checks:
        return
    from fercore.curation.checks import Check
    from fercore.services.audit import audit_request, dataset_audit, score_card

    needed = [check for check in checks if not (check == Check.LEAKS and without_leaks)]
    if Check.LEAKS in needed:
        needed.append(Check.DUPLICATES)
    if needed and not score_card.is_made(context.store, names, needed):
        complain(f"no audit of these faces as they are now: auditing {', '.join(sorted(set(needed)))} for the rules")
        dataset_audit.audit(context.store, audit_request.request(names, sorted(set(needed))))


def _head(frozen: "SnapshotSummary") -> str:
    return f"'{frozen.name}' holds {counts.faces(frozen.faces)}: {frozen.hash}"


def _record(record: dict[str, Any]) -> list[str]:
    lines = []
    if "dropped" in record:
        splits = record["dropped"]["splits"]
        parts = ", ".join(f"{splits[split]:,} {split}" for split in SPLITS if split in splits) or "none"
        lines.append(f"Dropped, as held-out faces have copies or people of them: {parts}.")
    leaks = record.get("leaks", {})
    if leaks.get("leaked"):
        lines.append(f"Held-out faces that leak: {leaks['leaked']:,} of {leaks['held_out']:,}.")
    if leaks.get("altered_copies") == "no":
        lines.append("Altered copies were not searched: audit the datasets, or freeze with --without-leaks.")
    if "exception" in record:
        lines += audit_rules.exception_lines(record["exception"])
    return lines


COMMANDS: Final[tuple[click.Command, ...]] = (snapshot_command,)

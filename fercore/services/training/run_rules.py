"""Rules of a team before a training: held against what the snapshot's record tells of leaks and of the audit."""

from collections.abc import Sequence
from typing import Any

from fercore.curation.audit_rules import Rule
from fercore.curation.checks import Check
from fercore.errors import InputError
from fercore.language import tr
from fercore.services.audit import rules
from fercore.store import Store
from fercore.store.training import snapshots


def exception(store: Store, snapshot: str, given: Sequence[Rule] | None, why: str) -> dict[str, Any] | None:
    """The exception with which a run on a snapshot starts, None where no rule is exceeded; without rules `given`, the
    team's hold.

    A reason that the snapshot was frozen with holds for its runs. Raises RuleError where there is none, InputError
    where the snapshot's record lacks the audit.
    """
    wanted = rules.of_team(store.settings) if given is None else given
    if not wanted:
        return None
    with store.database.reading() as session:
        record = snapshots.named(session, snapshot).record or {}
    counted = dict(record.get("checks", {}))
    leaks = record.get("leaks", {})
    if leaks.get("altered_copies", "no") != "no":
        counted[str(Check.LEAKS)] = {"count": leaks["leaked"], "population": leaks["held_out"]}
    else:
        counted.pop(str(Check.LEAKS), None)
    lacking = ", ".join(str(rule.check) for rule in wanted if str(rule.check) not in counted)
    if lacking:
        raise InputError(
            tr(
                "Snapshot '{name}' was frozen without the audit that the rules ask for ({checks}): audit its datasets "
                "and freeze it again.",
                name=snapshot,
                checks=lacking,
            )
        )
    reason = why.strip() or str(record.get("exception", {}).get("reason", ""))
    return rules.exception(rules.judged(wanted, counted), reason)

"""The record of a snapshot: its leaks, what was dropped for them, the audit before it, and exceptions from rules."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from fercore.curation.audit_rules import Rule
from fercore.curation.checks import Check
from fercore.curation.duplicates.kinds import DuplicateKind
from fercore.curation.snapshot_leaks import LeakReport, report
from fercore.curation.snapshots import SnapshotRow
from fercore.errors import InputError
from fercore.language import tr
from fercore.progress import Progress
from fercore.services.audit import rules
from fercore.store import Store
from fercore.store.audit import audits, findings
from fercore.store.tables import Audit, Dataset
from fercore.store.training import snapshots


@dataclass(frozen=True)
class KnownCopies:
    """The group of each face that has altered copies, by its number; and the faces that leak into a held-out split.

    `audit` is the audit that found them, None where they were searched for a snapshot, which is `tested_on` these
    datasets besides its own.
    """

    groups: dict[int, int]
    leaking: frozenset[int] = frozenset()
    tested_on: tuple[str, ...] = ()
    audit: int | None = None


def searched_copies(store: Store, names: Sequence[str], tested_on: Sequence[str], progress: Progress) -> KnownCopies:
    """Copies among these datasets and those that are tested on; `leaking` are faces of the former."""
    from fercore.services.audit import copies, leaks  # OpenCV, which listing snapshots does not need

    everything = [*names, *(name for name in tested_on if name not in names)]
    searched = copies.searched(store, everything, progress)
    ids = searched.faces.ids
    groups = {
        int(ids[face]): number
        for number, group in enumerate(searched.groups, start=1)
        if group.kind != DuplicateKind.BLANK
        for face in group.faces
    }
    pairs = leaks.of_searched(searched).pairs
    learned = [pair for pair in pairs if pair.source.dataset in names and pair.source.split != pair.target.split]
    leaking = frozenset(face for pair in learned for face in pair.sources)
    return KnownCopies(groups, leaking, tuple(tested_on))


def audited_copies(session: Session, chosen: Sequence[Dataset]) -> KnownCopies | None:
    """Copies that an audit of all of these datasets found, if their faces are still those that it saw."""
    from fercore.store.audit import present  # NumPy, which listing snapshots does not need

    for audit in audits.covering(session, [dataset.id for dataset in chosen]):
        if Check.DUPLICATES in audit.checks and present.is_current(session, audit):
            return KnownCopies(
                findings.clusters(session, audit.id, Check.DUPLICATES, DuplicateKind.BLANK), audit=audit.id
            )
    return None


def dropped(rows: Sequence[SnapshotRow], known: KnownCopies) -> dict[str, Any]:
    """The number of rows that are dropped since they leak, by split, as a snapshot keeps it."""
    counted = Counter(row.split for row in rows if row.face_id in known.leaking)
    return {"splits": dict(counted), "tested_on": list(known.tested_on)}


def leak_report(session: Session, rows: Sequence[SnapshotRow], known: KnownCopies | None) -> LeakReport:
    """The leaks among the rows of a snapshot."""
    people = snapshots.people(session, [row.face_id for row in rows])
    return report(rows, people, None if known is None else known.groups)


def leaks_as_json(found: LeakReport, known: KnownCopies | None) -> dict[str, Any]:
    """A leak report as a snapshot keeps it."""
    pairs = [
        {
            "from": pair.source,
            "to": pair.target,
            **{key: value for key, value in asdict(pair).items() if key not in ("source", "target")},
        }
        for pair in found.pairs
    ]
    searched = "no" if known is None else "yes" if known.audit is None else f"audit {known.audit}"
    return {"pairs": pairs, "leaked": found.leaked, "held_out": found.held_out, "altered_copies": searched}


def judged(
    wanted: Sequence[Rule], why: str, audit: Audit | None, found: LeakReport, known: KnownCopies | None
) -> dict[str, Any] | None:
    """The exception from rules that a snapshot is frozen with, None where none is needed.

    Leaks are those of the snapshot itself; the other checks are the audit's. Raises RuleError where a rule is exceeded
    and no reason is given, InputError where there is no audit to judge by.
    """
    others = [rule.check for rule in wanted if rule.check != Check.LEAKS]
    if others and (audit is None or not all(check in audit.checks for check in others)):
        missing = ", ".join(others)
        raise InputError(tr("The rules ask for an audit of these datasets as they are now: {checks}.", checks=missing))
    if len(others) < len(wanted) and known is None:
        raise InputError(
            tr("The rule on leaks asks for an audit of these datasets as they are now, or a freeze without leaks.")
        )
    counted = dict(audit.checks) if audit is not None else {}
    counted[Check.LEAKS] = {"count": found.leaked, "population": found.held_out}
    return rules.exception(rules.judged(wanted, counted), why)


def checks_as_json(audit: Audit) -> dict[str, Any]:
    """The counts of an audit, as a snapshot keeps them."""
    counted = {check: {key: each[key] for key in ("count", "population")} for check, each in audit.checks.items()}
    return {"audit": audit.id, "checks": counted}

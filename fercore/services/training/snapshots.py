"""Freeze datasets into snapshots, list and compare them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from fercore.curation import snapshots as content
from fercore.curation.audit_rules import Rule
from fercore.curation.checks import Check
from fercore.curation.exclusions import Exclusion
from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.language import tr
from fercore.services.naming import checked_name
from fercore.services.plain import plain
from fercore.services.training import snapshot_record
from fercore.services.training.snapshot_record import KnownCopies
from fercore.services.training.summaries import SnapshotSummary
from fercore.splits import Split
from fercore.store import Store
from fercore.store.datasets import datasets, exclusions
from fercore.store.tables import Dataset, Snapshot
from fercore.store.training import snapshots as table


@dataclass(frozen=True)
class FreezeTerms:
    """Terms of a freeze: where `copies` were searched, faces of the training side that a held-out split has, too, are
    dropped; `rules` must not be exceeded, unless a reason for the `exception` is given.
    """

    copies: KnownCopies | None = None
    rules: Sequence[Rule] = ()
    exception: str = ""


PLAIN: Final = FreezeTerms()


def freeze(
    store: Store,
    name: str,
    names: Sequence[str],
    only_reviewed: bool = False,
    validation_from: Sequence[str] = (),
    terms: FreezeTerms = PLAIN,
) -> SnapshotSummary:
    """Freeze every labelled, unrejected face of the datasets; raises InputError when there is none.

    Of the datasets in `validation_from` only the validation faces come in: what learns from `names` is watched there.
    The snapshot records its leaks. Raises RuleError where a rule is exceeded and no reason is given.
    """
    clean = checked_name(name)
    with store.database.writing() as session:
        chosen = [datasets.named(session, dataset) for dataset in dict.fromkeys(names)]
        watched = [
            datasets.named(session, dataset) for dataset in dict.fromkeys(validation_from) if dataset not in names
        ]
        rows = table.candidates(session, chosen, only_reviewed)
        if not rows:
            raise InputError(
                tr(
                    "There is nothing to freeze in {names}: no face has a label and is not rejected{reviewed}.",
                    names=", ".join(names),
                    reviewed=tr(" and was reviewed") if only_reviewed else "",
                )
            )
        rows += table.candidates(session, watched, only_reviewed, Split.VALIDATION)
        record: dict[str, Any] = {}
        if terms.copies is not None:
            record["dropped"] = snapshot_record.dropped(rows, terms.copies)
            rows = [row for row in rows if row.face_id not in terms.copies.leaking]
        record |= _judged(session, [*chosen, *watched], rows, terms)
        snapshot = Snapshot(
            name=clean,
            hash=content.content_hash(rows),
            only_reviewed=only_reviewed,
            datasets=[dataset.name for dataset in chosen],
            validation_from=[dataset.name for dataset in watched],
            faces=len(rows),
            counts=content.counts(rows),
            record=record,
        )
        return plain(SnapshotSummary, table.add(session, snapshot, rows))


def check(store: Store, name: str, names: Sequence[str]) -> None:
    """Raise at once what `freeze` would refuse: a name that is taken or cannot be, a dataset that is not there."""
    clean = checked_name(name)
    with store.database.reading() as session:
        for each in names:
            datasets.named(session, each)
        table.refuse_taken(session, clean)


def _judged(
    session: Session,
    chosen: Sequence[Dataset],
    rows: Sequence[content.SnapshotRow],
    terms: FreezeTerms,
) -> dict[str, Any]:
    """The leaks of the rows, the audit of now, and the exception from rules."""
    from fercore.store.audit import present  # NumPy, which listing snapshots does not need

    known = terms.copies or snapshot_record.audited_copies(session, chosen)
    needed = [rule.check for rule in terms.rules if rule.check != Check.LEAKS]
    audit = present.of_now(session, [dataset.id for dataset in chosen], needed)
    found = snapshot_record.leak_report(session, rows, known)
    exception = snapshot_record.judged(terms.rules, terms.exception, audit, found, known)
    record: dict[str, Any] = {"leaks": snapshot_record.leaks_as_json(found, known)}
    if audit is not None:
        record |= snapshot_record.checks_as_json(audit)
    return record if exception is None else record | {"exception": exception}


def left_out(
    store: Store, names: Sequence[str], only_reviewed: bool = False, validation_from: Sequence[str] = ()
) -> dict[Exclusion, list[int]]:
    """The faces that such a freeze leaves out now, by reason; of `validation_from` the validation faces."""
    with store.database.reading() as session:
        learned = [datasets.named(session, name).id for name in dict.fromkeys(names)]
        held_out = [datasets.named(session, name).id for name in dict.fromkeys(validation_from) if name not in names]
        gone = exclusions.left_out(session, learned, only_reviewed)
        more = exclusions.left_out(session, held_out, only_reviewed, Split.VALIDATION)
    both = {reason: gone.get(reason, []) + more.get(reason, []) for reason in exclusions.REASONS}
    return {reason: ids for reason, ids in both.items() if ids}


def listed(store: Store) -> list[SnapshotSummary]:
    """All snapshots, newest first."""
    with store.database.reading() as session:
        return [plain(SnapshotSummary, snapshot) for snapshot in table.listed(session)]


def origin(snapshot: SnapshotSummary) -> str:
    """The datasets of a snapshot in words, and those that it only watches."""
    learned = " + ".join(snapshot.datasets)
    if not snapshot.validation_from:
        return learned
    return tr("{learned}, watching {watched}", learned=learned, watched=" + ".join(snapshot.validation_from))


def as_json(snapshot: SnapshotSummary) -> dict[str, Any]:
    """A snapshot as the command line prints it."""
    return {
        "name": snapshot.name,
        "hash": snapshot.hash,
        "faces": snapshot.faces,
        "datasets": snapshot.datasets,
        "validation_from": snapshot.validation_from,
        "counts": snapshot.counts,
        "purged": snapshot.purged,
        "record": snapshot.record,
    }


def difference(store: Store, old: str, new: str) -> dict[str, Any]:
    """Changes between two snapshots, label moves largest first."""
    with store.database.reading() as session:
        before = table.rows(session, table.named(session, old).id)
        after = table.rows(session, table.named(session, new).id)
    changes = content.difference(before, after)
    moves = sorted(changes.moves.items(), key=lambda move: -move[1])
    return {
        "added": changes.added,
        "removed": changes.removed,
        "moved_split": changes.moved_split,
        "relabelled": sum(changes.moves.values()),
        "voted": changes.voted,
        "reweighted": changes.reweighted,
        "moves": [{"from": EMOTIONS[a], "to": EMOTIONS[b], "faces": count} for (a, b), count in moves],
    }


def changed(store: Store, old: str, new: str) -> dict[tuple[str, int | None, int | None], list[int]]:
    """The faces of each change between two snapshots: (kind, old label, new label) → faces."""
    with store.database.reading() as session:
        before = table.rows(session, table.named(session, old).id)
        after = table.rows(session, table.named(session, new).id)
    return content.changed(before, after)


def check_removable(store: Store, name: str) -> None:
    """Raise at once what `remove` would refuse."""
    with store.database.reading() as session:
        table.refuse_if_trained(session, table.named(session, name))


def remove(store: Store, name: str) -> None:
    """Delete a snapshot; raises InUseError while a run was trained on it."""
    with store.database.writing() as session:
        table.remove(session, table.named(session, name))

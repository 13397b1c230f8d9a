"""Decisions as files: every event, so that a review can move between installations without loss."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from fercore.curation.votes import REASONS, DecisionKind
from fercore.emotions import EMOTIONS
from fercore.errors import BadRowsError, Fault, InputError, NotFoundError, UnknownEmotionError
from fercore.exports.targets import placed
from fercore.language import tr
from fercore.services.review import decision_files
from fercore.services.review.decision_files import COLUMNS, LATER, DecisionRow
from fercore.store import Store
from fercore.store.datasets import datasets, erasure
from fercore.store.review import decision_transfer, recrops, reviewers
from fercore.store.review.decision_transfer import DecisionRecord, FaceIndex
from fercore.store.tables import Face

KINDS: Final = tuple(DecisionKind)


def export(store: Store, file: Path, dataset: str | None = None, replace: bool = False) -> int:
    """Write every decision, oldest first, of one dataset or of all; returns how many. Raises what `placed` raises."""
    with placed(file, replace) as draft, store.database.reading() as session, decision_files.writing(draft) as write:
        which = [Face.dataset_id == datasets.named(session, dataset).id] if dataset else []
        return _written(session, write, which)


@dataclass(frozen=True)
class DecisionScope:
    """Faces to which decisions belong: those of a dataset, of an import, or of a person; of all without any."""

    dataset: str | None = None
    import_id: int | None = None
    subject: str | None = None


def exported(store: Store, form: str, which: DecisionScope = DecisionScope()) -> bytes:
    """Every decision on these faces, or on all, as the content of a file with that ending."""
    with TemporaryDirectory() as folder:
        file = Path(folder, f"decisions.{form}")
        with store.database.reading() as session, decision_files.writing(file) as write:
            _written(session, write, conditions(session, which))
        return file.read_bytes()


def conditions(session: Session, which: DecisionScope) -> list[ColumnElement[bool]]:
    """The query of these faces' decisions."""
    wanted: list[ColumnElement[bool]] = []
    if which.dataset is not None:
        wanted.append(Face.dataset_id == datasets.named(session, which.dataset).id)
    if which.import_id is not None:
        wanted.append(Face.import_id == which.import_id)
    if which.subject is not None:
        wanted.append(erasure.faces_of(which.subject))
    return wanted


def _written(session: Session, write: Callable[[DecisionRow], object], which: Sequence[ColumnElement[bool]]) -> int:
    count = 0
    for record in decision_transfer.records(session, *which):
        write(_row(record))
        count += 1
    return count


def import_file(store: Store, file: Path, skip_bad: bool = False) -> dict[str, Any]:
    """Append the decisions of such a file that are new.

    Raises BadRowsError and stores nothing if a row is bad, unless bad rows are to be skipped; they are listed then.

    `left_out` are those on faces that were cut by hand elsewhere: only their photo could bring them here.
    """
    # Read only: nobody waits to write while a long file is checked.
    with decision_files.reading(file) as rows, store.database.reading() as session:
        records, faults, left_out = _checked(session, rows)
    if faults and not skip_bad:
        raise BadRowsError(faults)
    with store.database.writing() as session:
        added = decision_transfer.append(session, records)
    skipped = [{"where": fault.where, "why": fault.why} for fault in faults]
    return {"added": added, "known": len(records) - added, "left_out": left_out, "skipped": skipped}


def _checked(
    session: Session, rows: Iterable[tuple[int, DecisionRow]]
) -> tuple[list[DecisionRecord], list[Fault], int]:
    records: list[DecisionRecord] = []
    faults: list[Fault] = []
    left_out = 0
    known, renames = FaceIndex(session), reviewers.renames(session)
    for number, row in rows:
        try:
            records.append(_record(row, known, renames))
        except NotFoundError as error:
            if recrops.is_named_so(row.get("face") or ""):
                left_out += 1
            else:
                faults.append(Fault(f"line {number}", str(error)))
        except (InputError, ValueError) as error:
            faults.append(Fault(f"line {number}", str(error)))
    return records, faults, left_out


def _row(record: DecisionRecord) -> DecisionRow:
    return {
        "id": record.id,
        "action": record.action,
        "dataset": record.dataset,
        "face": record.identity,
        "reviewer": record.reviewer,
        "kind": record.kind,
        "emotion": EMOTIONS[record.emotion] if record.emotion is not None else "",
        "reason": record.reason or "",
        "before": EMOTIONS[record.before] if record.before is not None else "",
        "undoes": record.undoes or "",
        "decided_at": record.decided_at.isoformat(),
        "adjudicates": "yes" if record.adjudicates else "",
        "note": record.note,
        "advisor": "" if record.advisor is None else str(record.advisor),
    }


def _record(row: DecisionRow, known: FaceIndex, renames: Mapping[str, str]) -> DecisionRecord:
    if any(name not in row for name in COLUMNS if name not in LATER):
        raise ValueError(tr("the row is too short"))
    if row["kind"] not in KINDS:
        raise ValueError(tr("kind is '{kind}', expected one of {kinds}", kind=row["kind"], kinds=", ".join(KINDS)))
    emotion, reason = _emotion(row["emotion"]), row["reason"] or None
    if row["kind"] != DecisionKind.ADDED and (row["kind"] in (DecisionKind.CONFIRMED, DecisionKind.RELABELLED)) != (
        emotion is not None
    ):
        raise ValueError(
            tr("kind '{kind}' does not go with emotion '{emotion}'", kind=row["kind"], emotion=row["emotion"])
        )
    if (row["kind"] == DecisionKind.REJECTED) != (reason in REASONS):
        raise ValueError(tr("kind '{kind}' does not go with reason '{reason}'", kind=row["kind"], reason=row["reason"]))
    return DecisionRecord(
        id=str(UUID(row["id"])),
        action=str(UUID(row["action"])),
        dataset=row["dataset"],
        identity=row["face"],
        face_id=known.find(row["dataset"], row["face"]),
        reviewer=renames.get(row["reviewer"], row["reviewer"]),
        kind=row["kind"],
        emotion=emotion,
        reason=reason,
        before=_emotion(row["before"]),
        undoes=str(UUID(row["undoes"])) if row["undoes"] else None,
        decided_at=datetime.fromisoformat(row["decided_at"]).astimezone(),
        adjudicates=row.get("adjudicates") == "yes",
        note=row.get("note", ""),
        advisor=int(row["advisor"]) if row.get("advisor") else None,
    )


def _emotion(word: str) -> int | None:
    if not word:
        return None
    if word not in EMOTIONS:
        raise UnknownEmotionError(word, ", ".join(EMOTIONS))
    return EMOTIONS.index(word)

"""Decisions as CSV: every event, so that a review can move between installations without loss."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from fercore.curation.votes import REASONS
from fercore.emotions import EMOTIONS
from fercore.errors import BadRowsError, Fault, InputError, UnknownEmotionError, UnreadableSourceError
from fercore.language import tr
from fercore.store import Store, datasets, exchange
from fercore.store.exchange import FaceIndex, Told

COLUMNS: Final = (
    "id",
    "action",
    "dataset",
    "face",
    "reviewer",
    "kind",
    "emotion",
    "reason",
    "before",
    "undoes",
    "decided_at",
)
KINDS: Final = ("confirmed", "relabelled", "rejected", "undone")


def export(store: Store, file: Path, dataset: str | None = None) -> int:
    """Write every decision, oldest first, of one dataset or of all; returns how many."""
    with store.database.reading() as session, _opened(file, "w") as target:
        dataset_id = datasets.named(session, dataset).id if dataset else None
        writer = csv.writer(target)
        writer.writerow(COLUMNS)
        count = 0
        for told in exchange.told(session, dataset_id):
            writer.writerow(_cells(told))
            count += 1
    return count


def import_csv(store: Store, file: Path) -> dict[str, int]:
    """Append the decisions of such a file that are new; raises BadRowsError and stores nothing if a row is bad."""
    with store.database.writing() as session, _opened(file, "r") as source:
        told, faults = _read(session, source)
        if faults:
            raise BadRowsError(faults)
        added = exchange.append(session, told)
    return {"added": added, "known": len(told) - added}


def _read(session: Session, source: Any) -> tuple[list[Told], list[Fault]]:
    try:
        reader = csv.DictReader(source)
        missing = set(COLUMNS) - set(reader.fieldnames or ())
        if missing:
            raise UnreadableSourceError(
                tr(
                    "The file lacks the columns {missing}: it should be what `review export` wrote.",
                    missing=", ".join(sorted(missing)),
                )
            )
        return _checked(session, reader)
    except UnicodeDecodeError:
        raise UnreadableSourceError(tr("The file is not UTF-8 text.")) from None
    except csv.Error as error:
        raise UnreadableSourceError(tr("The file is no CSV: {error}", error=error)) from None


def _checked(session: Session, reader: "csv.DictReader[str]") -> tuple[list[Told], list[Fault]]:
    told: list[Told] = []
    faults: list[Fault] = []
    known = FaceIndex(session)
    for row in reader:
        try:
            told.append(_told(row, known))
        except (InputError, ValueError) as error:
            faults.append(Fault(f"line {reader.line_num}", str(error)))
    return told, faults


def _cells(told: Told) -> Iterator[str]:
    yield from (told.id, told.action, told.dataset, told.identity, told.reviewer, told.kind)
    yield EMOTIONS[told.emotion] if told.emotion is not None else ""
    yield told.reason or ""
    yield EMOTIONS[told.before] if told.before is not None else ""
    yield told.undoes or ""
    yield told.decided_at.isoformat()


def _told(row: dict[str, str], known: FaceIndex) -> Told:
    if any(row.get(column) is None for column in COLUMNS):
        raise ValueError(tr("the row is too short"))
    if row["kind"] not in KINDS:
        raise ValueError(tr("kind is '{kind}', expected one of {kinds}", kind=row["kind"], kinds=", ".join(KINDS)))
    emotion, reason = _emotion(row["emotion"]), row["reason"] or None
    if (row["kind"] in ("confirmed", "relabelled")) != (emotion is not None):
        raise ValueError(
            tr("kind '{kind}' does not go with emotion '{emotion}'", kind=row["kind"], emotion=row["emotion"])
        )
    if (row["kind"] == "rejected") != (reason in REASONS):
        raise ValueError(tr("kind '{kind}' does not go with reason '{reason}'", kind=row["kind"], reason=row["reason"]))
    return Told(
        id=str(UUID(row["id"])),
        action=str(UUID(row["action"])),
        dataset=row["dataset"],
        identity=row["face"],
        face_id=known.find(row["dataset"], row["face"]),
        reviewer=row["reviewer"],
        kind=row["kind"],
        emotion=emotion,
        reason=reason,
        before=_emotion(row["before"]),
        undoes=str(UUID(row["undoes"])) if row["undoes"] else None,
        decided_at=datetime.fromisoformat(row["decided_at"]).astimezone(),
    )


def _emotion(word: str) -> int | None:
    if not word:
        return None
    if word not in EMOTIONS:
        raise UnknownEmotionError(word, ", ".join(EMOTIONS))
    return EMOTIONS.index(word)


def _opened(file: Path, mode: str) -> Any:
    try:
        return file.open(mode, newline="", encoding="utf-8-sig" if mode == "r" else "utf-8")
    except OSError as error:
        raise UnreadableSourceError(
            tr("'{name}' cannot be opened: {why}.", name=file.name, why=error.strerror)
        ) from None

"""Flags and notes on faces: appended as events, undone, and what they add up to."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session, aliased

from fercore.clock import now
from fercore.store.conditions import among
from fercore.store.datasets.faces import PRESENT
from fercore.store.tables import Dataset, Face, Mark, Remark


class RemarkKind(StrEnum):
    """The kind of one remark; stored as these words."""

    FLAGGED = "flagged"
    UNFLAGGED = "unflagged"
    NOTED = "noted"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class RemarkRequest:
    """A reviewer's request for one face: a flag, none, or a note (None: no change to it), by a client-made number."""

    id: str
    action: str
    face_id: int
    flag: bool | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RemarkContent:
    """The content of a stored event; an event number has one content."""

    reviewer: str
    action: str
    face_id: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FaceMarks:
    """The marks of a face that a reviewer sees: a flag, notes of others, and their own note."""

    flagged: bool = False
    others: bool = False
    note: str = ""


def record(session: Session, reviewer: str, requests: Sequence[RemarkRequest], blind: bool = False) -> int:
    """Append the requests that are new, in order; returns how many were stored.

    To take a flag away takes away everybody's, which the history keeps; who works blind changes their own alone.
    """
    known = set(session.scalars(select(Remark.id).where(Remark.id.in_([request.id for request in requests]))))
    stored = 0
    for request in requests:
        if request.id not in known:
            known.add(request.id)
            session.execute(insert(Remark), _rows(session, reviewer, request, blind))
            recount(session, [request.face_id])
            stored += 1
    return stored


def undo(session: Session, reviewer: str, event_id: str, action: str) -> list[int]:
    """Undo a reviewer's remarks of one action by one more event per face; returns the faces.

    The same event again changes nothing; empty where the action is unknown or was undone.
    """
    earlier = list(session.scalars(select(Remark.face_id).where(Remark.action == event_id)))
    if earlier:
        return sorted(set(earlier))
    taken = select(Remark.face_id).where(
        Remark.action == action, Remark.reviewer == reviewer, Remark.kind != RemarkKind.UNDONE
    )
    faces = sorted(set(session.scalars(taken.where(~_is_undone()))))
    if faces:
        row = {"action": event_id, "reviewer": reviewer, "whose": reviewer, "kind": RemarkKind.UNDONE, "undoes": action}
        rows = [
            row | {"id": _number(event_id, action, face), "face_id": face, "text": "", "made_at": now()}
            for face in faces
        ]
        session.execute(insert(Remark), rows)
        recount(session, faces)
    return faces


def last_action(session: Session, reviewer: str, dataset_id: int) -> tuple[str, datetime] | None:
    """The reviewer's latest action in a dataset that still stands, and when it was made."""
    query = select(Remark.action, Remark.made_at).join(Face, Face.id == Remark.face_id)
    query = query.where(Remark.reviewer == reviewer, Remark.kind != RemarkKind.UNDONE, Face.dataset_id == dataset_id)
    latest = session.execute(query.where(~_is_undone()).order_by(Remark.sequence.desc()).limit(1)).first()
    return (latest[0], latest[1]) if latest else None


def contents(session: Session, ids: Collection[str]) -> dict[str, RemarkContent]:
    """The content of those of these events that are stored."""
    columns = (Remark.id, Remark.reviewer, Remark.action, Remark.face_id, Remark.kind, Remark.text)
    rows = session.execute(select(*columns).where(Remark.id.in_(ids)))
    return {row.id: RemarkContent(row.reviewer, row.action, row.face_id, row.kind, row.text) for row in rows}


def undos(session: Session, ids: Collection[str]) -> dict[str, tuple[str, str | None]]:
    """(reviewer, what was undone) of those of these numbers that a stored action has; '' where it undid nothing."""
    query = select(Remark.action, Remark.reviewer, Remark.undoes).distinct().where(Remark.action.in_(ids))
    return {action: (reviewer, undoes or "") for action, reviewer, undoes in session.execute(query)}


def actions_of_others(session: Session, reviewer: str, actions: Collection[str]) -> set[str]:
    """Those of these actions that another person made."""
    query = select(Remark.action).where(Remark.action.in_(actions), Remark.reviewer != reviewer)
    return set(session.scalars(query.distinct()))


def marks(session: Session, face_ids: Collection[int], reviewer: str, blind: bool = False) -> dict[int, FaceMarks]:
    """The marks of these faces that a reviewer sees; blind, nothing of others. Faces without a mark are left out."""
    query = select(Mark).where(Mark.face_id.in_(face_ids))
    by_face: dict[int, list[Mark]] = {}
    for mark in session.scalars(query.where(Mark.reviewer == reviewer) if blind else query):
        by_face.setdefault(mark.face_id, []).append(mark)
    return {
        face_id: FaceMarks(
            any(mark.flagged for mark in many),
            any(mark.note and mark.reviewer != reviewer for mark in many),
            next((mark.note for mark in many if mark.reviewer == reviewer), ""),
        )
        for face_id, many in by_face.items()
    }


def of_face(session: Session, face_id: int) -> list[Mark]:
    """Everybody's mark on a face, by name."""
    return list(session.scalars(select(Mark).where(Mark.face_id == face_id).order_by(Mark.reviewer)))


def history(session: Session, face_id: int, reviewer: str | None = None) -> list[Remark]:
    """Every event on a face, oldest first; of one reviewer only where one is named."""
    query = select(Remark).where(Remark.face_id == face_id).order_by(Remark.sequence)
    return list(session.scalars(query if reviewer is None else query.where(Remark.reviewer == reviewer)))


def flagged(reviewer: str | None = None) -> ColumnElement[bool]:
    """True of faces with a flag; of one reviewer's only where one is named."""
    return _has(Mark.flagged.is_(True), reviewer)


def noted(reviewer: str | None = None) -> ColumnElement[bool]:
    """True of faces with a note; of one reviewer's only where one is named."""
    return _has(Mark.note != "", reviewer)


def of_faces(session: Session, face_ids: Collection[int]) -> dict[int, list[Mark]]:
    """Everybody's marks on these faces, by face and name."""
    by_face: dict[int, list[Mark]] = {}
    query = select(Mark).where(among(Mark.face_id, face_ids)).order_by(Mark.face_id, Mark.reviewer)
    for mark in session.scalars(query):
        by_face.setdefault(mark.face_id, []).append(mark)
    return by_face


def listed(session: Session, *which: ColumnElement[bool]) -> Iterator[tuple[Mark, Face, str]]:
    """Every mark on these faces, or on all, with its face and the name of the dataset."""
    query = select(Mark, Face, Dataset.name).join(Face, Face.id == Mark.face_id)
    query = query.join(Dataset, Dataset.id == Face.dataset_id).where(PRESENT, *which)
    for row in session.execute(query.order_by(Mark.face_id, Mark.reviewer)):
        yield row[0], row[1], row[2]


def count(session: Session, which: ColumnElement[bool]) -> int:
    """The number of these faces with a flag or a note."""
    query = select(func.count(Mark.face_id.distinct())).join(Face, Face.id == Mark.face_id).where(which)
    return session.scalar(query) or 0


def recount(session: Session, face_ids: Iterable[int]) -> None:
    """Count marks again from the remarks."""
    for face_id in face_ids:
        marks: dict[str, dict[str, Any]] = {}
        for event in _standing(history(session, face_id)):
            mark = marks.setdefault(event.whose, {"flagged": False, "note": "", "noted_at": None})
            if event.kind == RemarkKind.NOTED:
                mark |= {"note": event.text, "noted_at": event.made_at}
            else:
                mark["flagged"] = event.kind == RemarkKind.FLAGGED
        session.execute(delete(Mark).where(Mark.face_id == face_id))
        rows = [
            mark | {"face_id": face_id, "reviewer": whose}
            for whose, mark in marks.items()
            if mark["flagged"] or mark["note"]
        ]
        if rows:
            session.execute(insert(Mark), rows)


def _standing(events: Sequence[Remark]) -> list[Remark]:
    undone = {event.undoes for event in events if event.kind == RemarkKind.UNDONE}
    return [event for event in events if event.kind != RemarkKind.UNDONE and event.action not in undone]


def _rows(session: Session, reviewer: str, request: RemarkRequest, blind: bool) -> list[dict[str, Any]]:
    row = {"action": request.action, "face_id": request.face_id, "reviewer": reviewer, "made_at": now(), "undoes": None}
    first = row | {"id": request.id, "whose": reviewer, "text": request.note or ""}
    if request.note is not None:
        return [first | {"kind": RemarkKind.NOTED}]
    if request.flag:
        return [first | {"kind": RemarkKind.FLAGGED}]
    others = [] if blind else [mark.reviewer for mark in of_face(session, request.face_id) if mark.flagged]
    more = [
        first | {"kind": RemarkKind.UNFLAGGED, "whose": whose, "id": _number(request.id, request.action, place)}
        for place, whose in enumerate(others)
        if whose != reviewer
    ]
    return [first | {"kind": RemarkKind.UNFLAGGED}, *more]


def _number(event_id: str, action: str, part: int) -> str:
    """The number of one more row of an event; the same twice has the same number."""
    return str(uuid5(NAMESPACE_OID, f"{UUID(event_id)}/{action}/{part}/remark"))


def _has(which: ColumnElement[bool], reviewer: str | None) -> ColumnElement[bool]:
    query = select(Mark.face_id).where(which)
    return Face.id.in_(query if reviewer is None else query.where(Mark.reviewer == reviewer))


def _is_undone() -> ColumnElement[bool]:
    undoing = aliased(Remark)
    return select(undoing.sequence).where(undoing.undoes == Remark.action, undoing.kind == RemarkKind.UNDONE).exists()

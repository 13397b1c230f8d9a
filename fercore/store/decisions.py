"""Decisions: appended, counted into votes and labels, undone, read back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from fercore.curation.votes import Event, Label, label, standing
from fercore.errors import NotFoundError
from fercore.store.database import now
from fercore.store.tables import Dataset, Decision, Face, Vote


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reviewer wants of one face: an emotion, or a rejection with its reason.

    `id` is made by the client, so that a wish which arrives twice is stored once; the wishes of one
    key press share an `action` and are undone together.
    """

    id: str
    action: str
    face_id: int
    emotion: int | None = None
    reason: str | None = None
    page_id: str | None = None


def record(session: Session, reviewer: str, wishes: Sequence[Wish]) -> int:
    """Append the wishes that are new, in order; returns how many were stored."""
    known = set(session.scalars(select(Decision.id).where(Decision.id.in_([wish.id for wish in wishes]))))
    fresh = {wish.id: wish for wish in wishes if wish.id not in known}
    faces = _sources(session, {wish.face_id for wish in fresh.values()})
    wanted = [wish for wish in fresh.values() if wish.face_id in faces]
    if not wanted:
        return 0
    votes = _votes(session, faces)
    rows = [_row(reviewer, wish, faces[wish.face_id], votes[wish.face_id]) for wish in wanted]
    sequences = session.scalars(insert(Decision).returning(Decision.sequence, sort_by_parameter_order=True), rows)
    for row, sequence in zip(rows, sequences.all(), strict=True):
        votes[row["face_id"]][reviewer] = _event(row, sequence)
    _store_votes(session, reviewer, {face_id: votes[face_id].get(reviewer) for face_id in faces})
    _store_labels(session, faces, votes)
    return len(rows)


def undo(session: Session, reviewer: str, event_id: str, action: str) -> list[int]:
    """Take one action of a reviewer back by one more event per face; returns the faces.

    The same event again changes nothing; empty when the action is unknown or was undone by another event.
    """
    earlier = session.execute(
        select(Decision.face_id, Decision.action).where(or_(Decision.undoes == action, Decision.action == event_id))
    ).all()
    if earlier:
        return [face_id for face_id, event in earlier if event == event_id]
    taken = select(Decision.face_id, Decision.page_id).where(Decision.action == action, Decision.reviewer == reviewer)
    pages = {face_id: page_id for face_id, page_id in session.execute(taken)}
    if not pages:
        return []
    rows = [_undone_row(reviewer, event_id, action, face_id, page) for face_id, page in pages.items()]
    session.execute(insert(Decision), rows)
    faces = _sources(session, pages)
    votes = _votes(session, faces)
    history = _events(session, reviewer, faces)
    for face_id in faces:
        vote = standing(history[face_id])
        votes[face_id].pop(reviewer, None)
        if vote is not None:
            votes[face_id][reviewer] = vote
    _store_votes(session, reviewer, {face_id: votes[face_id].get(reviewer) for face_id in faces})
    _store_labels(session, faces, votes)
    return list(pages)


def last_action(session: Session, reviewer: str, dataset_id: int) -> tuple[str, str | None] | None:
    """The reviewer's latest action in a dataset that still stands, and the page it was made on."""
    taken_back = aliased(Decision)
    found = session.execute(
        select(Decision.action, Decision.page_id)
        .join(Face, Face.id == Decision.face_id)
        .where(
            Decision.reviewer == reviewer,
            Decision.kind != "undone",
            Face.dataset_id == dataset_id,
            ~select(taken_back.sequence).where(taken_back.undoes == Decision.action).exists(),
        )
        .order_by(Decision.sequence.desc())
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Told:
    """A decision as it travels between installations: its face named by dataset and identity."""

    id: str
    action: str
    dataset: str
    identity: str
    face_id: int
    reviewer: str
    kind: str
    emotion: int | None
    reason: str | None
    before: int | None
    undoes: str | None
    decided_at: datetime


class FaceIndex:
    """Finds faces by dataset and identity, one dataset at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._faces: dict[str, dict[str, int]] = {}

    def find(self, dataset: str, identity: str) -> int:
        """The face's number; raises NotFoundError."""
        if dataset not in self._faces:
            query = select(Face.identity, Face.id).join(Dataset).where(Dataset.name == dataset)
            self._faces[dataset] = {known: face_id for known, face_id in self._session.execute(query)}
        if identity not in self._faces[dataset]:
            raise NotFoundError("face", f"{dataset}/{identity}")
        return self._faces[dataset][identity]


def told(session: Session, dataset_id: int | None = None) -> Iterator[Told]:
    """Every decision, oldest first, of one dataset or of all."""
    query = (
        select(Decision, Face.identity, Dataset.name)
        .join(Face, Face.id == Decision.face_id)
        .join(Dataset, Dataset.id == Face.dataset_id)
        .order_by(Decision.sequence)
        .execution_options(yield_per=2000)
    )
    if dataset_id is not None:
        query = query.where(Face.dataset_id == dataset_id)
    for row, identity, dataset in session.execute(query):
        yield Told(
            id=row.id,
            action=row.action,
            dataset=dataset,
            identity=identity,
            face_id=row.face_id,
            reviewer=row.reviewer,
            kind=row.kind,
            emotion=row.emotion,
            reason=row.reason,
            before=row.before,
            undoes=row.undoes,
            decided_at=row.decided_at,
        )


def append(session: Session, events: Sequence[Told]) -> int:
    """Add foreign decisions that are new, then count the votes and labels of their faces again."""
    known = set(session.scalars(select(Decision.id)))
    fresh = {event.id: event for event in events if event.id not in known}
    if not fresh:
        return 0
    columns = (
        "id",
        "action",
        "face_id",
        "reviewer",
        "kind",
        "emotion",
        "reason",
        "before",
        "undoes",
        "decided_at",
    )
    session.execute(
        insert(Decision), [{column: getattr(event, column) for column in columns} for event in fresh.values()]
    )
    face_ids = sorted({event.face_id for event in fresh.values()})
    for start in range(0, len(face_ids), 1000):
        _recount(session, face_ids[start : start + 1000], {event.reviewer for event in fresh.values()})
    return len(fresh)


def _recount(session: Session, face_ids: Sequence[int], reviewers: Iterable[str]) -> None:
    faces = _sources(session, face_ids)
    for reviewer in sorted(reviewers):
        history = _events(session, reviewer, faces)
        _store_votes(session, reviewer, {face_id: standing(history[face_id]) for face_id in faces})
    _store_labels(session, faces, _votes(session, faces))


def history(session: Session, face_id: int) -> list[Decision]:
    """Every event on a face, oldest first."""
    return list(session.scalars(select(Decision).where(Decision.face_id == face_id).order_by(Decision.sequence)))


def _row(reviewer: str, wish: Wish, source: int | None, votes: dict[str, Event]) -> dict[str, Any]:
    """The event a wish becomes: the same emotion as without this reviewer's own vote is a confirmation."""
    before = label(source, [vote for who, vote in votes.items() if who != reviewer]).emotion
    kept = "confirmed" if wish.emotion == before else "relabelled"
    return {
        "id": wish.id,
        "action": wish.action,
        "face_id": wish.face_id,
        "reviewer": reviewer,
        "kind": kept if wish.reason is None else "rejected",
        "emotion": None if wish.reason is not None else wish.emotion,
        "reason": wish.reason,
        "before": before,
        "undoes": None,
        "page_id": wish.page_id,
        "decided_at": now(),
    }


def _undone_row(reviewer: str, event_id: str, action: str, face_id: int, page_id: str | None) -> dict[str, Any]:
    unique = str(uuid5(NAMESPACE_OID, f"{UUID(event_id)}/{face_id}"))
    return {
        "id": unique,
        "action": event_id,
        "face_id": face_id,
        "reviewer": reviewer,
        "kind": "undone",
        "undoes": action,
        "page_id": page_id,
        "decided_at": now(),
    }


def _event(row: dict[str, Any], sequence: int) -> Event:
    return Event(sequence, row["action"], row["kind"], row["emotion"], row["reason"], row["undoes"])


def _sources(session: Session, face_ids: Iterable[int]) -> dict[int, int | None]:
    query = select(Face.id, Face.source_emotion).where(Face.id.in_(list(face_ids)))
    return {face_id: emotion for face_id, emotion in session.execute(query)}


def _votes(session: Session, face_ids: Iterable[int]) -> defaultdict[int, dict[str, Event]]:
    votes: defaultdict[int, dict[str, Event]] = defaultdict(dict)
    for vote in session.scalars(select(Vote).where(Vote.face_id.in_(list(face_ids)))):
        votes[vote.face_id][vote.reviewer] = Event(vote.sequence, "", vote.kind, vote.emotion, vote.reason)
    return votes


def _events(session: Session, reviewer: str, face_ids: Iterable[int]) -> defaultdict[int, list[Event]]:
    events: defaultdict[int, list[Event]] = defaultdict(list)
    query = select(Decision).where(Decision.reviewer == reviewer, Decision.face_id.in_(list(face_ids)))
    for row in session.scalars(query):
        events[row.face_id].append(Event(row.sequence, row.action, row.kind, row.emotion, row.reason, row.undoes))
    return events


def _store_votes(session: Session, reviewer: str, votes: dict[int, Event | None]) -> None:
    session.execute(delete(Vote).where(Vote.reviewer == reviewer, Vote.face_id.in_(list(votes))))
    rows = [
        {
            "face_id": face_id,
            "reviewer": reviewer,
            "sequence": vote.sequence,
            "kind": vote.kind,
            "emotion": vote.emotion,
            "reason": vote.reason,
        }
        for face_id, vote in votes.items()
        if vote is not None
    ]
    if rows:
        session.execute(insert(Vote), rows)


def _store_labels(session: Session, sources: dict[int, int | None], votes: dict[int, dict[str, Event]]) -> None:
    labels: dict[int, Label] = {
        face_id: label(source, list(votes[face_id].values())) for face_id, source in sources.items()
    }
    session.execute(
        update(Face),
        [
            {"id": face_id, "emotion": found.emotion, "state": found.state, "reason": found.reason}
            for face_id, found in labels.items()
        ],
    )

"""Decisions: appended, undone, read back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import Session, aliased

from fercore.clock import now
from fercore.curation.votes import UNDOING, UNSURE, DecisionKind, Event, LabelBasis, label
from fercore.store.datasets.faces import PRESENT
from fercore.store.review import labels
from fercore.store.tables import Decision, Face

NO_FACE: Final = -1


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """A reviewer's request for one face: an emotion, or a rejection with its reason.

    `id` is made by the client, so that a request which arrives twice is stored once; the requests of one
    key press share an `action` and are undone together.
    """

    id: str
    action: str
    face_id: int
    emotion: int | None = None
    reason: str | None = None
    page_id: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionContent:
    """The content of a stored event; an event number has one content.

    An added face has no number before it is stored: its box stands for it.
    """

    reviewer: str
    action: str
    face_id: int
    emotion: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReviewMode:
    """The manner of deciding: blind, one confirms or changes what the source says, whatever others had decided.

    Who adjudicates does not vote, but settles what the votes leave open; `note` says why. `advisor`
    is the run whose opinion they see.
    """

    blind: bool = False
    adjudicates: bool = False
    note: str = ""
    advisor: int | None = None


def known(session: Session, ids: Sequence[str]) -> set[str]:
    """Those of these events that are stored."""
    return set(session.scalars(select(Decision.id).where(Decision.id.in_(ids))))


def contents(session: Session, ids: Collection[str]) -> dict[str, DecisionContent]:
    """The content of those events that are stored; an undo has neither emotion nor reason."""
    columns = (Decision.id, Decision.reviewer, Decision.action, Decision.face_id, Decision.emotion, Decision.reason)
    query = select(*columns, Decision.kind, Face.box).join(Face, Face.id == Decision.face_id)
    return {
        number: DecisionContent(reviewer, action, NO_FACE, emotion, f"{DecisionKind.ADDED} {box}")
        if kind == DecisionKind.ADDED
        else DecisionContent(reviewer, action, face, emotion, UNSURE if kind == DecisionKind.UNSURE else reason)
        for number, reviewer, action, face, emotion, reason, kind, box in session.execute(
            query.where(Decision.id.in_(ids))
        )
    }


def undos(session: Session, ids: Collection[str]) -> dict[str, tuple[str, str | None]]:
    """(reviewer, what was undone) of those of these numbers that a stored action has; '' where it undid nothing."""
    query = select(Decision.action, Decision.reviewer, Decision.undoes).distinct().where(Decision.action.in_(ids))
    return {action: (reviewer, undoes or "") for action, reviewer, undoes in session.execute(query)}


def actions_of_others(session: Session, reviewer: str, actions: Collection[str]) -> set[str]:
    """Those of these actions that another person made."""
    query = select(Decision.action).where(Decision.action.in_(actions), Decision.reviewer != reviewer)
    return set(session.scalars(query.distinct()))


def record(
    session: Session, reviewer: str, requests: Sequence[DecisionRequest], manner: ReviewMode = ReviewMode()
) -> int:
    """Append the requests that are new, in order; returns how many were stored."""
    stored = known(session, [request.id for request in requests])
    fresh = {request.id: request for request in requests if request.id not in stored}
    faces = labels.bases(session, {request.face_id for request in fresh.values()})
    wanted = [request for request in fresh.values() if request.face_id in faces]
    if not wanted:
        return 0
    votes = labels.votes_of(session, faces)
    seen = {} if manner.blind or manner.adjudicates else votes
    rows = [
        _row(reviewer, request, faces[request.face_id], seen.get(request.face_id, {}), manner) for request in wanted
    ]
    sequences = session.scalars(insert(Decision).returning(Decision.sequence, sort_by_parameter_order=True), rows)
    if manner.adjudicates:
        labels.recount(session, list(faces), ())
        return len(rows)
    for row, sequence in zip(rows, sequences.all(), strict=True):
        votes[row["face_id"]][reviewer] = _event(row, sequence)
    labels.store_votes(session, reviewer, {face_id: votes[face_id].get(reviewer) for face_id in faces})
    labels.store_labels(session, faces, votes)
    return len(rows)


def undo(session: Session, reviewer: str, event_id: str, action: str) -> list[int]:
    """Take one action of a reviewer back by one more event per face; returns the faces.

    The same event again changes nothing; empty when the action is unknown or was undone by another event.
    """
    earlier = session.scalars(select(Decision.face_id).where(Decision.action == event_id)).all()
    if earlier:
        return list(earlier)
    taken = select(Decision.face_id, Decision.page_id, Decision.adjudicates)
    taken = taken.where(Decision.action == action, Decision.reviewer == reviewer, Decision.kind.not_in(UNDOING))
    undoable = session.execute(taken.where(~is_undone())).all()
    if not undoable:
        return []
    rows = [
        undone(reviewer, event_id, action, face_id) | {"page_id": page, "adjudicates": adjudicates}
        for face_id, page, adjudicates in undoable
    ]
    session.execute(insert(Decision), rows)
    faces = [face_id for face_id, _, _ in undoable]
    labels.recount(session, faces, [reviewer])
    return faces


def last_action(session: Session, reviewer: str, dataset_id: int) -> tuple[str, str | None] | None:
    """The reviewer's latest action in a dataset that still stands, and the page it was made on."""
    latest = session.execute(
        select(Decision.action, Decision.page_id)
        .join(Face, Face.id == Decision.face_id)
        .where(
            Decision.reviewer == reviewer,
            Decision.kind.not_in(UNDOING),
            Face.dataset_id == dataset_id,
            ~is_undone(),
        )
        .order_by(Decision.sequence.desc())
        .limit(1)
    ).first()
    return (latest[0], latest[1]) if latest else None


def moment(session: Session, action: str) -> datetime | None:
    """When an action was made."""
    return session.scalar(select(func.max(Decision.decided_at)).where(Decision.action == action))


def history(session: Session, face_id: int, reviewer: str | None = None) -> list[Decision]:
    """Every event on a face, oldest first; of one reviewer only where one is named, with what undoes their events."""
    events = list(session.scalars(select(Decision).where(Decision.face_id == face_id).order_by(Decision.sequence)))
    theirs = {event.action for event in events if event.reviewer == reviewer}
    theirs |= {event.action for event in events if event.undoes in theirs}
    return (
        events if reviewer is None else [event for event in events if event.action in theirs or event.undoes in theirs]
    )


def in_effect(session: Session, faces: ColumnElement[bool]) -> int:
    """The number of decisions on these faces that are in effect: neither undone nor an undo."""
    query = select(func.count()).select_from(Decision).join(Face, Face.id == Decision.face_id)
    return session.scalar(query.where(faces, PRESENT, Decision.kind.not_in(UNDOING), ~is_undone())) or 0


def is_undone() -> ColumnElement[bool]:
    """True of a decision that was undone, by an event that was not undone itself."""
    undoing, redoing = aliased(Decision), aliased(Decision)
    again = select(redoing.sequence).where(redoing.undoes == undoing.action).exists()
    return select(undoing.sequence).where(undoing.undoes == Decision.action, ~again).exists()


def _row(
    reviewer: str, request: DecisionRequest, basis: LabelBasis, votes: dict[str, Event], manner: ReviewMode
) -> dict[str, Any]:
    """The event that a request becomes: the same emotion as without this reviewer's own vote is a confirmation."""
    seen = LabelBasis(basis.source) if manner.blind or manner.adjudicates else basis
    before = label(seen, [vote for who, vote in votes.items() if who != reviewer]).emotion
    agreed = DecisionKind.CONFIRMED if request.emotion == before else DecisionKind.RELABELLED
    unsure = request.reason == UNSURE
    return {
        "id": request.id,
        "action": request.action,
        "face_id": request.face_id,
        "reviewer": reviewer,
        "kind": DecisionKind.UNSURE if unsure else agreed if request.reason is None else DecisionKind.REJECTED,
        "emotion": None if request.reason is not None else request.emotion,
        "reason": None if unsure else request.reason,
        "before": before,
        "undoes": None,
        "page_id": request.page_id,
        "decided_at": now(),
        "adjudicates": manner.adjudicates,
        "note": request.note or manner.note,
        "advisor": manner.advisor,
    }


def undone(
    reviewer: str, event_id: str, action: str, face_id: int, kind: DecisionKind = DecisionKind.UNDONE
) -> dict[str, Any]:
    """The event that undoes one face's part of an action; the same twice has the same number."""
    unique = str(uuid5(NAMESPACE_OID, f"{UUID(event_id)}/{action}/{face_id}"))
    return {
        "id": unique,
        "action": event_id,
        "face_id": face_id,
        "reviewer": reviewer,
        "kind": kind,
        "undoes": action,
        "decided_at": now(),
    }


def _event(row: dict[str, Any], sequence: int) -> Event:
    return Event(sequence, row["action"], row["kind"], row["emotion"], row["reason"], row["undoes"])

"""Decisions by time and person: listed, counted, and reverted as a whole."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, insert, select
from sqlalchemy.orm import Session, aliased

from fercore.curation.lease_owner import LeaseOwner
from fercore.curation.votes import UNDOING, DecisionKind
from fercore.store.review import labels, leases, recrops
from fercore.store.review.decisions import is_undone, undone
from fercore.store.tables import Dataset, Decision, Face, Lease, Recrop, ReviewPage

CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """Decisions of one dataset, person and task, from one moment up to before another; None means any."""

    dataset_id: int | None = None
    reviewer: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    task: int | None = None


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A decision with its face's name, True where it was undone, and of what undoes others: whose decision that was."""

    action: str
    kind: str
    reviewer: str
    face_id: int
    emotion: int | None
    before: int | None
    reason: str | None
    advisor: int | None
    decided_at: datetime
    dataset: str
    identity: str
    undone: bool
    of: str | None = None


@dataclass(frozen=True, slots=True)
class RevertedRange:
    """One revert: its number, who reverted how many decisions of whom and when; True where it was undone."""

    action: str
    by: str
    of: str
    decisions: int
    at: datetime
    undone: bool


def listed(session: Session, within: DecisionFilter, limit: int) -> list[PastDecision]:
    """The latest decisions, newest first."""
    columns: tuple[Any, ...] = (
        Decision.action,
        Decision.kind,
        Decision.reviewer,
        Decision.face_id,
        Decision.emotion,
        Decision.before,
        Decision.reason,
        Decision.advisor,
        Decision.decided_at,
        Dataset.name,
        Face.identity,
        is_undone(),
        _of(),
    )
    query: Select[Any] = select(*columns).where(*_within(within))
    query = query.join(Face, Face.id == Decision.face_id).join(Dataset, Dataset.id == Face.dataset_id)
    rows: Iterable[Any] = session.execute(query.order_by(Decision.sequence.desc()).limit(limit))
    return [PastDecision(*row) for row in rows]


def count(session: Session, within: DecisionFilter) -> tuple[int, int]:
    """(decisions, of them those in effect); an event that undoes others is no decision."""
    query = select(func.count(), func.count().filter(~is_undone())).select_from(Decision)
    query = query.join(Face, Face.id == Decision.face_id)
    row = session.execute(query.where(*_within(within), Decision.kind.not_in(UNDOING))).one()
    return int(row[0]), int(row[1])


def crops(session: Session, within: DecisionFilter) -> int:
    """The number of redrawn crops that stand on decisions there, and are withdrawn with them."""
    actions = select(Decision.action).join(Face, Face.id == Decision.face_id)
    actions = actions.where(*_within(within), Decision.kind.not_in(UNDOING), ~is_undone())
    return session.scalar(select(func.count()).where(Recrop.action.in_(actions), ~Recrop.withdrawn)) or 0


def reviewers(session: Session) -> list[str]:
    """Everybody who ever decided or reverted."""
    return list(session.scalars(select(Decision.reviewer).distinct().order_by(Decision.reviewer)))


def reverts(session: Session, limit: int) -> list[RevertedRange]:
    """The latest reverts, newest first."""
    undone = func.max(case((is_undone(), 1), else_=0))
    latest = (
        select(
            Decision.action,
            Decision.reviewer,
            func.max(_of()),
            func.count(),
            func.max(Decision.decided_at),
            undone,
        )
        .where(Decision.kind == DecisionKind.REVERTED)
        .group_by(Decision.action, Decision.reviewer)
        .order_by(func.max(Decision.sequence).desc())
    )
    return [
        RevertedRange(action, by, of or "", number, at, bool(gone))
        for action, by, of, number, at, gone in session.execute(latest.limit(limit))
    ]


def revert(session: Session, within: DecisionFilter, event_id: str, by: str) -> int:
    """Revert every action of which a decision lies within, by one more event for each of `by`; returns how many.

    An action is what one key press did, so its other faces go with it. What was undone stays so.
    """
    query = select(Decision.reviewer, Decision.action).distinct().join(Face, Face.id == Decision.face_id)
    query = query.where(*_within(within), Decision.kind.not_in(UNDOING), ~is_undone())
    by_reviewer: dict[str, list[str]] = {}
    for reviewer, action in session.execute(query):
        by_reviewer.setdefault(reviewer, []).append(action)
    taken = 0
    for reviewer, actions in by_reviewer.items():
        for start in range(0, len(actions), CHUNK):
            part = actions[start : start + CHUNK]
            theirs = select(Decision).where(Decision.action.in_(part), Decision.reviewer == reviewer)
            taken += _undo(
                session, session.scalars(theirs).all(), UndoingEvent(event_id, by, DecisionKind.REVERTED), [reviewer]
            )
            recrops.withdraw(session, part)
    return taken


def restore(session: Session, action: str, event_id: str, by: str) -> int:
    """Undo a revert: the decisions that it undid are in effect again; returns how many."""
    query = select(Decision).where(Decision.action == action, Decision.kind == DecisionKind.REVERTED, ~is_undone())
    events = session.scalars(query.order_by(Decision.sequence)).all()
    faces = list({event.face_id: event for event in events}.values())  # one event undoes all that a revert did there
    actions = sorted({event.undoes for event in events if event.undoes is not None})
    whose: set[str] = set()
    for start in range(0, len(actions), CHUNK):
        reviewers = select(Decision.reviewer).distinct().where(Decision.action.in_(actions[start : start + CHUNK]))
        whose |= set(session.scalars(reviewers))
    for start in range(0, len(faces), CHUNK):
        _undo(session, faces[start : start + CHUNK], UndoingEvent(event_id, by, DecisionKind.RESTORED), sorted(whose))
    for start in range(0, len(actions), CHUNK):
        recrops.reinstate(session, actions[start : start + CHUNK])
    return len(events)


@dataclass(frozen=True, slots=True)
class UndoingEvent:
    """An event that undoes others: its number, the person who did it, and its kind."""

    event_id: str
    by: str
    kind: DecisionKind


def _undo(session: Session, events: Sequence[Decision], act: UndoingEvent, reviewers: Sequence[str]) -> int:
    """Undo these events, and count the votes of their reviewers again."""
    rows = [
        undone(act.by, act.event_id, event.action, event.face_id, act.kind)
        | {"page_id": event.page_id, "adjudicates": event.adjudicates}
        for event in events
    ]
    session.execute(insert(Decision), rows)
    face_ids = sorted({event.face_id for event in events})
    tasks = _tasks_of(session, {event.page_id for event in events if event.page_id is not None})
    for start in range(0, len(face_ids), CHUNK):
        part = face_ids[start : start + CHUNK]
        labels.recount(session, part, reviewers)
        for reviewer in reviewers:
            _settle(session, reviewer, part, tasks if act.kind == DecisionKind.RESTORED else set())
    return len(rows)


def _tasks_of(session: Session, pages: Collection[str]) -> set[int]:
    """The tasks in which these pages were shown."""
    views = session.scalars(select(ReviewPage.view).where(ReviewPage.id.in_(pages)))
    return {view["task"] for view in views if view.get("task") is not None}


def _settle(session: Session, reviewer: str, face_ids: Sequence[int], tasks: Collection[int]) -> None:
    """In tasks: what a person decided is theirs, and what was reverted goes to whoever comes first."""
    held = select(Lease.task_id).distinct().where(Lease.reviewer == reviewer, Lease.face_id.in_(face_ids))
    for task_id in sorted({*session.scalars(held), *tasks}):
        leases.give_back(session, task_id, reviewer, face_ids)
        leases.settle(session, LeaseOwner(task_id, reviewer), face_ids)


def _of() -> ScalarSelect[str]:
    """The person whose decision an event undoes."""
    taken = aliased(Decision)
    return select(func.max(taken.reviewer)).where(taken.action == Decision.undoes).scalar_subquery()


def _within(within: DecisionFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if within.dataset_id is not None:
        conditions.append(Face.dataset_id == within.dataset_id)
    if within.reviewer is not None:
        conditions.append(Decision.reviewer == within.reviewer)
    if within.since is not None:
        conditions.append(Decision.decided_at >= within.since)
    if within.until is not None:
        conditions.append(Decision.decided_at < within.until)
    if within.task is not None:
        pages = select(ReviewPage.id).where(ReviewPage.view["task"].as_integer() == within.task)
        conditions.append(Decision.page_id.in_(pages))
    return conditions

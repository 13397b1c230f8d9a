"""What was decided when and by whom: listed, counted, and taken back as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import Session, aliased

from fercore.store import leases, recuts, tally
from fercore.store.decisions import undone
from fercore.store.leases import Hand
from fercore.store.tables import Dataset, Decision, Face, Lease, ReviewPage

CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Range:
    """Decisions of one dataset, person and task, from one moment up to before another; None means any."""

    dataset_id: int | None = None
    reviewer: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    task: int | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """A decision with its face's name, and whether it was taken back."""

    decision: Decision
    dataset: str
    identity: str
    undone: bool


def listed(session: Session, within: Range, limit: int) -> list[Past]:
    """The latest decisions, newest first."""
    query = select(Decision, Dataset.name, Face.identity, _is_undone()).where(*_within(within))
    query = query.join(Face, Face.id == Decision.face_id).join(Dataset, Dataset.id == Face.dataset_id)
    return [Past(*row) for row in session.execute(query.order_by(Decision.sequence.desc()).limit(limit))]


def count(session: Session, within: Range) -> tuple[int, int]:
    """(decisions, of them those that still stand and are no undoing)."""
    standing = func.count().filter(Decision.kind != "undone", ~_is_undone())
    query = select(func.count(), standing).select_from(Decision).join(Face, Face.id == Decision.face_id)
    found = session.execute(query.where(*_within(within))).one()
    return int(found[0]), int(found[1])


def reviewers(session: Session) -> list[str]:
    """Everybody who ever decided."""
    return list(session.scalars(select(Decision.reviewer).distinct().order_by(Decision.reviewer)))


def revert(session: Session, within: Range, event_id: str) -> int:
    """Take every action back of which a decision lies within, by one more event for each; returns how many.

    An action is what one key press did, so its other faces go with it. What was taken back stays so.
    """
    query = select(Decision.reviewer, Decision.action).distinct().join(Face, Face.id == Decision.face_id)
    query = query.where(*_within(within), Decision.kind != "undone", ~_is_undone())
    by_reviewer: dict[str, list[str]] = {}
    for reviewer, action in session.execute(query):
        by_reviewer.setdefault(reviewer, []).append(action)
    taken = 0
    for reviewer, actions in by_reviewer.items():
        for start in range(0, len(actions), CHUNK):
            taken += _take_back(session, reviewer, actions[start : start + CHUNK], event_id)
    return taken


def _take_back(session: Session, reviewer: str, actions: Sequence[str], event_id: str) -> int:
    query = select(Decision.face_id, Decision.action, Decision.page_id, Decision.adjudicates)
    found = session.execute(query.where(Decision.action.in_(actions), Decision.reviewer == reviewer)).all()
    rows = [
        undone(reviewer, event_id, action, face_id) | {"page_id": page, "adjudicates": adjudicates}
        for face_id, action, page, adjudicates in found
    ]
    session.execute(insert(Decision), rows)
    face_ids = sorted({face_id for face_id, *_ in found})
    for start in range(0, len(face_ids), CHUNK):
        _recount(session, reviewer, face_ids[start : start + CHUNK])
    recuts.withdraw(session, actions)
    return len(rows)


def _recount(session: Session, reviewer: str, face_ids: Sequence[int]) -> None:
    """Votes, labels, and in tasks who has still to decide."""
    tally.recount(session, face_ids, [reviewer])
    held = select(Lease.task_id).distinct().where(Lease.reviewer == reviewer, Lease.face_id.in_(face_ids))
    for task_id in session.scalars(held).all():
        leases.settle(session, Hand(task_id, reviewer), face_ids)


def _is_undone() -> ColumnElement[bool]:
    taken_back = aliased(Decision)
    return select(taken_back.sequence).where(taken_back.undoes == Decision.action).exists()


def _within(within: Range) -> list[ColumnElement[bool]]:
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

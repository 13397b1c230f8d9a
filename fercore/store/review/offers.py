"""Offers: faces of a task that a page shows before they are leased."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.curation.lease_owner import LeaseOwner
from fercore.store.tables import Lease, TaskFace

STANDS: Final = timedelta(seconds=60)


def offer(session: Session, owner: LeaseOwner, size: int) -> list[tuple[int, int]]:
    """The first (place, face) that this person can have, what they hold undecided among them; nothing is taken.

    Others are shown different faces as long as there are any.
    """
    _withdraw(session, owner)
    waiting = available(session, owner, -1, size, held_too=True)
    held = set(session.scalars(select(Lease.face_id).where(*_mine(owner), Lease.decided_at.is_(None))))
    until = now() + STANDS
    row = {
        "task_id": owner.task_id,
        "reviewer": owner.reviewer,
        "holder": owner.holder,
        "until": until,
        "offered": True,
    }
    rows = [row | {"face_id": face} for _, face in waiting if face not in held]
    if rows:
        session.execute(insert(Lease), rows)
    return waiting


def available(
    session: Session, owner: LeaseOwner, after: int, size: int, held_too: bool = False
) -> list[tuple[int, int]]:
    """The next (place, face) behind a place that are free.

    Where others are shown all that is left, at most half of it goes from the end of theirs to this person.
    """
    which = or_(_is_free(owner), _is_held(owner)) if held_too else _is_free(owner)
    query = select(TaskFace.place, TaskFace.face_id).where(TaskFace.task_id == owner.task_id, which)
    query = query.where(TaskFace.place > after).with_for_update(skip_locked=True, of=TaskFace)
    rows = session.execute(query.where(~_is_offered(owner)).order_by(TaskFace.place).limit(size)).all()
    if not rows:
        offered = session.execute(query.where(_is_offered(owner)).order_by(TaskFace.place.desc())).all()
        rows = sorted(offered[: min(size, (len(offered) + 1) // 2)], key=lambda row: row[0])
        faces = [face for _, face in rows]
        others = and_(Lease.task_id == owner.task_id, Lease.reviewer != owner.reviewer, Lease.offered)
        session.execute(delete(Lease).where(others, Lease.face_id.in_(faces)))
    return [(place, face) for place, face in rows]


def free_of(session: Session, owner: LeaseOwner, face_ids: Collection[int]) -> set[int]:
    """Those of these faces that are free and shown to no other person."""
    query = select(TaskFace.face_id).where(TaskFace.task_id == owner.task_id, TaskFace.face_id.in_(face_ids))
    query = query.where(_is_free(owner), ~_is_offered(owner)).order_by(TaskFace.face_id)
    return set(session.scalars(query.with_for_update(of=TaskFace)))


def others(session: Session, owner: LeaseOwner) -> int:
    """Number of other people with undecided faces of the task."""
    query = select(func.count(Lease.reviewer.distinct())).where(Lease.task_id == owner.task_id, *_undecided())
    return session.scalar(query.where(Lease.reviewer != owner.reviewer)) or 0


def undecided(session: Session, task_id: int) -> int:
    """Number of decisions that a task still needs, including those on leased faces."""
    still_open = select(func.sum(TaskFace.open)).where(TaskFace.task_id == task_id, TaskFace.open > 0)
    taken = select(func.count()).select_from(Lease).where(Lease.task_id == task_id, *_undecided(), ~Lease.offered)
    return (session.scalar(still_open) or 0) + (session.scalar(taken) or 0)


def _undecided() -> tuple[ColumnElement[bool], ...]:
    return Lease.decided_at.is_(None), Lease.until > now()


def _withdraw(session: Session, owner: LeaseOwner) -> None:
    """This person's earlier offers."""
    session.execute(delete(Lease).where(*_mine(owner), Lease.offered))


def _mine(owner: LeaseOwner) -> tuple[ColumnElement[bool], ...]:
    return Lease.task_id == owner.task_id, Lease.reviewer == owner.reviewer


def _same() -> ColumnElement[bool]:
    return and_(Lease.task_id == TaskFace.task_id, Lease.face_id == TaskFace.face_id)


def _is_free(owner: LeaseOwner) -> ColumnElement[bool]:
    had = exists().where(_same(), Lease.reviewer == owner.reviewer, ~Lease.offered)
    return and_(TaskFace.open > 0, ~had)


def _is_held(owner: LeaseOwner) -> ColumnElement[bool]:
    return exists().where(_same(), Lease.reviewer == owner.reviewer, ~Lease.offered, Lease.decided_at.is_(None))


def _is_offered(owner: LeaseOwner) -> ColumnElement[bool]:
    """To as many other people as it may still be given."""
    shown = select(func.count()).where(_same(), Lease.reviewer != owner.reviewer, Lease.offered, Lease.until > now())
    return and_(TaskFace.open > 0, TaskFace.open <= shown.scalar_subquery())

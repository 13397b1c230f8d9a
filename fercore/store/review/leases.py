"""Leases of a task's faces: handed out for a while, decided, or given back."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.curation.lease_owner import LeaseOwner
from fercore.store.review import offers
from fercore.store.review.counted_votes import counted
from fercore.store.tables import Lease, TaskFace, Vote

LASTS: Final = timedelta(minutes=15)
CHUNK: Final = 10_000


def take(session: Session, owner: LeaseOwner, after: int, size: int) -> list[tuple[int, int]]:
    """The next (place, face) behind a place, leased to this person; what they had in hand goes back first.

    Begins again from the front where nothing is left behind the place.
    """
    task_id, reviewer = owner.task_id, owner.reviewer
    release(session, LeaseOwner(task_id, reviewer))
    begin(session, owner)
    available = offers.available(session, owner, after, size)
    if not available and after >= 0:
        available = offers.available(session, owner, -1, size)
    if available:
        until = now() + LASTS
        rows = [_row(owner, face, until) for _, face in available]
        session.execute(insert(Lease), rows)
        _recount(session, task_id, [face for _, face in available])
    return available


def begin(session: Session, owner: LeaseOwner) -> None:
    """Before a person is given faces: what was held for too long is free, and what they decided earlier counts."""
    _drop(session, owner.task_id, and_(Lease.decided_at.is_(None), Lease.until < now()))
    if not exists_for(session, owner.task_id, owner.reviewer):
        _count_earlier_votes(session, owner.task_id, owner.reviewer)


def hold(session: Session, owner: LeaseOwner, face_id: int) -> None:
    """Lease one more face to this person."""
    session.execute(insert(Lease), [_row(owner, face_id, now() + LASTS)])
    _recount(session, owner.task_id, [face_id])


def settle(session: Session, owner: LeaseOwner, face_ids: Collection[int]) -> None:
    """After decisions and undoing: a face with this person's vote is decided; what they hold lasts anew."""
    task_id, reviewer = owner.task_id, owner.reviewer
    mine = and_(Lease.task_id == task_id, Lease.reviewer == reviewer)
    wanted = select(TaskFace.face_id).where(TaskFace.task_id == task_id, TaskFace.face_id.in_(face_ids))
    faces = set(session.scalars(wanted))
    votes = select(Vote.face_id).where(Vote.reviewer == reviewer, Vote.face_id.in_(faces), counted(task_id))
    voted = set(session.scalars(votes))
    session.execute(delete(Lease).where(mine, Lease.offered, Lease.face_id.in_(voted)))  # taken by being decided
    held = set(session.scalars(select(Lease.face_id).where(mine, Lease.face_id.in_(faces))))
    moment = now()
    if missing := voted - held:  # Their time was over before they decided.
        rows = [_row(owner, face, moment) for face in missing]
        session.execute(insert(Lease), rows)
        _recount(session, task_id, missing)
    new = update(Lease).where(mine, Lease.face_id.in_(voted), Lease.decided_at.is_(None))
    session.execute(new.values(decided_at=moment))
    session.execute(update(Lease).where(mine, Lease.face_id.in_(faces - voted)).values(decided_at=None))
    held_on = update(Lease).where(mine, Lease.decided_at.is_(None), ~Lease.offered)
    session.execute(held_on.values(until=moment + LASTS))


def claim(session: Session, owner: LeaseOwner, face_ids: Collection[int]) -> set[int]:
    """Lease the faces of a page that was offered; those that went to another person meanwhile are not among them."""
    release(session, LeaseOwner(owner.task_id, owner.reviewer))
    free = offers.free_of(session, owner, face_ids)
    if free:
        until = now() + LASTS
        session.execute(insert(Lease), [_row(owner, face, until) for face in free])
        _recount(session, owner.task_id, free)
    return free


def release(session: Session, owner: LeaseOwner) -> None:
    """Give back what somebody holds undecided, and whatever anybody held for too long."""
    theirs = and_(Lease.reviewer == owner.reviewer, *([Lease.holder == owner.holder] if owner.holder else []))
    _drop(session, owner.task_id, and_(Lease.decided_at.is_(None), or_(Lease.until < now(), theirs)))


def give_back(session: Session, task_id: int, reviewer: str, face_ids: Collection[int]) -> None:
    """After others reverted a person's decisions: the faces without this person's vote are free at once."""
    voted = select(Vote.face_id).where(Vote.reviewer == reviewer, Vote.face_id.in_(face_ids), counted(task_id))
    mine = and_(Lease.reviewer == reviewer, Lease.face_id.in_(face_ids), Lease.face_id.not_in(voted))
    _drop(session, task_id, mine)


def place_behind(session: Session, task_id: int, face_ids: Collection[int]) -> int:
    """The last place of these faces in a task; -1 where none of them is in it."""
    query = select(func.max(TaskFace.place)).where(TaskFace.task_id == task_id, TaskFace.face_id.in_(face_ids))
    place = session.scalar(query)
    return -1 if place is None else place


def left(session: Session, task_id: int, reviewer: str) -> int:
    """The number of faces this person may still decide: those in their hands and those that are free for them."""
    # Of a million open faces only those are looked up that this person had: the others are counted in an index.
    still_open = select(func.count()).select_from(TaskFace).where(TaskFace.task_id == task_id, TaskFace.open > 0)
    same = and_(TaskFace.task_id == Lease.task_id, TaskFace.face_id == Lease.face_id)
    mine = select(func.count()).select_from(Lease)
    mine = mine.where(Lease.task_id == task_id, Lease.reviewer == reviewer, ~Lease.offered)
    had = mine.join(TaskFace, same).where(TaskFace.open > 0)
    held = mine.where(Lease.decided_at.is_(None))
    return (session.scalar(still_open) or 0) - (session.scalar(had) or 0) + (session.scalar(held) or 0)


def exists_for(session: Session, task_id: int, reviewer: str) -> bool:
    """True if a person has taken part in a task."""
    mine = select(Lease.face_id).where(Lease.task_id == task_id, Lease.reviewer == reviewer).limit(1)
    return session.scalar(mine) is not None


def _row(owner: LeaseOwner, face_id: int, until: datetime) -> dict[str, Any]:
    who = {"task_id": owner.task_id, "reviewer": owner.reviewer, "holder": owner.holder}
    return {**who, "face_id": face_id, "until": until}


def _count_earlier_votes(session: Session, task_id: int, reviewer: str) -> None:
    """Faces that somebody decided before the task began need not be asked of them again."""
    seen = select(TaskFace.face_id).join(Vote, Vote.face_id == TaskFace.face_id)
    seen = seen.where(TaskFace.task_id == task_id, TaskFace.open > 0, Vote.reviewer == reviewer, counted(task_id))
    faces = list(session.scalars(seen))
    for start in range(0, len(faces), CHUNK):
        settle(session, LeaseOwner(task_id, reviewer), faces[start : start + CHUNK])


def _drop(session: Session, task_id: int, which: ColumnElement[bool]) -> None:
    faces = list(session.scalars(select(Lease.face_id).where(Lease.task_id == task_id, which)))
    if faces:
        session.execute(delete(Lease).where(Lease.task_id == task_id, which))
        _recount(session, task_id, faces)


def _recount(session: Session, task_id: int, face_ids: Collection[int]) -> None:
    """To how many more people faces may be given: as many as shall see them, less those who have or had them."""
    same = and_(Lease.task_id == TaskFace.task_id, Lease.face_id == TaskFace.face_id)
    given = select(func.count()).where(same, ~Lease.offered)
    rest = TaskFace.wanted - given.scalar_subquery()
    which = update(TaskFace).where(TaskFace.task_id == task_id, TaskFace.face_id.in_(face_ids))
    session.execute(which.values(open=case((rest > 0, rest), else_=0)))

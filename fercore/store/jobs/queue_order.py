"""The order of waiting jobs: moved, held back and released."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from fercore.statuses import WAITING, Status
from fercore.store.database import Database
from fercore.store.jobs.queue import get, lock
from fercore.store.tables import Job


class QueueMove(StrEnum):
    """The new place of a waiting job: before all others, or one place on."""

    FIRST = "first"
    UP = "up"
    DOWN = "down"


def in_order(session: Session, lane: str) -> list[Job]:
    """The jobs of a lane that wait or are held, in the order in which they will start."""
    query = select(Job).where(Job.lane == lane, Job.status.in_(WAITING)).order_by(Job.position, Job.id)
    return list(session.scalars(query))


def move(database: Database, job_id: int, where: QueueMove) -> bool:
    """Let a waiting job start before others or after the next one; False when it does not wait any more."""
    with database.writing() as session:
        lock(session)
        job = get(session, job_id)
        order = in_order(session, job.lane)
        if job not in order:
            return False
        place = order.index(job)
        if where == QueueMove.FIRST:
            job.position = order[0].position - (place > 0)
            return True
        other = place - 1 if where == QueueMove.UP else place + 1
        if 0 <= other < len(order):
            job.position, order[other].position = order[other].position, job.position
        return True


def hold(database: Database, job_id: int) -> str:
    """Keep a queued job from starting until it is released; returns the status it has now."""
    return _turn(database, job_id, Status.QUEUED, Status.HELD)


def release(database: Database, job_id: int) -> str:
    """Let a held job start when its turn comes, at the place it kept; returns the status it has now."""
    return _turn(database, job_id, Status.HELD, Status.QUEUED)


def _turn(database: Database, job_id: int, before: str, after: str) -> str:
    with database.writing() as session:
        lock(session)
        job = get(session, job_id)
        if job.status == before:
            job.status = after
        return job.status

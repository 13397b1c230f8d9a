"""The queue of long work: submitted, started, watched, ended."""

import os
import socket
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import case, select, text, update
from sqlalchemy.orm import Session, defer
from sqlalchemy.orm.attributes import set_committed_value

from fercore.clock import now
from fercore.errors import NotFoundError
from fercore.lanes import TRAINING, EngineName
from fercore.language.sentences import sentence
from fercore.statuses import ACTIVE, Status
from fercore.store.database import Database
from fercore.store.tables import Job

GONE: Final = sentence("Its process is gone.")
SILENCE: Final = timedelta(seconds=20)


class HeartbeatAnswer(StrEnum):
    """The answer to a heartbeat; `leave` means that the job is not its process's own any more."""

    GO_ON = "go on"
    STOP = "stop"
    LEAVE = "leave"


def lock(session: Session) -> None:
    """Let nobody else change the queue until this transaction ends; SQLite's writers are alone anyway."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT pg_advisory_xact_lock(4664)"))


def submit(session: Session, job: Job, held: bool = False) -> Job:
    """Put a job at the end of its lane; a held one waits there until it is released."""
    job.status, job.created_at = Status.HELD if held else Status.QUEUED, now()
    session.add(job)
    session.flush()
    job.position = float(job.id)
    return job


def get(session: Session, job_id: int) -> Job:
    """The job of that number; raises NotFoundError."""
    job = session.get(Job, job_id)
    if job is None:
        raise NotFoundError("job", job_id)
    return job


def recent(session: Session, kinds: Sequence[str] = (), limit: int = 20) -> list[Job]:
    """The latest jobs, newest first, without their results: see `load_results`."""
    query = select(Job).options(defer(Job.result)).order_by(Job.id.desc()).limit(limit)
    if kinds:
        query = query.where(Job.kind.in_(kinds))
    return list(session.scalars(query))


def active_arguments(session: Session, kind: str) -> list[dict[str, Any]]:
    """The requests of waiting and running jobs of this kind."""
    return list(session.scalars(select(Job.arguments).where(Job.kind == kind, Job.status.in_(ACTIVE))))


def ended(session: Session, kinds: Sequence[str] = (), limit: int = 20) -> list[Job]:
    """The latest jobs that are over and were not dismissed, newest first, with their results."""
    query = select(Job).where(Job.status.not_in(ACTIVE), Job.dismissed.is_(False)).order_by(Job.id.desc()).limit(limit)
    if kinds:
        query = query.where(Job.kind.in_(kinds))
    return list(session.scalars(query))


def active(session: Session, kinds: Sequence[str] = ()) -> list[Job]:
    """Jobs that wait or run, in the order in which they start, without their results."""
    order = (case((Job.status == Status.RUNNING, 0), else_=1), Job.position, Job.id)
    query = select(Job).options(defer(Job.result)).where(Job.status.in_(ACTIVE)).order_by(*order)
    if kinds:
        query = query.where(Job.kind.in_(kinds))
    return list(session.scalars(query))


def load_results(session: Session, jobs: Sequence[Job]) -> None:
    """Read the results of these jobs, which lists of jobs leave in the database."""
    results = select(Job.id, Job.result).where(Job.id.in_([job.id for job in jobs]))
    known = {number: result for number, result in session.execute(results)}
    for job in jobs:
        set_committed_value(job, "result", known.get(job.id))


def unfinished_arguments(session: Session) -> list[dict[str, Any]]:
    """The devices of jobs that wait, run, or may be continued."""
    return list(session.scalars(select(Job.arguments).where(Job.status != Status.DONE)))


def heartbeat(
    database: Database, job_id: int, progress: tuple[int, int, str], handle: str | None = None
) -> HeartbeatAnswer:
    """Say that a job lives and how far it is; returns what its process has to do."""
    done, total, message = progress
    mine = (Job.id == job_id, Job.status == Status.RUNNING, Job.handle.is_not_distinct_from(handle))
    beat = {"heartbeat_at": now(), "pid": os.getpid(), "host": socket.gethostname()}
    with database.writing() as session:
        statement = update(Job).where(*mine).values(**beat, done=done, total=total, message=message)
        if not session.execute(statement.returning(Job.id)).all() and not _revived(session, job_id, handle):
            return HeartbeatAnswer.LEAVE
        stops = session.scalar(select(Job.cancel_requested).where(Job.id == job_id))
        return HeartbeatAnswer.STOP if stops else HeartbeatAnswer.GO_ON


def _revived(session: Session, job_id: int, handle: str | None) -> bool:
    """Let a job that was taken for lost, as its database was away, go on where no other has its place."""
    lock(session)
    job = session.get(Job, job_id)
    if job is None or job.status != Status.LOST or job.handle != handle:
        return False
    others = session.scalars(select(Job).where(Job.status.in_(ACTIVE), Job.lane == job.lane))
    if any(_in_the_way(other, job) for other in others):
        return False
    job.status, job.error, job.ended_at, job.heartbeat_at = Status.RUNNING, None, None, now()
    return True


def _in_the_way(other: Job, job: Job) -> bool:
    """True if a job has what another one had: its devices, or the run that it trained."""
    if job.kind == other.kind == TRAINING and job.arguments.get("run") == other.arguments.get("run"):
        return True
    devices = {*(job.devices or "").split(",")} & {*(other.devices or "").split(",")}
    return other.status == Status.RUNNING and bool(devices)


def end(
    database: Database,
    job_id: int,
    status: str,
    result: dict[str, Any] | None = None,
    error: str | None = None,
    handle: str | None = None,
) -> None:
    """Close a job with its outcome; a process that names its handle closes no other's attempt."""
    values = {"status": status, "result": result, "error": error, "ended_at": now()}
    mine = [Job.id == job_id, Job.status.in_(ACTIVE), *([Job.handle == handle] if handle else [])]
    with database.writing() as session:
        session.execute(update(Job).where(*mine).values(**values))


def request_cancel(database: Database, job_id: int) -> str:
    """Ask a running job to stop, or drop a waiting one; returns the status it has now."""
    with database.writing() as session:
        lock(session)
        job = get(session, job_id)
        if job.status in (Status.QUEUED, Status.HELD):
            job.status, job.ended_at = Status.CANCELLED, now()
        elif job.status == Status.RUNNING:
            job.cancel_requested = True
        return job.status


def as_seen(jobs: Sequence[Job]) -> list[Job]:
    """Jobs as they are now: one whose process is gone reads as lost, though nothing is written here."""
    for job in jobs:
        if job.status == Status.RUNNING and _is_dead(job):
            set_committed_value(job, "status", Status.LOST)
            set_committed_value(job, "error", GONE)
    return list(jobs)


def bury(database: Database) -> None:
    """Mark running jobs whose process is gone as lost; writes only when there is one."""
    with database.reading() as session:
        if not any(_is_dead(job) for job in session.scalars(select(Job).where(Job.status == Status.RUNNING))):
            return
    with database.writing() as session:
        bury_dead(session)


def bury_dead(session: Session) -> None:
    """Mark running jobs whose process is gone as lost, within a transaction."""
    for job in session.scalars(select(Job).where(Job.status == Status.RUNNING)):
        if _is_dead(job):
            job.status, job.ended_at = Status.LOST, now()
            job.error = GONE


def _is_dead(job: Job) -> bool:
    if job.engine != EngineName.LOCAL:
        return False  # Its engine is asked: see jobs/lost.
    if job.heartbeat_at is None or now() - job.heartbeat_at > SILENCE:
        return True
    if job.pid is None or job.host != socket.gethostname():
        return False
    return not is_alive(job.pid)


def is_alive(pid: int) -> bool:
    """True if a process of this machine runs; one that ended but was not collected does not."""
    import psutil  # asked of running jobs only

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.AccessDenied:  # another user's
        return True
    except (psutil.NoSuchProcess, ValueError, OverflowError):
        return False

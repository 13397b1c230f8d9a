"""Jobs whose engine lost them: noticed, started again elsewhere, or given up with a clear sentence."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from fercore.clock import now
from fercore.jobs.engine import EngineAwayError, ProcessState
from fercore.jobs.engines import engine
from fercore.lanes import TRAINING, EngineName
from fercore.language.sentences import sentence
from fercore.statuses import Status
from fercore.store import Store
from fercore.store.jobs import queue as table
from fercore.store.jobs import scheduler
from fercore.store.tables import Job

AGAIN: Final = 2  # How often a lost job is started again.
DOUBTFUL: Final = timedelta(seconds=5)  # Without a heartbeat for so long, its engine is asked.
GIVEN_UP: Final = timedelta(minutes=5)  # Without a heartbeat and an answer of its engine for so long, it is lost.


def look_after(store: Store, job_id: int | None = None) -> str | None:
    """Ask the engines about silent jobs, and act on what they say; returns the new status of the job `job_id`."""
    with store.database.reading() as session:
        silent = [job for job in table.active(session) if job.engine != EngineName.LOCAL and _is_silent(job, job_id)]
    statuses = {job.id: _judge(store, job) for job in silent}
    return statuses.get(job_id) if job_id is not None else None


def _is_silent(job: Job, job_id: int | None) -> bool:
    if job.status != Status.RUNNING:
        return False
    return job.heartbeat_at is None or now() - job.heartbeat_at > DOUBTFUL or (job.id == job_id and job.pid is None)


def _judge(store: Store, job: Job) -> str:
    """The end or the return of a silent job."""
    state = _state(store, job)
    if job.cancel_requested and state != ProcessState.GONE:
        # It waits for its place, or does not listen any more.
        _stop(store, job)
        state = ProcessState.GONE
    if state == ProcessState.GONE:
        return _change(store, job, _again)
    if state is None and job.heartbeat_at is not None and now() - job.heartbeat_at > GIVEN_UP:
        return _change(store, job, _given_up)
    return job.status


def _state(store: Store, job: Job) -> ProcessState | None:
    try:
        return engine(store, job.engine).state(job)
    except EngineAwayError:
        return None


def _stop(store: Store, job: Job) -> None:
    try:
        engine(store, job.engine).stop(job)
    except EngineAwayError:
        return  # Its process, should it come back, finds that the job is over and leaves.


def back(store: Store, job: Job) -> None:
    """Put a job that its engine did not take back to its place in the queue; this is no attempt."""

    def waits(row: Job) -> None:
        row.status, row.started_at, row.devices = Status.QUEUED, None, None
        row.handle = f"fercore-{job.id}-{scheduler.attempt(job) - 1}-returned"

    _change(store, job, waits)


def _again(job: Job) -> None:
    """Queue a lost job once more, at its old place; a training goes on after its last finished epoch."""
    if job.cancel_requested:
        job.status, job.ended_at = Status.CANCELLED, now()
    elif scheduler.attempt(job) > AGAIN:
        job.status, job.ended_at = Status.LOST, now()
        job.error = sentence(
            "Its process was lost {count} times on the cluster, and it was not started again. "
            "Look at its log and at the machines, then resume it.",
            count=scheduler.attempt(job),
        )
    else:
        job.status, job.pid, job.devices, job.heartbeat_at = Status.QUEUED, None, None, None
        job.message = sentence("Lost on the cluster; it will be started again.")
        if job.kind == TRAINING:
            job.arguments = {**job.arguments, "resume": True}


def _given_up(job: Job) -> None:
    job.status, job.ended_at = Status.LOST, now()
    job.error = sentence(
        "Neither its process nor the cluster has answered for five minutes. Resume it when the cluster is back."
    )


def _change(store: Store, job: Job, change: Callable[[Job], None]) -> str:
    """Change a job unless it has ended, was started again, or has been heard of meanwhile; returns its status."""
    with store.database.writing() as session:
        table.lock(session)
        row = table.get(session, job.id)
        same = (row.status, row.handle, row.heartbeat_at) == (Status.RUNNING, job.handle, job.heartbeat_at)
        if same:
            change(row)
        return row.status

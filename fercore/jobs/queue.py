"""The queue of long work: submitted, started, cancelled, waited for."""

import time
from collections.abc import Sequence
from typing import Final

from fercore.errors import FercoreError
from fercore.jobs import recovery
from fercore.jobs.engine import EngineAwayError
from fercore.jobs.engines import chosen, engine
from fercore.jobs.kinds import JobKind, R
from fercore.lanes import ALL_LANES, Lane
from fercore.progress import Progress, silent
from fercore.statuses import ACTIVE, Status
from fercore.store import Store
from fercore.store.jobs import queue as table
from fercore.store.jobs import scheduler
from fercore.store.jobs.scheduler import Capacity
from fercore.store.tables import Job

ALL_GPUS: Final = -1
SPREADING: Final = ("tensorflow", "jax")  # Keras backends under which one training learns on several GPUs

LOOK_SECONDS: Final = 0.3


def submit(store: Store, kind: JobKind[R], request: R, gpus: int = 1, held: bool = False) -> int:
    """Queue a job behind all others and start it when there is room, or once released; returns its number.

    `gpus` is how many GPUs it asks for: 1, more, `ALL_GPUS`, or 0 for none; where there is none, it gets the CPU.
    """
    with store.database.writing() as session:
        number = table.submit(session, job_for(store, kind, request, gpus), held).id
    advance(store)
    return number


def job_for(store: Store, kind: JobKind[R], request: R, gpus: int = 1) -> Job:
    """A job as `submit` queues it, for a caller that writes more in the same transaction and calls `advance` then.

    Raises InputError for a request that the kind does not take.
    """
    if gpus == ALL_GPUS and store.settings.keras_backend not in SPREADING:
        gpus = 1  # It would hold the others and leave them idle.
    return Job(
        kind=kind.name,
        title=kind.title(request),
        lane=kind.lane,
        arguments=kind.arguments(request),
        submitted_by=store.settings.user,
        gpus=gpus if kind.lane == Lane.DEVICE else 0,
    )


def advance(store: Store, only: Sequence[str] = ALL_LANES) -> None:
    """Write down which jobs are lost, and start every job of these lanes that has room now in a process of its own.

    Called where a job is submitted, moved or released, at its end, at the app's start, by the timers of what runs on a
    page, and while a command waits. Nothing that only reads calls it. It writes only where there is something to do.
    """
    table.bury(store.database)
    if tuple(only) == ALL_LANES:  # a machine of a cluster asks nobody about others' jobs
        recovery.look_after(store)
    capacity = _capacity(store)
    with store.database.reading() as session:
        queued = any(job.status == Status.QUEUED for job in table.active(session))
        ready = queued and bool(scheduler.startable(session, capacity, only))
    if ready:
        _start(store, capacity, only)


def _start(store: Store, capacity: Capacity, only: Sequence[str]) -> None:
    for job_id in scheduler.claim_next(store.database, capacity, only):
        with store.database.reading() as session:
            job = table.get(session, job_id)
        try:
            engine(store, job.engine).submit(job)
        except EngineAwayError:
            recovery.back(store, job)
        except FercoreError as error:
            table.end(store.database, job_id, Status.FAILED, error=str(error))


def obstacle(store: Store) -> str | None:
    """Why waiting jobs cannot start now though there may be room, as a sentence."""
    try:
        engine(store, chosen(store.settings)).capacity()
    except EngineAwayError as error:
        return str(error)
    return None


def gpus_together(store: Store) -> int:
    """The number of GPUs that one job can use."""
    capacity = _capacity(store)
    most = len(capacity.gpus) if capacity.most is None else min(len(capacity.gpus), capacity.most)
    return most if store.settings.keras_backend in SPREADING else min(most, 1)


def beside(store: Store) -> int:
    """The number of jobs that can have a device of their own at a time; 1 while their engine is away."""
    capacity = _capacity(store)
    return max(len(capacity.gpus or capacity.cpus), 1)


def cancel(store: Store, job_id: int) -> str:
    """Ask a job to stop; returns the status it has now."""
    status = table.request_cancel(store.database, job_id)
    return recovery.look_after(store, job_id) or status


def wait(store: Store, job_id: int, progress: Progress = silent) -> Job:
    """Look on until a job has ended."""
    while True:
        advance(store)
        with store.database.reading() as session:
            job = table.get(session, job_id)
        if job.status not in ACTIVE:
            return job
        progress(job.done, job.total, job.message)
        time.sleep(LOOK_SECONDS)


def log(store: Store, job: Job) -> str:
    """The end of what a job printed, wherever it ran; why it cannot be read where its engine is away."""
    try:
        return engine(store, job.engine).log(job)
    except EngineAwayError as error:
        return str(error)


def _capacity(store: Store) -> Capacity:
    """The capacity of the lane `device`: nothing while its engine is away."""
    name = chosen(store.settings)
    try:
        return engine(store, name).capacity()
    except EngineAwayError:
        return Capacity(name, cpus=())

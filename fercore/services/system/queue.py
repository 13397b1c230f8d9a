"""The queue as people work with it: what runs and waits, in which order, and what is held back."""

from typing import Any

from fercore.errors import InputError
from fercore.jobs import queue
from fercore.language import tr
from fercore.store import Store
from fercore.store.jobs import queue as job_queue
from fercore.store.jobs import queue_order
from fercore.store.jobs.queue_order import Move
from fercore.store.tables import Job


def listed(store: Store, ended: int = 0) -> list[Job]:
    """What runs, then what waits in the order in which it will start, then the latest ended jobs."""
    queue.watch(store)
    with store.database.reading() as session:
        active = job_queue.active(session)
        finished = [
            job for job in job_queue.recent(session, limit=ended + len(active)) if job.status not in job_queue.ACTIVE
        ]
    return [*active, *finished[:ended]]


def get(store: Store, job_id: int) -> Job:
    """One job; raises NotFoundError."""
    with store.database.reading() as session:
        return job_queue.get(session, job_id)


def gpus_together(store: Store) -> int:
    """How many GPUs one training can have."""
    return queue.gpus_together(store)


def beside(store: Store) -> int:
    """How many trainings run beside each other: one on each GPU, or on the CPUs where there is none."""
    return queue.beside(store)


def move(store: Store, job_id: int, where: Move) -> None:
    """Let a waiting job start first, one earlier or one later; raises InputError when it does not wait."""
    if not queue_order.move(store.database, job_id, where):
        raise _not_waiting(get(store, job_id))


def hold(store: Store, job_id: int) -> None:
    """Keep a waiting job from starting until it is released; raises InputError when it does not wait."""
    if queue_order.hold(store.database, job_id) != "held":
        raise _not_waiting(get(store, job_id))


def release(store: Store, job_id: int) -> None:
    """Let a held job start when its turn comes; raises InputError when it is over or runs."""
    if queue_order.release(store.database, job_id) != "queued":
        raise _not_waiting(get(store, job_id))
    queue.start_next(store)


def cancel(store: Store, job_id: int) -> str:
    """Ask a job to stop; returns the status it has now. Raises InputError when it is over."""
    found = get(store, job_id)
    if found.status not in job_queue.ACTIVE:
        raise InputError(tr("Job {job} is {status}: there is nothing to cancel.", job=job_id, status=tr(found.status)))
    return queue.cancel(store, job_id)


def dismiss(store: Store, job_id: int) -> None:
    """Show an ended job no more; raises InputError while it waits or runs."""
    with store.database.writing() as session:
        found = job_queue.get(session, job_id)
        if found.status in job_queue.ACTIVE:
            message = tr("Job {job} is {status}: cancel it first.", job=job_id, status=tr(found.status))
            raise InputError(message)
        found.dismissed = True


def obstacle(store: Store) -> str | None:
    """Why no training or evaluation can start now, as a sentence; None while the engine answers."""
    return queue.obstacle(store)


def log(store: Store, job_id: int) -> str:
    """The end of what a job printed, wherever it runs."""
    return queue.log(store, get(store, job_id))


def _not_waiting(job: Job) -> InputError:
    return InputError(
        tr("Job {job} is {status}: only a waiting job has a place in the queue.", job=job.id, status=tr(job.status))
    )


def as_json(job: Job) -> dict[str, Any]:
    """A job as the command line prints it."""
    return {
        "job": job.id,
        "kind": job.kind,
        "title": job.title,
        "lane": job.lane,
        "status": job.status,
        "gpus": job.gpus,
        "devices": job.devices,
        "engine": job.engine,
        "done": job.done,
        "total": job.total,
        "message": job.message,
        "error": job.error,
    }

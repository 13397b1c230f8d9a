"""The queue as people work with it: what runs and waits, in which order, and what is held back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fercore.errors import InputError
from fercore.jobs import queue
from fercore.jobs.devices import is_cpu
from fercore.jobs.kinds import stored_title
from fercore.language import tr
from fercore.language.sentences import words
from fercore.services.system import waiting
from fercore.statuses import ACTIVE, WAITING, Status
from fercore.store import Store
from fercore.store.jobs import queue as job_queue
from fercore.store.jobs import queue_order
from fercore.store.jobs.queue_order import QueueMove as QueueMove
from fercore.store.tables import Job


@dataclass(frozen=True)
class JobView:
    """A job as it is shown; `title` is in the reader's language, and one whose process is gone reads as lost.

    `waits_for` says what keeps a waiting one from starting, where something does.
    """

    id: int
    kind: str
    title: str
    lane: str
    status: str
    arguments: dict[str, Any]
    result: dict[str, Any]
    gpus: int
    devices: str | None
    engine: str
    done: int
    total: int
    message: str
    error: str | None
    cancel_requested: bool
    waits_for: str | None = None

    @property
    def is_active(self) -> bool:
        """True if it waits, is held, or runs."""
        return self.status in ACTIVE

    @property
    def is_waiting(self) -> bool:
        """True if it waits or is held."""
        return self.status in WAITING

    @property
    def is_on_cpu(self) -> bool:
        """True if it has no GPU."""
        return is_cpu(self.devices)


def listed(store: Store, ended: int = 0) -> list[JobView]:
    """Running jobs, then waiting ones in the order in which they will start, then the latest ended ones."""
    with store.database.reading() as session:
        unfinished = job_queue.as_seen(job_queue.active(session))
        latest = job_queue.as_seen(job_queue.recent(session, limit=ended + len(unfinished)))
    active = [job for job in unfinished if job.status in ACTIVE]
    return [*_in_line(active), *_views([job for job in latest if job.status not in ACTIVE][:ended])]


def unfinished(store: Store, kinds: Sequence[str] = ()) -> list[JobView]:
    """Jobs of these kinds (of all) that wait, are held or run, in the order in which they start."""
    with store.database.reading() as session:
        views = _in_line(job_queue.as_seen(job_queue.active(session)))
    return [view for view in views if not kinds or view.kind in kinds]


def ended(store: Store, kinds: Sequence[str] = (), count: int = 20) -> list[JobView]:
    """The latest jobs of these kinds that are over and were not dismissed, newest first, with their results."""
    with store.database.reading() as session:
        return _views(job_queue.ended(session, kinds, count), results=True)


def advance(store: Store) -> None:
    """Write down which jobs are lost and start what has room: for the timers of pages that show running work."""
    queue.advance(store)


def get(store: Store, job_id: int) -> JobView:
    """One job; raises NotFoundError."""
    with store.database.reading() as session:
        (view,) = _views(job_queue.as_seen([job_queue.get(session, job_id)]), results=True)
        if view.status != Status.QUEUED:
            return view
        line = _in_line(job_queue.as_seen(job_queue.active(session)))
    return next((job for job in line if job.id == job_id), view)


def _in_line(rows: Sequence[Job]) -> list[JobView]:
    """All jobs that run, wait or are held, in the order in which they start, each with what it waits for."""
    views = _views(rows)
    if not any(view.status == Status.QUEUED for view in views):
        return views
    why = waiting.reasons(views)
    return [replace(view, waits_for=why[view.id]) if view.id in why else view for view in views]


def _views(rows: Sequence[Job], results: bool = False) -> list[JobView]:
    if not rows:
        return []
    from fercore.services import jobs  # all kinds with what they need, for jobs that are there

    return [
        JobView(
            id=job.id,
            kind=job.kind,
            title=stored_title(jobs.KINDS.get(job.kind), job.arguments, job.title),
            lane=job.lane,
            status=job.status,
            arguments=job.arguments,
            result=(job.result or {}) if results else {},
            gpus=job.gpus,
            devices=job.devices,
            engine=job.engine,
            done=job.done,
            total=job.total,
            message=words(job.message),
            error=words(job.error) if job.error else None,
            cancel_requested=job.cancel_requested,
        )
        for job in rows
    ]


def gpus_together(store: Store) -> int:
    """The number of GPUs that one training can have."""
    return queue.gpus_together(store)


def beside(store: Store) -> int:
    """The number of trainings beside each other: one on each GPU, or on the CPUs where there is none."""
    return queue.beside(store)


def move(store: Store, job_id: int, where: QueueMove) -> None:
    """Let a waiting job start first, one earlier or one later; raises InputError when it does not wait."""
    if not queue_order.move(store.database, job_id, where):
        raise _not_waiting(get(store, job_id))


def hold(store: Store, job_id: int) -> None:
    """Keep a waiting job from starting until it is released; raises InputError when it does not wait."""
    if queue_order.hold(store.database, job_id) != Status.HELD:
        raise _not_waiting(get(store, job_id))


def release(store: Store, job_id: int) -> None:
    """Let a held job start when its turn comes; raises InputError when it is over or runs."""
    if queue_order.release(store.database, job_id) != Status.QUEUED:
        raise _not_waiting(get(store, job_id))
    queue.advance(store)


def cancel(store: Store, job_id: int) -> str:
    """Ask a job to stop; returns the status it has now. Raises InputError when it is over."""
    job = get(store, job_id)
    if job.status not in ACTIVE:
        raise InputError(tr("Job {job} is {status}: there is nothing to cancel.", job=job_id, status=tr(job.status)))
    return queue.cancel(store, job_id)


def dismiss(store: Store, job_id: int) -> None:
    """Show an ended job no more; raises InputError while it waits or runs."""
    with store.database.writing() as session:
        job = job_queue.get(session, job_id)
        if job.status in ACTIVE:
            message = tr("Job {job} is {status}: cancel it first.", job=job_id, status=tr(job.status))
            raise InputError(message)
        job.dismissed = True


def obstacle(store: Store) -> str | None:
    """Why no training or evaluation can start now, as a sentence; None while the engine answers."""
    return queue.obstacle(store)


def log(store: Store, job_id: int) -> str:
    """The end of what a job printed, wherever it runs."""
    with store.database.reading() as session:
        job = job_queue.get(session, job_id)
    return queue.log(store, job)


def _not_waiting(job: JobView) -> InputError:
    return InputError(
        tr("Job {job} is {status}: only a waiting job has a place in the queue.", job=job.id, status=tr(job.status))
    )


def as_json(job: JobView) -> dict[str, Any]:
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
        "waits_for": job.waits_for,
    }

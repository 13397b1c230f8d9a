"""Which waiting jobs may run now, and on what.

Jobs of the lane `disk` follow each other, and so do those of the lane `visit`. Jobs of the lane `device` have GPUs of
their own, one unless they ask for more, or the CPU where there is none; their caller says what there is (`Capacity`).
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.lanes import ALL_LANES, DEMO, EngineName, Lane
from fercore.statuses import Status
from fercore.store.database import Database
from fercore.store.jobs.queue import bury_dead, lock
from fercore.store.tables import Job

CPU: Final = "cpu"
ALONE: Final = (DEMO,)  # Kinds that use fixed names: never two of them at a time.


@dataclass(frozen=True)
class Capacity:
    """The capacity of the lane `device`.

    `gpus` and `cpus` are names, one for each job beside others; a job can have `most` GPUs, as many
    as the largest machine has; None for all.
    """

    engine: str = EngineName.LOCAL
    gpus: tuple[str, ...] = ()
    cpus: tuple[str, ...] = (CPU,)
    most: int | None = None


class _Free:
    """The capacity that is left while jobs are given their share, first come first served."""

    def __init__(self, capacity: Capacity, running: Sequence[Job]) -> None:
        self.capacity = capacity
        taken = {name for job in running for name in (job.devices or "").split(",")}
        self.gpus = [name for name in capacity.gpus if name not in taken]
        self.cpus = [name for name in capacity.cpus if name not in taken]
        self.busy = {job.lane for job in running if job.lane != Lane.DEVICE}
        self.alone = {job.kind for job in running if job.kind in ALONE}
        if any(self._fills(job) for job in running):
            self.gpus, self.cpus = [], []

    def _fills(self, job: Job) -> bool:
        """A machine whose devices are not known here, or a job from before devices were written down."""
        if job.lane != Lane.DEVICE or job.engine != self.capacity.engine:
            return False
        return not job.devices or (job.engine == EngineName.LOCAL and job.host != socket.gethostname())

    def give(self, job: Job) -> str | None:
        """The names of what this job gets, '' where names do not matter; None when it has to wait."""
        if job.kind in self.alone:
            return None
        devices = self._devices(job.gpus) if job.lane == Lane.DEVICE else self._turn(job.lane)
        if devices is not None and job.kind in ALONE:
            self.alone.add(job.kind)
        return devices

    def _turn(self, lane: str) -> str | None:
        free = lane not in self.busy
        self.busy.add(lane)
        return "" if free else None

    def _devices(self, wanted: int) -> str | None:
        if not self.capacity.gpus or wanted == 0:
            return self.cpus.pop(0) if self.cpus else None
        total = len(self.capacity.gpus)
        most = min(self.capacity.most or total, total)
        count = most if wanted < 0 else min(wanted, most)
        if len(self.gpus) < count:
            # It waits, and what is free waits with it: later jobs would otherwise overtake it for ever.
            self.gpus = []
            return None
        # On a cluster nobody here knows whose GPUs are free: its engine lets the job wait until one machine has them.
        given, self.gpus = self.gpus[:count], self.gpus[count:]
        return ",".join(given)


def startable(session: Session, capacity: Capacity, only: Sequence[str] = ALL_LANES) -> list[tuple[Job, str]]:
    """The waiting jobs of these lanes that can start now, each with the names of its devices."""
    free = _Free(capacity, list(session.scalars(select(Job).where(Job.status == Status.RUNNING))))
    queued = select(Job).where(Job.status == Status.QUEUED, Job.lane.in_(only)).order_by(Job.position, Job.id)
    given = [(job, free.give(job)) for job in session.scalars(queued)]
    return [(job, devices) for job, devices in given if devices is not None]


def claim_next(database: Database, capacity: Capacity | None = None, only: Sequence[str] = ALL_LANES) -> list[int]:
    """Mark every job that can start now as running, in one transaction; returns their numbers."""
    capacity = capacity or Capacity()
    with database.writing() as session:
        lock(session)
        bury_dead(session)
        started = startable(session, capacity, only)
        for job, devices in started:
            job.status, job.started_at, job.heartbeat_at = Status.RUNNING, now(), now()
            job.host, job.pid, job.ended_at = socket.gethostname(), None, None
            job.devices = devices or None
            job.engine = capacity.engine if job.lane == Lane.DEVICE else EngineName.LOCAL
            local = job.engine == EngineName.LOCAL
            job.handle = None if local else f"fercore-{job.id}-{attempt(job) + 1}-{uuid4().hex[:8]}"
        return [job.id for job, _ in started]


def attempt(job: Job) -> int:
    """The number of times an engine was given this job; its handle says so."""
    return int(job.handle.split("-")[2]) if job.handle else 0

"""The work that a waiting job waits for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from fercore.jobs.devices import is_cpu
from fercore.lanes import EngineName, Lane
from fercore.language import tr
from fercore.statuses import Status

if TYPE_CHECKING:
    from fercore.services.system.queue import JobView

GPU_FREE: Final = 0


def reasons(jobs: "Sequence[JobView]") -> dict[int, str]:
    """The reason of each waiting job in words, by its number: the work of its lane before it.

    `jobs` are all that run, wait or are held, in the order in which they start. A held job waits for its release, and
    the first one of a free lane for nothing.
    """
    result = {}
    for at, job in enumerate(jobs):
        if job.status == Status.QUEUED:
            before = [other for other in jobs[:at] if other.status != Status.HELD and _shares(other, job, jobs)]
            if before:
                result[job.id] = _words(before)
    return result


def _shares(other: "JobView", job: "JobView", jobs: "Sequence[JobView]") -> bool:
    """True if both need the same: their lane's turn, or a device; beside GPUs, jobs that ask for none have the CPU."""
    if other.lane != job.lane:
        return False
    has_gpus = any(each.lane == Lane.DEVICE and each.devices and not is_cpu(each.devices) for each in jobs)
    return job.lane != Lane.DEVICE or not has_gpus or (other.gpus == GPU_FREE) == (job.gpus == GPU_FREE)


def _words(before: "Sequence[JobView]") -> str:
    last = before[-1]
    if last.status == Status.QUEUED or last.lane != Lane.DEVICE:
        return tr("waits for job {job}: {title}", job=last.id, title=last.title)
    if len(before) > 1:
        return tr("waits for a device; in use by jobs {jobs}", jobs=", ".join(str(job.id) for job in before))
    return tr("waits for {device}, in use by job {job}: {title}", device=_device(last), job=last.id, title=last.title)


def _device(job: "JobView") -> str:
    if job.engine != EngineName.LOCAL:
        return tr("the cluster")
    return tr("the CPU") if is_cpu(job.devices) else tr("GPU {devices}", devices=job.devices)

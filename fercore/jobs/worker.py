"""Inside a job's process: do the work, say that it lives, close it with its outcome."""

import traceback
from collections.abc import Mapping
from typing import Any

from fercore.errors import Cancelled
from fercore.jobs import failures
from fercore.jobs.heartbeat import Heartbeat, patiently
from fercore.jobs.kinds import JobKind
from fercore.jobs.queue import advance
from fercore.lanes import ALL_LANES, EngineName, Lane
from fercore.statuses import Status
from fercore.store import Store
from fercore.store.jobs import queue as table
from fercore.store.tables import Job


def run(store: Store, job_id: int, kinds: Mapping[str, JobKind[Any]], handle: str | None = None) -> str:
    """Do a claimed job to its end and start the next one; returns its final status.

    `handle` is the name of this attempt where an engine gave one: an older attempt does nothing any more.
    """
    with store.database.reading() as session:
        job = table.get(session, job_id)
    if job.status != Status.RUNNING or job.handle != handle:
        return job.status
    status, result, error = _outcome(store, job, kinds)
    if patiently(lambda: table.end(store.database, job_id, status, result, error, handle)):
        # A machine of a cluster does not have what readers of local files need.
        advance(store, ALL_LANES if job.engine == EngineName.LOCAL else (Lane.DEVICE,))
    return status


def _outcome(
    store: Store, job: Job, kinds: Mapping[str, JobKind[Any]]
) -> tuple[str, dict[str, Any] | None, str | None]:
    """The status in which the work ended, with its result or why there is none."""
    try:
        with Heartbeat(store, job.id, job.handle) as pulse:
            return Status.DONE, kinds[job.kind].work(store, job.arguments, pulse), None
    except Cancelled:
        return Status.CANCELLED, None, None
    except BaseException as error:
        if not failures.is_foreseen(error, store.settings):
            traceback.print_exc()
        return Status.FAILED, None, failures.sentence(error, store.settings)

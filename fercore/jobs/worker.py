"""Inside a job's process: do the work, say that it lives, close it with its outcome."""

import threading
import traceback
from collections.abc import Callable
from typing import Any, Final

from fercore.errors import Cancelled, FercoreError
from fercore.jobs.queue import start_next
from fercore.progress import Progress
from fercore.store import Store
from fercore.store import jobs as table

Work = Callable[[Store, dict[str, Any], Progress], dict[str, Any]]

BEAT_SECONDS: Final = 1.0


class Pulse:
    """Writes the heartbeat from a thread of its own, and carries progress out and cancellation in."""

    def __init__(self, store: Store, job_id: int) -> None:
        self._store = store
        self._job_id = job_id
        self._progress = (0, 0, "")
        self._cancelled = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Pulse":
        self._report()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()
        self._report()

    def __call__(self, done: int, total: int, message: str) -> None:
        """Progress of the work; raises Cancelled once somebody asked for it."""
        self._progress = (done, total, message)
        if self._cancelled.is_set():
            raise Cancelled("Cancelled.")

    def _beat(self) -> None:
        while not self._stopped.wait(BEAT_SECONDS):
            self._report()

    def _report(self) -> None:
        if table.heartbeat(self._store.database, self._job_id, self._progress):
            self._cancelled.set()


def run(store: Store, job_id: int, works: dict[str, Work]) -> str:
    """Do a claimed job to its end and start the next one; returns its final status."""
    with store.database.reading() as session:
        job = table.get(session, job_id)
    if job.status != "running":
        return job.status
    status, result, error = "done", None, None
    try:
        with Pulse(store, job_id) as pulse:
            result = works[job.kind](store, job.arguments, pulse)
    except Cancelled:
        status = "cancelled"
    except FercoreError as expected:
        status, error = "failed", str(expected)
    except BaseException as unexpected:
        traceback.print_exc()
        status, error = "failed", f"{type(unexpected).__name__}: {unexpected}"
    table.end(store.database, job_id, status, result, error)
    start_next(store)
    return status

"""The heartbeat of a job's process: progress out, orders in, and patience while the database is away."""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Final, NoReturn

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from fercore.errors import Cancelled, StoredDataError
from fercore.store import Store
from fercore.store.jobs import queue as table
from fercore.store.jobs.queue import HeartbeatAnswer

_LOG: Final = logging.getLogger(__name__)

BEAT_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 600.0  # How long a job waits for a database that does not answer.
LEFT: Final = 70  # The exit code of a process whose job is not its own any more.


class Heartbeat:
    """Writes the heartbeat from a thread of its own.

    While the database does not answer, the work stops at its next word of progress and goes on once it does.
    """

    def __init__(self, store: Store, job_id: int, handle: str | None = None) -> None:
        self._store = store
        self._job_id = job_id
        self._handle = handle
        self._progress = (0, 0, "")
        self._cancelled = threading.Event()
        self._stopped = threading.Event()
        self._heard = threading.Event()
        self._heard.set()
        self._trouble: SQLAlchemyError | None = None
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._report()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()
        self._report()

    def __call__(self, done: int, total: int, message: str) -> None:
        """Progress of the work; raises Cancelled once somebody asked for it, StoredDataError without a database."""
        self._progress = (done, total, message)
        if not self._heard.wait(PATIENCE_SECONDS):
            raise StoredDataError(in_vain()) from self._trouble
        if self._cancelled.is_set():
            raise Cancelled("Cancelled.")

    def _beat(self) -> None:
        while not self._stopped.wait(BEAT_SECONDS):
            self._report()

    def _report(self) -> None:
        try:
            order = table.heartbeat(self._store.database, self._job_id, self._progress, self._handle)
        except SQLAlchemyError as error:
            if self._heard.is_set():
                _LOG.warning(f"The database does not answer, the work waits for it: {_first_line(error)}")
            self._trouble = error
            self._heard.clear()
            return
        self._heard.set()
        if order == HeartbeatAnswer.LEAVE:
            leave(f"Job {self._job_id} was closed or is done elsewhere: this process ends.")
        if order == HeartbeatAnswer.STOP:
            self._cancelled.set()


def patiently(action: Callable[[], object], seconds: float | None = None) -> bool:
    """Write to the database, again and again while it does not answer; False when it did not for so long.

    What the database refuses is raised: waiting does not mend it.
    """
    until = time.monotonic() + (PATIENCE_SECONDS if seconds is None else seconds)
    while True:
        try:
            action()
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            if time.monotonic() >= until:
                _LOG.warning(f"Given up: {_first_line(error)}")
                return False
            time.sleep(BEAT_SECONDS)
        else:
            return True


def leave(why: str) -> NoReturn:
    """End this process at once: whatever it would still write belongs to another one now."""
    _LOG.warning(why)
    os._exit(LEFT)


def in_vain() -> str:
    """The message when patience has ended."""
    return (
        f"The database has not answered for {round(PATIENCE_SECONDS / 60)} minutes. "
        "What was finished before is kept: resume when the database is back."
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]

"""The statuses of jobs and of the runs that they train."""

from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Statuses of jobs and runs; stored and printed as these words.

    A job whose process is gone is lost; only a run is paused.
    """

    QUEUED = "queued"
    HELD = "held"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"
    PAUSED = "paused"


WAITING: Final = (Status.QUEUED, Status.HELD)
ACTIVE: Final = (*WAITING, Status.RUNNING)
STOPPED: Final = (Status.PAUSED, Status.CANCELLED, Status.FAILED, Status.LOST)

"""The interface of engines."""

from enum import StrEnum
from typing import Final, Protocol

from fercore.errors import FercoreError
from fercore.store.jobs.scheduler import Capacity
from fercore.store.tables import Job


class ProcessState(StrEnum):
    """The state of a job's process, as its engine tells it."""

    WAITING = "waiting"
    RUNNING = "running"
    GONE = "gone"


LOG_CHARACTERS: Final = 20_000


class EngineAwayError(FercoreError):
    """The engine does not answer now; jobs wait until it does."""


class Engine(Protocol):
    """Runs `python -m fercore job ID` for jobs that were claimed for it."""

    def capacity(self) -> Capacity:
        """The engine's devices, taken or not; raises EngineAwayError."""

    def submit(self, job: Job) -> None:
        """Start a job's process; raises EngineAwayError, or another FercoreError for what it refuses."""

    def state(self, job: Job) -> ProcessState:
        """The state of a job's process: it waits for its place, runs, or is gone; raises EngineAwayError."""

    def log(self, job: Job) -> str:
        """The end of what a job's process printed; raises EngineAwayError."""

    def stop(self, job: Job) -> None:
        """End a job's process at once; raises EngineAwayError."""

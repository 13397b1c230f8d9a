"""Who runs jobs: this machine, or a cluster. One small interface, whoever it is."""

from typing import Final, Literal, Protocol

from fercore.errors import FercoreError
from fercore.settings import Settings
from fercore.store import Store
from fercore.store.lanes import Room
from fercore.store.tables import Job

State = Literal["waiting", "running", "gone"]

LOG_CHARACTERS: Final = 20_000


class EngineAwayError(FercoreError):
    """The engine does not answer now; jobs wait until it does."""


class Engine(Protocol):
    """Runs `python -m fercore job ID` for jobs that were claimed for it."""

    def room(self) -> Room:
        """What there is for jobs, taken or not; raises EngineAwayError."""

    def submit(self, job: Job) -> None:
        """Start a job's process; raises EngineAwayError, or another FercoreError for what it refuses."""

    def state(self, job: Job) -> State:
        """Whether a job's process waits for its place, runs, or is gone; raises EngineAwayError."""

    def log(self, job: Job) -> str:
        """The end of what a job's process printed; raises EngineAwayError."""

    def stop(self, job: Job) -> None:
        """End a job's process at once; raises EngineAwayError."""


def chosen(settings: Settings) -> str:
    """The name of the engine for trainings and evaluations; what reads local files always runs here."""
    return "ray" if settings.ray_address else "local"


def engine(store: Store, name: str) -> Engine:
    """The engine of that name."""
    if name == "ray":
        from fercore.jobs.ray import Ray

        return Ray(store)
    from fercore.jobs.local import Local

    return Local(store)

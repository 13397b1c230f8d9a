"""A few steps of a training that was not started yet, measured in a job, so that its time can be told."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fercore.jobs import queue
from fercore.jobs.kinds import JobKind, JobRequest
from fercore.lanes import Lane
from fercore.language import tr
from fercore.language.sentences import words
from fercore.progress import Progress
from fercore.services.training.runs import TrainRequest
from fercore.splits import Split
from fercore.statuses import ACTIVE, Status
from fercore.store import Store
from fercore.store.jobs import queue as job_queue
from fercore.store.tables import Job
from fercore.store.training import snapshots
from fercore.training.models.backbones import backbone
from fercore.training.recipes.recipe import Recipe


@dataclass(frozen=True)
class StepCost:
    """Seconds of a step and until the end of the first one, steps of an epoch, and memory, as measured here.

    `whole_seconds` is that of a whole epoch with all that belongs to it, where a few steps reached over one. The memory
    is that of the fullest GPU, or of the process where it trains on a CPU.
    """

    step_seconds: float
    first_seconds: float
    steps_per_epoch: int
    memory_mb: float | None
    whole_seconds: float | None = None

    @property
    def start_seconds(self) -> float:
        """Loading, building and compiling, once for a training."""
        return max(self.first_seconds - self.step_seconds, 0.0)

    @property
    def epoch_seconds(self) -> float:
        """A whole epoch where one was measured, else its steps; validation and saving come on top."""
        return self.whole_seconds or self.step_seconds * self.steps_per_epoch


def start(store: Store, request: TrainRequest) -> int:
    """Measure as a job; returns its number."""
    return queue.submit(store, KIND, _job(store, request), queue.ALL_GPUS if request.all_gpus else 1)


@dataclass(frozen=True)
class Measurement:
    """A measurement's job: its number, its status and, once it has ended, its cost or its error."""

    job: int
    status: str
    error: str
    cost: StepCost | None

    @property
    def is_active(self) -> bool:
        """True if its job waits or runs."""
        return self.status in ACTIVE


def latest(store: Store, request: TrainRequest) -> Measurement | None:
    """The latest measurement of the same backbone, recipe, number of faces and GPUs, whatever became of it."""
    with store.database.reading() as session:
        jobs = job_queue.as_seen(job_queue.recent(session, (KIND.name,), 50))
        job_queue.load_results(session, jobs)
    wanted = KIND.arguments(_job(store, request))
    return next((_measurement(job) for job in jobs if job.arguments == wanted), None)


def cost(store: Store, request: TrainRequest) -> StepCost | None:
    """The measurement, if there was one."""
    measurement = latest(store, request)
    return measurement.cost if measurement else None


def _measurement(job: Job) -> Measurement:
    cost = StepCost(**job.result) if job.status == Status.DONE and job.result else None
    return Measurement(job.id, job.status, words(job.error or ""), cost)


class MeasureJob(JobRequest):
    """The request to measure steps: a training on so many faces under a Keras backend."""

    backbone: str
    recipe: dict[str, Any]  # as stored: a recipe of an older version is brought up to date where it runs
    faces: int
    backend: str
    all_gpus: bool = False


def _job(store: Store, request: TrainRequest) -> MeasureJob:
    with store.database.reading() as session:
        counts = snapshots.named(session, request.snapshot).counts
    return MeasureJob(
        backbone=request.backbone,
        recipe=request.recipe.model_dump(mode="json"),
        faces=sum(counts[Split.TRAIN].values()),
        backend=store.settings.keras_backend,
        all_gpus=request.all_gpus,
    )


def _run(store: Store, request: MeasureJob, progress: Progress) -> dict[str, Any]:
    progress(0, 0, tr("Measuring a few steps"))
    from fercore.training.loop.config import TrainingConfig
    from fercore.training.loop.step_measurement import measure

    recipe = Recipe.model_validate(request.recipe)
    plan = TrainingConfig(backbone(request.backbone), recipe, all_devices=request.all_gpus)
    with tempfile.TemporaryDirectory() as folder:
        return measure(plan, request.faces, Path(folder)).as_dict()


KIND: Final = JobKind(
    "probe",
    Lane.DEVICE,
    MeasureJob,
    _run,
    title=lambda request: tr("Measure a few steps of {backbone}", backbone=request.backbone),
)

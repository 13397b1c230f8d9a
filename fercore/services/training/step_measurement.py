"""A few steps of a training that was not started yet, measured in a job, so that its time can be told."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fercore.jobs import queue
from fercore.language import tr
from fercore.progress import Progress
from fercore.services.training.runs import TrainRequest
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
    title = tr("Measure a few steps of {backbone}", backbone=request.backbone)
    return queue.submit(store, "probe", title, _arguments(store, request), queue.ALL_GPUS if request.all_gpus else 1)


def latest(store: Store, request: TrainRequest) -> Job | None:
    """The latest measurement of the same backbone, recipe, number of faces and GPUs, whatever became of it."""
    with store.database.reading() as session:
        found = job_queue.recent(session, ("probe",), 50)
        job_queue.load_results(session, found)
    wanted = _arguments(store, request)
    return next((job for job in found if job.arguments == wanted), None)


def cost(store: Store, request: TrainRequest) -> StepCost | None:
    """What was measured, if it was."""
    job = latest(store, request)
    return StepCost(**job.result) if job is not None and job.status == "done" and job.result else None


def _arguments(store: Store, request: TrainRequest) -> dict[str, Any]:
    with store.database.reading() as session:
        counts = snapshots.named(session, request.snapshot).counts
    return {
        "backbone": request.backbone,
        "recipe": request.recipe.model_dump(mode="json"),
        "faces": sum(counts["train"].values()),
        "backend": store.settings.keras_backend,
        "all_gpus": request.all_gpus,
    }


def work(store: Store, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The job `probe`."""
    progress(0, 0, tr("Measuring a few steps"))
    from fercore.training.loop.config import TrainingConfig
    from fercore.training.loop.step_measurement import measure

    recipe, all_devices = Recipe.model_validate(arguments["recipe"]), bool(arguments.get("all_gpus"))
    plan = TrainingConfig(backbone(arguments["backbone"]), recipe, all_devices=all_devices)
    with tempfile.TemporaryDirectory() as folder:
        return measure(plan, arguments["faces"], Path(folder)).as_dict()

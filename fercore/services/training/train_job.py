"""The job `train`: one run, from its start or its last finished epoch on, and the evaluations asked for with it."""

from typing import Any, Final

from fercore.jobs import queue
from fercore.jobs.kinds import JobKind, JobRequest
from fercore.lanes import TRAINING, Lane
from fercore.language import tr
from fercore.progress import Progress
from fercore.services.training.summaries import RunJob
from fercore.store import Store
from fercore.store.tables import Job, Run


class TrainJob(JobRequest):
    """Which run to train, in how many parts a batch (`accumulate`), and on which (dataset, split) to evaluate it."""

    run: int
    backbone: str = ""
    evaluate: tuple[tuple[str, str], ...] = ()
    all_gpus: bool = False
    resume: bool = False
    accumulate: int = 1


def job_for(store: Store, run: Run, request: TrainJob) -> Job:
    """The job that trains a run, to be written together with it; `queue.advance` comes after."""
    request = request.model_copy(update={"run": run.id, "backbone": run.backbone})
    return queue.job_for(store, KIND, request, queue.ALL_GPUS if request.all_gpus else 1)


def of(job: Job | RunJob | None, run_id: int) -> TrainJob:
    """The request of a run's last job."""
    return TrainJob(run=run_id) if job is None else KIND.validated(job.arguments)


def _run(store: Store, request: TrainJob, progress: Progress) -> dict[str, Any]:
    from fercore.services.prediction import model_export
    from fercore.services.training import worker  # which writes to the rooms that queue this job

    worker.train(store, request.run, progress, request.resume, request.accumulate, request.all_gpus)
    try:
        worker.evaluate(store, request, progress)
    finally:  # behind it, so that the model card tells of the evaluations
        model_export.after_training(store, request.run)
    return {"run": request.run}


def _title(request: TrainJob) -> str:
    if not request.backbone:
        return ""  # of an older version: its title stands as it was written
    return tr("Train {backbone} (run {run})", backbone=request.backbone, run=request.run)


KIND: Final = JobKind(TRAINING, Lane.DEVICE, TrainJob, _run, title=_title)

"""Predictions of runs for faces under review: made in a job, kept for orders and for reviewers who want to see them."""

from dataclasses import dataclass
from typing import Final

from fercore.jobs import queue
from fercore.jobs.kinds import JobKind, JobRequest
from fercore.lanes import Lane
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services.comparison import evaluation
from fercore.services.prediction import model_files
from fercore.services.review import sort_order_preparation
from fercore.statuses import Status
from fercore.store import Store
from fercore.store.datasets import datasets, faces
from fercore.store.jobs import queue as job_queue
from fercore.store.review import model_predictions
from fercore.store.training import runs

CHUNK: Final = 2048


@dataclass(frozen=True)
class PredictingRun:
    """A run that can be asked."""

    run: int
    backbone: str
    recipe: str
    snapshot: str

    @property
    def title(self) -> str:
        """Its name in a list."""
        return f"{self.run} · {self.backbone} · {self.recipe} · {self.snapshot}"


def advisors(store: Store) -> list[PredictingRun]:
    """Every run that has a model, newest first."""
    with store.database.reading() as session:
        return [
            PredictingRun(run.id, run.backbone, run.recipe["name"], snapshot.name)
            for run, snapshot, _ in runs.listed(session)
            if run.status == Status.DONE and run.reported_epoch is not None
        ]


def count(store: Store, run_id: int, dataset_id: int) -> int:
    """Of how many faces of a dataset a run has an opinion."""
    with store.database.reading() as session:
        return model_predictions.count(session, run_id, dataset_id)


def ask(store: Store, run_id: int, dataset: str) -> int:
    """Queue a job in which a run looks at a dataset's faces; returns its number. Raises NotFoundError,
    InputError for a run without a model."""
    with store.database.reading() as session:
        model_files.check_trained(runs.get(session, run_id))
        datasets.named(session, dataset)
    return queue.submit(store, KIND, OpinionJob(run=run_id, dataset=dataset))


def is_asked(store: Store, run_id: int, dataset: str) -> bool:
    """True if such a job waits or runs."""
    arguments = KIND.arguments(OpinionJob(run=run_id, dataset=dataset))
    with store.database.reading() as session:
        return any(job.kind == KIND.name and job.arguments == arguments for job in job_queue.active(session))


def gather(store: Store, run_id: int, dataset: str, progress: Progress = silent) -> int:
    """Let a run look at every face that it neither learned nor saw before; returns how many these are.

    What it said before stays, so that asking again after an import is quick. Raises InputError for a run without a
    model, NotFoundError.
    """
    with store.database.reading() as session:
        run = runs.get(session, run_id)
        dataset_id = datasets.named(session, dataset).id
        wanted = model_predictions.unasked(session, run_id, dataset_id)
    if not wanted:
        return 0
    predictor = evaluation.predictor_of(store, run, progress)
    for start in range(0, len(wanted), CHUNK):
        progress(start, len(wanted), tr("Predicting"))
        part = wanted[start : start + CHUNK]
        with store.database.reading() as session:
            pixels = faces.pixels(session, part)
        probabilities = predictor.probabilities(pixels)
        with store.database.writing() as session:
            model_predictions.add(session, run_id, dataset_id, part, probabilities)
    sort_order_preparation.prepare(store, dataset_id, run_id, progress)
    return len(wanted)


class OpinionJob(JobRequest):
    """Which run is to look at which dataset's faces."""

    run: int
    dataset: str


KIND: Final = JobKind(
    "opinion",
    Lane.DEVICE,
    OpinionJob,
    lambda store, request, progress: {"faces": gather(store, request.run, request.dataset, progress)},
    title=lambda request: tr("Predictions of run {run} on {dataset}", run=request.run, dataset=request.dataset),
)

"""A run's training in the process that does it: faces in, epochs and model out."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.curation.snapshots import weight_of
from fercore.curation.soft_labels import shares
from fercore.errors import ArtifactStoreError, Cancelled, OutOfMemoryError, StoredDataError
from fercore.jobs import failures
from fercore.jobs.heartbeat import in_vain, patiently
from fercore.language import tr
from fercore.progress import Progress
from fercore.services.comparison import evaluation
from fercore.services.plain import plain
from fercore.services.training import batch_parts, continuation, run_details, run_record, tracking, train_job
from fercore.services.training.run_details import EPOCH_FIELDS
from fercore.services.training.summaries import RunSummary
from fercore.services.training.tracking import Trackers
from fercore.services.training.train_job import TrainJob
from fercore.splits import Split
from fercore.statuses import Status
from fercore.store import Store
from fercore.store.datasets import faces
from fercore.store.tables import Epoch, Job
from fercore.store.training import runs, snapshots
from fercore.training.data.faces import TrainingFaces
from fercore.training.hardware.devices import NAMES
from fercore.training.loop.config import TrainingConfig
from fercore.training.models.backbones import backbone
from fercore.training.models.pretrained import parse_weights
from fercore.training.recipes.recipe import Recipe
from fercore.training.recipes.validation import stored_recipe

_LOG: Final = logging.getLogger(__name__)

if TYPE_CHECKING:
    from fercore.training.loop.events import EpochMetrics as Trained


def train(
    store: Store,
    run_id: int,
    progress: Progress,
    resumed: bool = False,
    accumulate: int = 1,
    all_devices: bool = False,
) -> RunSummary:
    """Do a run's training in this process; its status and epochs are stored as they come.

    `accumulate` cuts each batch into so many parts, for less memory and the same training; with `all_devices`
    each GPU that this process sees takes its share of every batch.
    """
    began = now()
    _set(store, run_id, status=Status.RUNNING, started_at=began)
    heard = tracking.audience(store, run_details.view(store, run_id))
    try:
        plan = _plan(store, run_id, accumulate, all_devices)
        if resumed:
            store.artifacts.fetch(run_id)
        trained = _train(store, run_id, plan, progress, heard, resumed)
        store.artifacts.send(run_id)
    except Cancelled:
        status = _stopped(store, run_id)
        _end(store, run_id, began, status=status)
        heard.end(status)
        raise
    except BaseException as error:
        if isinstance(error, OutOfMemoryError) and error.faces > 1:
            batch_parts.remember(store, run_id, error.parts)
            _send(store, run_id)
        _end(store, run_id, began, status=Status.FAILED, error=failures.sentence(error, store.settings))
        heard.end(Status.FAILED)
        raise
    _note(store, run_id, macs=trained.macs)
    _end(
        store,
        run_id,
        began,
        status=Status.DONE,
        params_total=trained.params_total,
        params_trainable=trained.params_trainable,
        class_weights=trained.class_weights,
        reported_epoch=trained.reported_epoch,
    )
    from fercore.training.loop.checkpoints import forget_checkpoint

    forget_checkpoint(store.run_folder(run_id))  # What is done never goes on.
    _send(store, run_id)
    heard.end(Status.DONE)
    with store.database.reading() as session:
        return plain(RunSummary, runs.get(session, run_id))


def _stopped(store: Store, run_id: int) -> str:
    """The status of a run that was asked to stop: paused or cancelled."""
    with store.database.reading() as session:
        return Status.PAUSED if runs.get(session, run_id).status == Status.PAUSED else Status.CANCELLED


def _plan(store: Store, run_id: int, accumulate: int, all_devices: bool) -> TrainingConfig:
    with store.database.reading() as session:
        run = runs.get(session, run_id)
    recipe = stored_recipe(run.recipe)
    weights = parse_weights(run.weights) if run.continues is None else continuation.model_of(store, run.continues)
    start = "" if run.continues is None else run.weights
    return TrainingConfig(
        backbone(run.backbone), recipe, weights, run.seed, run.epochs, accumulate, all_devices, start=start
    )


def _train(store: Store, run_id: int, plan: TrainingConfig, progress: Progress, heard: Trackers, resumed: bool) -> Any:
    backend = store.settings.keras_backend
    progress(0, 0, tr("Loading {backend} and the faces", backend=NAMES.get(backend, backend)))
    from fercore.training.loop.events import Hooks
    from fercore.training.loop.trainer import train as fit

    _note(store, run_id, **run_record.of_process(backend, plan))
    with store.database.reading() as session:
        snapshot_id = runs.snapshot_of(session, run_id)
    finished = [0]

    def on_batch(done: int, steps: int) -> None:
        epoch = finished[0] + 1
        progress(
            finished[0] * steps + done,
            plan.total_epochs * steps,
            tr("Epoch {epoch} of {epochs}", epoch=epoch, epochs=plan.total_epochs),
        )

    def on_begin(history: "list[Trained]") -> None:
        finished[0] = len(history)
        # What the checkpoint knows counts: a process can die between saving an epoch and telling of it.
        _write(store, lambda session: runs.replace_epochs(session, run_id, [_row(run_id, epoch) for epoch in history]))

    def on_epoch(epoch: "Trained") -> None:
        finished[0] = epoch.number
        _LOG.info("epoch %d: loss %.4f, accuracy %.4f", epoch.number, epoch.loss, epoch.accuracy)
        _write(store, lambda session: runs.add_epoch(session, _row(run_id, epoch)))
        _send(store, run_id)
        heard.epoch(epoch)

    learned, watched = (
        _faces(store, snapshot_id, Split.TRAIN, plan.recipe),
        _faces(store, snapshot_id, Split.VALIDATION),
    )
    hooks = Hooks(on_epoch=on_epoch, on_batch=on_batch, on_begin=on_begin)
    return fit(plan, learned, watched, store.run_folder(run_id), hooks, resume=resumed)


def _faces(store: Store, snapshot_id: int, split: str, recipe: Recipe | None = None) -> TrainingFaces:
    """The frozen faces of one split, with people numbered across datasets, known by their numbers in the store.

    A recipe may have them carry the shares of their votes, and their weights.
    """
    with store.database.reading() as session:
        rows = snapshots.rows(session, snapshot_id, split)
        people = snapshots.subjects(session, snapshot_id)
        ids = [row.face_id for row in rows]
        pixels = faces.pixels(session, ids)
    numbers = {person: number for number, person in enumerate(sorted({p for p in people.values() if p}))}
    subjects = [numbers.get(people[row.face_id] or "", -1) for row in rows]
    labels, people_numbers, known_as = (
        np.array(values, np.int64) for values in ([row.label for row in rows], subjects, ids)
    )
    targets = shares(rows) if recipe is not None and recipe.soft_labels else None
    weights = np.array([weight_of(row) for row in rows]) if recipe is not None and recipe.face_weights else None
    return TrainingFaces(pixels, labels, people_numbers, targets, known_as, weights)


def evaluate(store: Store, request: TrainJob, progress: Progress) -> None:
    """Evaluate a trained run where its job was asked to, at its start and since."""
    with store.database.reading() as session:
        run = runs.get(session, request.run)
        job = session.get(Job, run.job_id) if run.job_id else None
        places = request.evaluate if job is None else train_job.of(job, run.id).evaluate
    evaluation.evaluate_each(store, request.run, places, progress)


def _send(store: Store, run_id: int) -> None:
    """Let the run's folder travel; where that fails, the training goes on, and the next epoch tries again."""
    try:
        store.artifacts.send(run_id)
    except ArtifactStoreError as error:
        _LOG.warning("%s", error)


def _row(run_id: int, epoch: "Trained") -> Epoch:
    """An epoch as the store keeps it."""
    return Epoch(run_id=run_id, **{name: getattr(epoch, name) for name in EPOCH_FIELDS})


def _end(store: Store, run_id: int, began: datetime, **values: object) -> None:
    """Store how a training ended, and the time of all its parts together."""
    ended = now()
    with store.database.reading() as session:
        before = float((runs.get(session, run_id).record or {}).get("seconds", 0.0))
    _note(store, run_id, seconds=before + (ended - began).total_seconds())
    _set(store, run_id, ended_at=ended, **values)


def _note(store: Store, run_id: int, **facts: object) -> None:
    """Add to a run's record."""
    _write(store, lambda session: runs.note(session, run_id, facts))


def _set(store: Store, run_id: int, **values: object) -> None:
    _write(store, lambda session: runs.set_values(session, run_id, **values))


def _write(store: Store, write: Callable[[Session], None]) -> None:
    """Write in one transaction, waiting for a database that is away; raises StoredDataError when it stays away."""

    def once() -> None:
        with store.database.writing() as session:
            write(session)

    if not patiently(once):
        raise StoredDataError(in_vain())

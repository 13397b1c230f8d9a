"""Trainings: asked for, started as jobs, watched, cancelled, resumed."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fercore.errors import InputError
from fercore.jobs import queue
from fercore.language import tr
from fercore.progress import Progress
from fercore.store import Store, jobs, runs, snapshots
from fercore.store.database import now
from fercore.store.tables import Epoch, Job, Run, Snapshot
from fercore.training.backbones import backbone
from fercore.training.recipe import Recipe
from fercore.training.weights import parse_weights

EPOCH_FIELDS: Final = (
    "number",
    "loss",
    "accuracy",
    "watch_loss",
    "watch_accuracy",
    "learning_rate",
    "seconds",
    "recalls",
    "compile_seconds",
    "memory_mb",
)


@dataclass(frozen=True)
class TrainRequest:
    """One run to be trained; `evaluate` lists (dataset, split) to be evaluated when it is done."""

    snapshot: str
    backbone: str
    recipe: Recipe
    weights: str = "imagenet"
    seed: int = 0
    epochs: int | None = None
    evaluate: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class RunView:
    """A run as it is shown: with its snapshot, its job and the status they add up to."""

    run: Run
    snapshot: Snapshot
    job: Job | None
    epochs: list[Epoch] = field(default_factory=list)

    @property
    def status(self) -> str:
        """queued, running, done, failed, cancelled or lost."""
        if self.run.status not in jobs.ACTIVE:
            return self.run.status
        if self.job is None:
            return "lost" if self.run.status == "running" else "queued"
        return self.run.status if self.job.status in (*jobs.ACTIVE, "done") else self.job.status

    @property
    def is_active(self) -> bool:
        """Whether its job waits or runs; a run that is done may still be evaluated."""
        return self.status in jobs.ACTIVE or (self.job is not None and self.job.status in jobs.ACTIVE)

    @property
    def error(self) -> str | None:
        """Why it did not end well."""
        return self.run.error or (self.job.error if self.job else None)

    @property
    def seconds_left(self) -> float | None:
        """An estimate from the epochs so far, while it runs."""
        if self.status != "running" or not self.epochs:
            return None
        mean = sum(epoch.seconds for epoch in self.epochs) / len(self.epochs)
        return mean * max(self.run.epochs - len(self.epochs), 0)


def warnings(store: Store, snapshot: str, recipe: Recipe) -> list[str]:
    """What a researcher should know before training on a snapshot."""
    with store.database.reading() as session:
        counts = snapshots.named(session, snapshot).counts
    found = []
    few = [name for name, count in counts["train"].items() if 0 < count < 20]
    none = [name for name, count in counts["train"].items() if count == 0]
    if none:
        found.append(tr("No training face shows {emotions}.", emotions=", ".join(none)))
    if few:
        found.append(tr("Fewer than 20 training faces show {emotions}.", emotions=", ".join(few)))
    if recipe.watches == "validation" and not sum(counts["validation"].values()):
        found.append(
            tr(
                "The snapshot has no validation faces: recipe '{name}' trains without early stopping.",
                name=recipe.name,
            )
        )
    return found


def create(store: Store, request: TrainRequest, job_id: int | None = None) -> int:
    """Write a run down without starting it, for a job that is there; raises InputError for what cannot be trained."""
    backbone(request.backbone)
    parse_weights(request.weights)
    epochs = request.recipe.epochs if request.epochs is None else request.epochs
    if epochs < 0:
        raise InputError(tr("{epochs} epochs cannot be trained: give 0 or more.", epochs=epochs))
    with store.database.writing() as session:
        snapshot = snapshots.named(session, request.snapshot)
        if not sum(snapshot.counts["train"].values()):
            raise InputError(tr("Snapshot '{name}' has no training faces.", name=snapshot.name))
        run = Run(
            snapshot_id=snapshot.id,
            job_id=job_id,
            backbone=request.backbone,
            recipe=request.recipe.model_dump(mode="json"),
            weights=request.weights,
            seed=request.seed,
            epochs=epochs,
            status="queued",
            created_at=now(),
        )
        session.add(run)
        session.flush()
        return run.id


def start(store: Store, request: TrainRequest) -> int:
    """Create a run and queue its training; returns the run's number."""
    run_id = create(store, request)
    _queue(store, run_id, request.backbone, {"evaluate": [list(pair) for pair in request.evaluate]})
    return run_id


def resume(store: Store, run_id: int) -> None:
    """Go on after the last finished epoch of a run that stopped; raises InputError while it runs or when done."""
    status = view(store, run_id).status
    if status not in ("cancelled", "failed", "lost"):
        raise InputError(tr("Run {run} is {status}: only a stopped run can be resumed.", run=run_id, status=status))
    with store.database.writing() as session:
        run = runs.get(session, run_id)
        run.status, run.error, run.ended_at = "queued", None, None
        name = run.backbone
    _queue(store, run_id, name, {"resume": True})


def _queue(store: Store, run_id: int, name: str, arguments: dict[str, Any]) -> None:
    title = tr("Train {backbone} (run {run})", backbone=name, run=run_id)
    job_id = queue.submit(store, "train", title, {"run": run_id, **arguments})
    with store.database.writing() as session:
        runs.set_values(session, run_id, job_id=job_id)


def cancel(store: Store, run_id: int) -> str:
    """Ask a run to stop; returns the status it has now."""
    found = view(store, run_id)
    if found.job is None or found.status not in jobs.ACTIVE:
        raise InputError(tr("Run {run} is {status}: there is nothing to cancel.", run=run_id, status=found.status))
    status = queue.cancel(store, found.job.id)
    if status == "cancelled":
        with store.database.writing() as session:
            runs.set_values(session, run_id, status="cancelled", ended_at=now())
    return status


def view(store: Store, run_id: int) -> RunView:
    """One run with its epochs."""
    queue.watch(store)
    with store.database.reading() as session:
        run = runs.get(session, run_id)
        job = session.get(Job, run.job_id) if run.job_id else None
        return RunView(run, session.get_one(Snapshot, run.snapshot_id), job, runs.epochs(session, run_id))


def listed(store: Store) -> list[RunView]:
    """All runs, newest first, without their epochs."""
    queue.watch(store)
    with store.database.reading() as session:
        return [RunView(run, snapshot, job) for run, snapshot, job in runs.listed(session)]


def wait(store: Store, run_id: int, progress: Progress) -> RunView:
    """Look on until a run has ended."""
    while True:
        found = view(store, run_id)
        if found.status not in jobs.ACTIVE:
            return found
        if found.job is not None:
            progress(found.job.done, found.job.total, found.job.message)
        time.sleep(0.3)


def remove(store: Store, run_id: int) -> None:
    """Delete a run that does not run, with its evaluations and model files."""
    if view(store, run_id).status in jobs.ACTIVE:
        raise InputError(tr("Run {run} still runs: cancel it first.", run=run_id))
    with store.database.writing() as session:
        runs.remove(session, run_id)
    shutil.rmtree(store.run_folder(run_id), ignore_errors=True)


def as_json(found: RunView) -> dict[str, Any]:
    """A run as the command line prints it."""
    run = found.run
    return {
        "run": run.id,
        "status": found.status,
        "backbone": run.backbone,
        "recipe": run.recipe["name"],
        "snapshot": found.snapshot.name,
        "trained_on": found.snapshot.datasets,
        "epochs": len(found.epochs),
        "seed": run.seed,
        "weights": run.weights,
        "params_total": run.params_total,
        "params_trainable": run.params_trainable,
        "class_weights": run.class_weights,
        "reported_epoch": run.reported_epoch,
        "error": found.error,
        "history": [{name: getattr(epoch, name) for name in EPOCH_FIELDS} for epoch in found.epochs],
    }

"""Runs as they are shown: with their snapshots, jobs and epochs."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import Any, Final

from fercore.errors import ArtifactStoreError, InputError
from fercore.jobs import queue
from fercore.language import tr
from fercore.language.sentences import words
from fercore.progress import Progress
from fercore.services.plain import plain
from fercore.services.training.summaries import EpochSummary, RunJob, RunSummary, SnapshotSummary
from fercore.statuses import ACTIVE, Status
from fercore.store import Store
from fercore.store.jobs import queue as job_queue
from fercore.store.tables import Epoch, Job, Run, Snapshot
from fercore.store.training import runs
from fercore.training.loop.validation import REPORTED_WRONG_FILE, WRONG_FILE, Wrong, read_wrong

# Names in JSON until version 0.2; kept beside the present ones for one release.
FORMER_FIGURES: Final = {"watch_loss": "val_loss", "watch_accuracy": "val_accuracy"}
EPOCH_FIELDS: Final = tuple(field.name for field in fields(EpochSummary))


@dataclass(frozen=True)
class RunView:
    """A run as it is shown: with its snapshot, its job and the status they add up to."""

    run: RunSummary
    snapshot: SnapshotSummary
    job: RunJob | None
    epochs: list[EpochSummary] = field(default_factory=list)

    @property
    def status(self) -> str:
        """queued, running, done, failed, paused, cancelled or lost."""
        if self.run.status not in ACTIVE:
            return self.run.status
        if self.job is None:
            return Status.LOST
        return self.run.status if self.job.status in (*ACTIVE, Status.DONE) else self.job.status

    @property
    def is_unfinished(self) -> bool:
        """True if it waits, is held or trains."""
        return self.status in ACTIVE

    @property
    def is_active(self) -> bool:
        """True if its job waits or runs; a run that is done may still be evaluated."""
        return self.status in ACTIVE or (self.job is not None and self.job.status in ACTIVE)

    @property
    def error(self) -> str | None:
        """Why it did not end well."""
        error = self.run.error or (self.job.error if self.job else None)
        return words(error) if error else None

    @property
    def seconds(self) -> float | None:
        """The time it has trained in all its parts; None before its first part has ended."""
        run = self.run
        if run.record and "seconds" in run.record:
            return float(run.record["seconds"])
        return (run.ended_at - run.started_at).total_seconds() if run.started_at and run.ended_at else None

    @property
    def reported(self) -> EpochSummary | None:
        """The epoch whose model counts, or the last so far."""
        by_number = {epoch.number: epoch for epoch in self.epochs}
        return by_number.get(self.run.reported_epoch or 0, self.epochs[-1] if self.epochs else None)

    @property
    def cloned_from(self) -> int | None:
        """The run whose settings were filled into its form."""
        return (self.run.record or {}).get("cloned_from")

    @property
    def exception(self) -> dict[str, Any] | None:
        """The exception from a team's rules that it was started with: its reason, and the exceeded rules."""
        return (self.run.record or {}).get("exception")

    @property
    def earlier(self) -> list[dict[str, Any]]:
        """The runs that it continues, the nearest first, as they were when it began."""
        links: list[dict[str, Any]] = (self.run.record or {}).get("continues", [])
        return links

    @property
    def seconds_left(self) -> float | None:
        """An estimate from the epochs so far, while it runs."""
        if self.status != Status.RUNNING or not self.epochs:
            return None
        seconds = sum(epoch.seconds - (epoch.compile_seconds or 0.0) for epoch in self.epochs)
        mean = seconds / len(self.epochs)
        return mean * max(self.run.epochs - len(self.epochs), 0)


def view(store: Store, run_id: int) -> RunView:
    """One run with its epochs; raises InputError for a model from elsewhere, which has none."""
    with store.database.reading() as session:
        run = runs.get(session, run_id)
        if run.elsewhere is not None:
            raise InputError(
                tr(
                    "Run {run} is a model from elsewhere, '{name}': it was not trained here.",
                    run=run_id,
                    name=run.elsewhere,
                )
            )
        job = session.get(Job, run.job_id) if run.job_id else None
        if job is not None:
            job_queue.as_seen([job])
        return _view(run, session.get_one(Snapshot, run.snapshot_id), job, runs.epochs(session, run_id))


def _view(run: Run, snapshot: Snapshot, job: Job | None, epochs: Sequence[Epoch] = ()) -> RunView:
    return RunView(
        plain(RunSummary, run),
        plain(SnapshotSummary, snapshot),
        plain(RunJob, job) if job else None,
        [plain(EpochSummary, epoch) for epoch in epochs],
    )


def listed(store: Store) -> list[RunView]:
    """All runs that were trained here, newest first, without their epochs."""
    with store.database.reading() as session:
        rows = runs.listed(session)
        job_queue.as_seen([job for _, _, job in rows if job is not None])
        return [_view(run, snapshot, job) for run, snapshot, job in rows]


def wait(store: Store, run_id: int, progress: Progress) -> RunView:
    """Look on until a run has ended."""
    while True:
        queue.advance(store)
        run_view = view(store, run_id)
        if run_view.status not in ACTIVE:
            return run_view
        if run_view.job is not None:
            progress(run_view.job.done, run_view.job.total, run_view.job.message or tr(run_view.status))
        time.sleep(0.3)


def wrong(store: Store, run_view: RunView) -> Wrong | None:
    """The validation faces that a run reads wrongly with most confidence: after its latest epoch, or once it is done by
    the model that it reports.
    """
    folder = store.run_folder(run_view.run.id)
    if run_view.run.status == Status.DONE:
        with suppress(ArtifactStoreError):
            store.artifacts.fetch(run_view.run.id, REPORTED_WRONG_FILE)
        reported = read_wrong(folder, REPORTED_WRONG_FILE) or read_wrong(folder)
        return reported if reported is not None and reported.epoch == run_view.run.reported_epoch else None
    here = read_wrong(folder)
    if run_view.epochs and (here is None or here.epoch < run_view.epochs[-1].number):
        with suppress(ArtifactStoreError):  # Where nothing travels, there is nothing newer.
            store.artifacts.fetch(run_view.run.id, WRONG_FILE)
        return read_wrong(folder)
    return here


def kept_mb(store: Store, run_id: int) -> float:
    """The disk space of a run's folder on this machine, in MB."""
    files = (path for path in store.run_folder(run_id).rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files) / 1e6


def add_epochs(store: Store, views: Sequence[RunView]) -> None:
    """Read the epochs of runs that were listed without them."""
    with store.database.reading() as session:
        epochs = runs.epochs_of(session, [run_view.run.id for run_view in views])
    for run_view in views:
        run_view.epochs.extend(plain(EpochSummary, epoch) for epoch in epochs[run_view.run.id])


def with_epochs(store: Store, run_ids: Sequence[int]) -> list[RunView]:
    """Several runs with their epochs, in the order asked for; runs that are gone are left out."""
    by_run = {view.run.id: view for view in listed(store)}
    views = [by_run[run_id] for run_id in run_ids if run_id in by_run]
    add_epochs(store, views)
    return views


def listed_with_epochs(store: Store) -> list[RunView]:
    """All runs with their epochs, newest first."""
    views = listed(store)
    add_epochs(store, views)
    return views


def as_json(run_view: RunView) -> dict[str, Any]:
    """A run as the command line prints it."""
    run = run_view.run
    return {
        "run": run.id,
        "status": run_view.status,
        "backbone": run.backbone,
        "recipe": run.recipe["name"],
        "snapshot": run_view.snapshot.name,
        "trained_on": run_view.snapshot.datasets,
        "epochs": len(run_view.epochs),
        "seed": run.seed,
        "weights": run.weights,
        "continues": run.continues,
        "params_total": run.params_total,
        "params_trainable": run.params_trainable,
        "class_weights": run.class_weights,
        "reported_epoch": run.reported_epoch,
        "error": run_view.error,
        "snapshot_hash": run_view.snapshot.hash,
        "seconds": run_view.seconds,
        "record": run.record,
        "exception": run_view.exception,
        "note": run.note,
        "tags": run.tags,
        "history": [_epoch_json(epoch) for epoch in run_view.epochs],
    }


def _epoch_json(epoch: EpochSummary) -> dict[str, Any]:
    """An epoch's figures, those on the validation faces under their former names, too."""
    figures = {name: getattr(epoch, name) for name in EPOCH_FIELDS}
    return {**figures, **{old: figures[new] for old, new in FORMER_FIGURES.items()}}

"""Trainings: asked for, started as jobs, cancelled, resumed, annotated, deleted."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.curation.audit_rules import Rule
from fercore.errors import InputError
from fercore.jobs import queue
from fercore.lanes import EVALUATION
from fercore.language import tr
from fercore.services.comparison import evaluation
from fercore.services.comparison.evaluation import EvaluateJob
from fercore.services.training import batch_parts, continuation, run_details, run_rules, train_job
from fercore.services.training.train_job import TrainJob
from fercore.splits import Split
from fercore.statuses import ACTIVE, STOPPED, Status
from fercore.store import Store
from fercore.store.comparison import evaluations
from fercore.store.jobs import queue as job_queue
from fercore.store.tables import Job, Run
from fercore.store.training import lineage, runs, snapshots
from fercore.training.loop.config import MAX_SEED
from fercore.training.models.backbones import backbone
from fercore.training.models.pretrained import InitialWeights, check_published, parse_weights, whole_weights
from fercore.training.recipes.recipe import MAX_EPOCHS, Recipe
from fercore.training.recipes.validation import stored_recipe


@dataclass(frozen=True)
class TrainRequest:
    """One run to be trained; `evaluate` lists (dataset, split) to be evaluated when it is done.

    With `all_gpus` it waits until all GPUs of a machine are free, and each takes its share of every batch. It starts
    from the model of `from_run` where one is named, whatever `weights` says. Without `rules`, the team's hold;
    `exception` is the reason to start although one is exceeded.
    """

    snapshot: str
    backbone: str
    recipe: Recipe
    weights: str = InitialWeights.IMAGENET
    seed: int = 0
    epochs: int | None = None
    evaluate: Sequence[tuple[str, str]] = ()
    all_gpus: bool = False
    cloned_from: int | None = None
    from_run: int | None = None
    rules: tuple[Rule, ...] | None = None
    exception: str = ""

    @property
    def total_epochs(self) -> int:
        """The number of epochs at most."""
        return self.recipe.epochs if self.epochs is None else self.epochs


def check(store: Store, request: TrainRequest) -> dict[str, Any] | None:
    """The exception from rules with which a run starts, None where it needs none.

    Raises InputError for what cannot be trained: an unknown backbone or snapshot, no faces, odd weights, or a run that
    cannot be continued; RuleError where a rule is exceeded without a reason.
    """
    with store.database.reading() as session:
        snapshot = snapshots.named(session, request.snapshot)
    if not sum(snapshot.counts[Split.TRAIN].values()):
        raise InputError(tr("Snapshot '{name}' has no training faces.", name=snapshot.name))
    excepted = run_rules.exception(store, request.snapshot, request.rules, request.exception)
    wanted = backbone(request.backbone)
    if request.from_run is None:
        check_published(wanted, parse_weights(request.weights))
    else:
        continuation.check(store, request.from_run, request.backbone, request.recipe)
    _check_number(tr("Epochs at most"), request.total_epochs, MAX_EPOCHS)
    _check_number(tr("Seed"), request.seed, MAX_SEED)
    evaluation.check(store, request.evaluate)
    return excepted


def _check_number(name: str, given: int, highest: int) -> None:
    if not 0 <= given <= highest:
        raise InputError(
            tr("{name} is {given}: give a whole number from 0 to {highest}.", name=name, given=given, highest=highest)
        )


def create(store: Store, request: TrainRequest, job_id: int | None = None) -> int:
    """Write a run down without starting it, for a job that is there; raises InputError for what cannot be trained."""
    check(store, request)
    with store.database.writing() as session:
        return _run(session, request, job_id=job_id).id


def start(store: Store, request: TrainRequest) -> int:
    """Queue the training of a new run; returns the run's number."""
    excepted = check(store, request)
    with store.database.writing() as session:
        run_id = write(store, session, request, excepted)
    queue.advance(store)
    return run_id


def write(
    store: Store, session: Session, request: TrainRequest, excepted: dict[str, Any] | None, sweep_id: int | None = None
) -> int:
    """Write down a run with the exception that `check` gave, and its job, so that none is ever without; `advance` comes
    after.
    """
    run = _run(session, request, sweep_id=sweep_id)
    run.record = run.record if excepted is None else {**(run.record or {}), "exception": excepted}
    _queue(store, session, run, TrainJob(run=run.id, evaluate=tuple(request.evaluate), all_gpus=request.all_gpus))
    return run.id


def _run(session: Session, request: TrainRequest, **more: int | None) -> Run:
    record: dict[str, Any] = {} if request.cloned_from is None else {"cloned_from": request.cloned_from}
    weights = continuation.start(request.from_run) if request.from_run else whole_weights(request.weights)
    if request.from_run is not None:
        record |= continuation.record(session, request.from_run)
    run = Run(
        snapshot_id=snapshots.named(session, request.snapshot).id,
        backbone=request.backbone,
        recipe=request.recipe.model_dump(mode="json"),
        weights=weights,
        continues=request.from_run,
        seed=request.seed,
        epochs=request.total_epochs,
        status=Status.QUEUED,
        created_at=now(),
        record=record or None,
        **more,
    )
    session.add(run)
    session.flush()
    return run


def resume(store: Store, run_id: int) -> None:
    """Go on after the last finished epoch of a run that stopped; raises InputError while it runs or when done."""
    view = run_details.view(store, run_id)
    if view.status not in STOPPED:
        raise InputError(
            tr("Run {run} is {status}: only a stopped run can be resumed.", run=run_id, status=view.status)
        )
    if view.is_active:
        raise InputError(tr("Run {run} is still stopping: wait a moment.", run=run_id))
    store.artifacts.fetch(run_id, batch_parts.PARTS_FILE)
    with store.database.writing() as session:
        run = runs.get(session, run_id)
        run.status, run.error, run.ended_at = Status.QUEUED, None, None
        again = train_job.of(view.job, run_id)
        cut = batch_parts.parts(store, run_id)
        _queue(store, session, run, again.model_copy(update={"resume": True, "accumulate": cut}))
    queue.advance(store)


def _queue(store: Store, session: Session, run: Run, request: TrainJob) -> None:
    run.job_id = job_queue.submit(session, train_job.job_for(store, run, request)).id


def also_evaluate(store: Store, run_id: int, places: Sequence[tuple[str, str]]) -> bool:
    """Evaluate a run on these places, too, where it was not yet: once it is trained, or in a job now if it is.

    Returns whether anything was missing; `queue.advance` comes after.
    """
    with store.database.writing() as session:
        run = runs.held(session, run_id)
        job = session.get(Job, run.job_id) if run.job_id else None
        waits = job if job is not None and job.status in ACTIVE else None
        planned = train_job.of(waits, run_id).evaluate
        others = [each["on"] for each in job_queue.active_arguments(session, EVALUATION) if each["run"] == run_id]
        known = {*map(tuple, chain(evaluations.accuracies(session, [run_id]).get(run_id, {}), planned, *others))}
        missing = [place for place in places if tuple(place) not in known]
        if missing and run.status == Status.DONE:
            request = EvaluateJob(run=run_id, on=missing)
            job_queue.submit(session, queue.job_for(store, evaluation.KIND, request))
        elif missing and waits:
            waits.arguments = {**waits.arguments, "evaluate": [list(place) for place in (*planned, *missing)]}
    return bool(missing)


def cancel(store: Store, run_id: int) -> str:
    """Ask a run to stop; returns the status it has now."""
    view = run_details.view(store, run_id)
    if view.job is None or view.status not in ACTIVE:
        raise InputError(tr("Run {run} is {status}: there is nothing to cancel.", run=run_id, status=view.status))
    status = queue.cancel(store, view.job.id)
    if status == Status.CANCELLED:
        with store.database.writing() as session:
            runs.set_values(session, run_id, status=Status.CANCELLED, ended_at=now())
    return status


def pause(store: Store, run_id: int) -> None:
    """Ask a run to stop after its present batch; resumed, it goes on after its last finished epoch."""
    view = run_details.view(store, run_id)
    with store.database.writing() as session:
        active = view.status in ACTIVE and runs.change_status(session, run_id, ACTIVE, Status.PAUSED)
    if view.job is None or not active:
        raise InputError(tr("Run {run} is {status}: there is nothing to cancel.", run=run_id, status=view.status))
    queue.cancel(store, view.job.id)


def clone(store: Store, run_id: int) -> TrainRequest:
    """The request of a run, to be sent again or changed."""
    view = run_details.view(store, run_id)
    run = view.run
    request = train_job.of(view.job, run_id)
    return TrainRequest(
        view.snapshot.name,
        run.backbone,
        stored_recipe(run.recipe),
        run.weights,
        run.seed,
        run.epochs,
        request.evaluate,
        request.all_gpus,
        run_id,
        run.continues,
    )


def check_removable(store: Store, run_id: int) -> None:
    """Raise at once what `remove` would refuse."""
    if run_details.view(store, run_id).status in ACTIVE:
        raise InputError(tr("Run {run} still runs: cancel it first.", run=run_id))
    with store.database.reading() as session:
        is_shown = runs.get(session, run_id).demo_place is not None
        later = lineage.continued_by(session, run_id)
    if is_shown:
        raise InputError(tr("Visitors are given run {run}: take it out of the demo first.", run=run_id))
    if later:
        raise InputError(
            tr("Run {run} was continued as run {later}: delete run {later} first.", later=later[-1], run=run_id)
        )


def remove(store: Store, run_id: int) -> None:
    """Delete a run that does not run, with its evaluations and model files."""
    check_removable(store, run_id)
    store.artifacts.remove(run_id)
    with store.database.writing() as session:
        runs.remove(session, run_id)
    shutil.rmtree(store.run_folder(run_id), ignore_errors=True)

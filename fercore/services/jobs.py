"""Every kind of job: what it is asked, what does it, and what is said of it. A new kind gets one line here."""

from typing import Any, Final

from fercore.jobs import queue, worker
from fercore.jobs.kinds import JobKind
from fercore.lanes import Lane
from fercore.services.audit import dataset_audit, face_map
from fercore.services.comparison import cost_measurement, evaluation
from fercore.services.datasets import exports, extraction, imports
from fercore.services.prediction import batch, clip, model_export
from fercore.services.review import model_predictions, sort_order_preparation
from fercore.services.system import demo
from fercore.services.training import freeze_job, step_measurement, train_job
from fercore.statuses import Status
from fercore.store import Store

KINDS: Final[dict[str, JobKind[Any]]] = {
    kind.name: kind
    for kind in (
        imports.KIND,
        extraction.KIND,
        exports.KIND,
        train_job.KIND,
        evaluation.KIND,
        cost_measurement.KIND,
        demo.KIND,
        step_measurement.KIND,
        model_predictions.KIND,
        sort_order_preparation.KIND,
        dataset_audit.KIND,
        dataset_audit.CROSSVAL_KIND,
        freeze_job.KIND,
        face_map.KIND,
        model_export.KIND,
        batch.KIND,
        clip.KIND,
    )
}


def submit(store: Store, request: object) -> int:
    """Queue the job that this request is for, and start it when there is room; returns its number.

    Raises InputError for a request that does not fit its kind.
    """
    return queue.submit(store, kind_of(type(request)), request)


def of_lane(lane: Lane) -> tuple[str, ...]:
    """The kinds of a lane, by their names."""
    return tuple(kind.name for kind in KINDS.values() if kind.lane == lane)


def kind_of(request: type[Any]) -> JobKind[Any]:
    """The kind of job that takes such requests."""
    return next(kind for kind in KINDS.values() if kind.request is request)


def work(store: Store, number: int, handle: str | None = None) -> str:
    """Do a claimed job in this process; returns its final status. `handle` is its engine's name for this attempt."""
    return worker.run(store, number, KINDS, handle)


def summary(kind: str, result: dict[str, Any]) -> str:
    """The result of an ended job in one line; empty where its kind has nothing to say."""
    return KINDS[kind].summary(result) if kind in KINDS and result else ""


def is_repeatable(kind: str, status: str) -> bool:
    """True if an ended job left something to be done that another one like it would do."""
    return status != Status.DONE and kind in KINDS and KINDS[kind].repeatable


def repeat(store: Store, kind: str, arguments: dict[str, Any]) -> int:
    """Queue a job once more as it was; raises InputError where its request is of another version."""
    return queue.submit(store, KINDS[kind], KINDS[kind].validated(arguments))

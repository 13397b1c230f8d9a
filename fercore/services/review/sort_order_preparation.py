"""Sort orders worked out beforehand: those of big datasets, as a job after their imports."""

from typing import Any, Final

from fercore.jobs import queue
from fercore.jobs.kinds import JobKind, JobRequest
from fercore.lanes import Lane
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services.review import sort_orders
from fercore.statuses import Status
from fercore.store import Store
from fercore.store.datasets import datasets
from fercore.store.jobs import queue as job_queue
from fercore.store.tables import Dataset


def ask(store: Store, dataset_id: int) -> int | None:
    """Queue the job where orders are missing and none waits already; returns its number."""
    if not sort_orders.missing(store, dataset_id):
        return None
    with store.database.reading() as session:
        dataset = session.get_one(Dataset, dataset_id).name
        active = job_queue.active(session, [KIND.name])
    request = OrdersJob(dataset=dataset)
    if any(job.status == Status.QUEUED and job.arguments == KIND.arguments(request) for job in active):
        return None
    return queue.submit(store, KIND, request)


def prepare(store: Store, dataset_id: int, run_id: int | None = None, progress: Progress = silent) -> int:
    """Work out what is missing, of what a run says where one is named; returns how many orders that was."""
    wanted = sort_orders.missing(store, dataset_id, run_id)
    for number, order in enumerate(wanted):
        progress(number, len(wanted), tr("Putting faces in order…"))
        sort_orders.ordering(store, dataset_id, order, run_id, progress=progress)
    return len(wanted)


class OrdersJob(JobRequest):
    """Which dataset's orders to work out."""

    dataset: str


def _run(store: Store, request: OrdersJob, progress: Progress) -> dict[str, Any]:
    with store.database.reading() as session:
        dataset_id = datasets.named(session, request.dataset).id
    return {"orders": prepare(store, dataset_id, progress=progress)}


KIND: Final = JobKind(
    "orders",
    Lane.DISK,
    OrdersJob,
    _run,
    title=lambda request: tr("Review orders of {dataset}", dataset=request.dataset),
)

"""Parts of batches: a run that did not fit into memory goes on with each batch cut into smaller ones."""

from typing import Final

from fercore.services.training import train_job
from fercore.services.training.run_details import RunView
from fercore.statuses import Status
from fercore.store import Store

PARTS_FILE: Final = "parts.txt"


def parts(store: Store, run_id: int) -> int:
    """Into how many parts a run's batches are cut, since whole ones did not fit into memory; 1 where they do."""
    try:
        return max(1, int((store.run_folder(run_id) / PARTS_FILE).read_text("utf-8")))
    except (OSError, ValueError):
        return 1


def will_halve(store: Store, view: RunView) -> bool:
    """True if a run failed for lack of memory and has smaller parts to try."""
    tried = train_job.of(view.job, view.run.id).accumulate
    return view.status == Status.FAILED and parts(store, view.run.id) > tried


def remember(store: Store, run_id: int, count: int) -> None:
    """Have a run's batches cut into so many parts when it is resumed: the training stays the same."""
    (store.run_folder(run_id) / PARTS_FILE).write_text(str(count), "utf-8")

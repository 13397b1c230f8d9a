"""Tasks that are offered to a person on the page Review."""

from dataclasses import dataclass
from typing import cast

from fercore.curation.review_filter import SourceLabels
from fercore.store import Store
from fercore.store.review import tasks


@dataclass(frozen=True)
class OfferedTask:
    """An open task in which a person may take part; `source` says on which faces the source's label is shown."""

    id: int
    name: str
    dataset: str
    dataset_id: int
    instructions: str
    blind: bool
    source: SourceLabels


def offered(store: Store, reviewer: str) -> list[OfferedTask]:
    """The open tasks in which a person may take part."""
    with store.database.reading() as session:
        listed_tasks = tasks.listed(session)
    return [
        OfferedTask(
            task.id, task.name, dataset, task.dataset_id, task.instructions, task.blind, cast(SourceLabels, task.source)
        )
        for task, dataset in listed_tasks
        if task.closed_at is None and reviewer in (task.people or [reviewer])
    ]

"""A reviewer's open tasks and progress."""

from dataclasses import dataclass
from datetime import date

from fercore.services.plain import plain
from fercore.services.review.task_summary import TaskSummary
from fercore.store import Store
from fercore.store.review import leases, tasks


@dataclass(frozen=True)
class Work:
    """A person's part of a task: what they have decided, and what they may still decide."""

    task: TaskSummary
    dataset: str
    decided: int
    left: int

    @property
    def goal(self) -> int:
        """Decisions asked of the reviewer: the quota, or all that are possible."""
        possible = self.decided + self.left
        return possible if self.task.quota is None else min(self.task.quota, possible)


def work_of(store: Store, reviewer: str) -> list[Work]:
    """The open tasks in which a person takes part, the soonest deadline first."""
    with store.database.reading() as session:
        open_tasks = [(task, name) for task, name in tasks.listed(session) if task.closed_at is None]
        mine = [(task, name) for task, name in open_tasks if reviewer in (task.people or [reviewer])]
        work = [
            Work(
                plain(TaskSummary, task),
                name,
                sum(part.decided for part in tasks.parts(session, task.id) if part.reviewer == reviewer),
                leases.left(session, task.id, reviewer),
            )
            for task, name in mine
        ]
    return sorted(work, key=lambda work_item: (work_item.task.deadline or date.max, work_item.task.id))

"""Editing and reopening of tasks that are under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fercore.curation.review_filter import SourceLabels
from fercore.errors import InputError
from fercore.language import tr, trn
from fercore.services.naming import checked_name
from fercore.services.review import reviewers
from fercore.store import Store
from fercore.store.review import tasks


@dataclass(frozen=True)
class TaskChanges:
    """The editable fields of a task that is under way."""

    name: str
    instructions: str = ""
    people: Sequence[str] = ()
    source: SourceLabels = SourceLabels.SHOWN
    quota: int | None = None
    deadline: date | None = None


def edit(store: Store, task_id: int, changes: TaskChanges) -> None:
    """Change a task while people work; raises InputError and NotFoundError."""
    name = checked_name(changes.name)
    if changes.quota is not None and changes.quota < 1:
        raise InputError(tr("A quota is at least one decision."))
    people = reviewers.present_names(store, changes.people)
    with store.database.writing() as session:
        task = tasks.get(session, task_id)
        needed = tasks.most_wanted(session, task_id)
        if people and len(people) < needed:
            raise InputError(
                trn(
                    "{needed} people are needed where some faces are seen by {needed}; only {count} takes part.",
                    "{needed} people are needed where some faces are seen by {needed}; only {count} take part.",
                    len(people),
                    needed=needed,
                )
            )
        task.name, task.instructions, task.people = name, changes.instructions.strip(), people
        task.source, task.quota, task.deadline = changes.source, changes.quota, changes.deadline


def reopen(store: Store, task_id: int) -> None:
    """Hand faces of a closed task out again."""
    with store.database.writing() as session:
        tasks.get(session, task_id).closed_at = None

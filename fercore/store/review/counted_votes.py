"""Votes that count in a task: all of a person's, or those made since it began where its faces are looked at anew."""

from sqlalchemy import ColumnElement, exists, or_, true

from fercore.store.tables import Decision, Task, Vote


def counted(task_id: int | None) -> ColumnElement[bool]:
    """The condition for votes that count in a task; outside of tasks all do."""
    if task_id is None:
        return true()
    since = exists().where(Decision.sequence == Vote.sequence, Decision.decided_at >= Task.created_at)
    return exists().where(Task.id == task_id, or_(~Task.anew, since.correlate(Vote, Task))).correlate(Vote)

"""Review tasks: made, listed, closed, and how far everybody is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.curation.review_filter import ReviewState, TaskState
from fercore.curation.votes import FaceState
from fercore.errors import NotFoundError
from fercore.store.datasets.faces import PRESENT
from fercore.store.review.face_queue import DOUBTFUL, UNLABELLED
from fercore.store.tables import Dataset, Face, Lease, Task, TaskFace


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """The work of one person in a task: decisions, and when the first and the last were made."""

    reviewer: str
    decided: int
    in_hand: int
    first: datetime | None
    last: datetime | None


def candidates(
    session: Session,
    dataset_id: int,
    state: TaskState = ReviewState.ALL,
    emotion: int | None = None,
) -> list[int]:
    """All faces of a dataset that are in a state, whoever decided, as imported."""
    states: dict[TaskState, list[ColumnElement[bool]]] = {
        ReviewState.ALL: [],
        ReviewState.UNDECIDED: [Face.state == FaceState.UNDECIDED],
        ReviewState.UNLABELLED: UNLABELLED,
        ReviewState.REJECTED: [Face.state == FaceState.REJECTED],
        ReviewState.DOUBTFUL: DOUBTFUL,
    }
    query = select(Face.id).where(Face.dataset_id == dataset_id, PRESENT, *states[state])
    if emotion is not None:
        query = query.where(Face.emotion == emotion)
    return list(session.scalars(query.order_by(Face.id)))


def add(session: Session, task: Task) -> Task:
    """Write a task down; it is ready once it has its faces."""
    session.add(task)
    session.flush()
    return task


def add_faces(session: Session, task_id: int, first: int, rows: Iterable[tuple[int, int, str]]) -> None:
    """Add (face, people who shall see it, kind) at the places from `first` on."""
    table = TaskFace.plain()
    values = [
        {"task_id": task_id, "face_id": face, "place": first + n, "wanted": wanted, "open": wanted, "kind": kind}
        for n, (face, wanted, kind) in enumerate(rows)
    ]
    session.execute(insert(table), values)


def make_ready(session: Session, task_id: int) -> None:
    """All faces are there; tasks that never came so far are forgotten."""
    session.execute(update(Task).where(Task.id == task_id).values(ready=True))
    forgotten = now() - timedelta(days=1)
    session.execute(delete(Task).where(~Task.ready, Task.created_at < forgotten))


def get(session: Session, task_id: int) -> Task:
    """One task; raises NotFoundError."""
    task = session.get(Task, task_id)
    if task is None or not task.ready:
        raise NotFoundError("task", task_id)
    return task


def listed(session: Session) -> list[tuple[Task, str]]:
    """Every task with the name of its dataset: open ones first, then the newest."""
    query = select(Task, Dataset.name).join(Dataset, Dataset.id == Task.dataset_id).where(Task.ready)
    return [(task, name) for task, name in session.execute(query.order_by(Task.closed_at.is_not(None), Task.id.desc()))]


def remove(session: Session, task_id: int) -> None:
    """Forget a task; the decisions made in it stay."""
    session.execute(delete(Task).where(Task.id == task_id))


def size(session: Session, task_id: int) -> int:
    """The number of faces of a task."""
    return session.scalar(select(func.count()).select_from(TaskFace).where(TaskFace.task_id == task_id)) or 0


def quota_left(session: Session, task_id: int, reviewer: str) -> int | None:
    """Decisions left to a person within the task's quota; None without a quota."""
    quota = session.scalar(select(Task.quota).where(Task.id == task_id))
    if quota is None:
        return None
    mine = select(func.count(Lease.decided_at)).where(Lease.task_id == task_id, Lease.reviewer == reviewer)
    return max(quota - (session.scalar(mine) or 0), 0)


def most_wanted(session: Session, task_id: int) -> int:
    """The largest number of people that any face of a task is assigned to."""
    return session.scalar(select(func.max(TaskFace.wanted)).where(TaskFace.task_id == task_id)) or 1


def wanted(session: Session, task_ids: Sequence[int]) -> dict[int, int]:
    """The number of decisions that each task asks for."""
    query = select(TaskFace.task_id, func.sum(TaskFace.wanted)).where(TaskFace.task_id.in_(task_ids))
    return {task: int(count) for task, count in session.execute(query.group_by(TaskFace.task_id))}


def parts(session: Session, task_id: int) -> list[TaskProgress]:
    """The work of each person, by name."""
    in_hand = func.count().filter(Lease.decided_at.is_(None), Lease.until > now())
    decided = Lease.decided_at
    query = select(Lease.reviewer, func.count(decided), in_hand, func.min(decided), func.max(decided))
    query = query.where(Lease.task_id == task_id, ~Lease.offered).group_by(Lease.reviewer).order_by(Lease.reviewer)
    return [TaskProgress(*row) for row in session.execute(query)]

"""Review tasks: planned by a lead, handed out page by page, watched until they are done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from fercore.clock import now
from fercore.curation.lease_owner import LeaseOwner
from fercore.curation.review_filter import Order
from fercore.curation.task_faces import TaskFaceKind
from fercore.errors import InputError
from fercore.language import tr, trn
from fercore.progress import Progress, silent
from fercore.services.naming import checked_name
from fercore.services.plain import plain
from fercore.services.review import reviewers, sort_orders, task_writer
from fercore.services.review.task_plan import TaskPlan as TaskPlan
from fercore.services.review.task_summary import TaskSummary
from fercore.store import Store
from fercore.store.datasets import datasets
from fercore.store.review import adjudications, leases, offers, tasks
from fercore.store.review.tasks import TaskProgress


@dataclass(frozen=True)
class TaskStatus:
    """Progress of a task: `wanted` decisions, and what each person did; `finish` when it will be done at this pace."""

    task: TaskSummary
    dataset: str
    wanted: int
    parts: list[TaskProgress]

    @property
    def done(self) -> int:
        """Decisions made."""
        return sum(part.decided for part in self.parts)

    @property
    def left(self) -> int:
        """Decisions to be made; none where more people decided than were asked."""
        return max(self.wanted - self.done, 0)

    @property
    def is_open(self) -> bool:
        """True if it can be worked on."""
        return self.task.closed_at is None and self.left > 0

    def finish(self, at: datetime) -> datetime | None:
        """When the last decision is made if everybody goes on as so far; None while nobody's pace is known."""
        an_hour = sum(pace(part) or 0.0 for part in self.parts)
        return at + timedelta(hours=self.left / an_hour) if an_hour and self.left else None


def pace(part: TaskProgress) -> float | None:
    """A person's decisions in an hour, from the first to the last; None below two minutes of work."""
    if part.first is None or part.last is None or part.last - part.first < timedelta(minutes=2):
        return None
    return part.decided / ((part.last - part.first) / timedelta(hours=1))


def create(store: Store, plan: TaskPlan, progress: Progress = silent) -> int:
    """Lay a task out; returns its number. Raises InputError for what cannot be done, NotFoundError for the dataset."""
    from fercore.curation.task_layout import MixedIn, Overlap, task_layout  # it needs NumPy, which no page waits for

    name = checked_name(plan.name)
    people = reviewers.present_names(store, plan.people)
    overlap = Overlap(plan.twice, plan.thrice)
    if people and len(people) < overlap.people:
        raise InputError(
            trn(
                "{needed} people are needed where some faces are seen by {needed}; only {count} takes part.",
                "{needed} people are needed where some faces are seen by {needed}; only {count} take part.",
                len(people),
                needed=overlap.people,
            )
        )
    with store.database.reading() as session:
        dataset_id = datasets.named(session, plan.dataset).id
        faces = tasks.candidates(session, dataset_id, plan.state, plan.emotion)
        others = tasks.candidates(session, dataset_id) if plan.control else []
        known = adjudications.ruled_faces(session, dataset_id) if plan.gold else []
    wanted = _in_order(store, dataset_id, plan, set(faces) - set(known))
    if not wanted:
        raise InputError(tr("No face of '{dataset}' is of that kind: choose others.", dataset=plan.dataset))
    if plan.gold and not known:
        raise InputError(
            tr("No face of '{dataset}' has a known answer yet: settle some in Adjudicate.", dataset=plan.dataset)
        )
    extras = (
        MixedIn(TaskFaceKind.GOLD, known, plan.gold, len(people) or None),
        MixedIn(TaskFaceKind.CONTROL, others, plan.control),
    )
    laid = task_layout(wanted, overlap, extras, plan.order == Order.RANDOM, plan.seed)
    return task_writer.write(store, dataset_id, replace(plan, name=name, people=people), laid, progress)


def _in_order(store: Store, dataset_id: int, plan: TaskPlan, wanted: set[int]) -> list[int]:
    """Faces in the order of the plan; a random one is drawn later, by the plan's seed."""
    laid = None if plan.order == Order.RANDOM else sort_orders.face_ids(store, dataset_id, plan.order, plan.run)
    return sorted(wanted) if laid is None else [face for face in laid if face in wanted]


def listed(store: Store) -> list[TaskStatus]:
    """Every task and how far it is: open ones first, then the newest."""
    with store.database.reading() as session:
        listed_tasks = tasks.listed(session)
        wanted = tasks.wanted(session, [task.id for task, _ in listed_tasks])
        return [
            TaskStatus(plain(TaskSummary, task), name, wanted.get(task.id, 0), tasks.parts(session, task.id))
            for task, name in listed_tasks
        ]


def get(store: Store, task_id: int) -> TaskSummary:
    """One task; raises NotFoundError."""
    with store.database.reading() as session:
        return plain(TaskSummary, tasks.get(session, task_id))


def in_hand(store: Store, task_id: int) -> int:
    """The number of a task's faces that people hold undecided."""
    with store.database.reading() as session:
        return sum(part.in_hand for part in tasks.parts(session, task_id))


def share(store: Store, owner: LeaseOwner, size: int) -> int:
    """Number of faces to hand out at once.

    `size`, less where others work on the task, too, or where the person's quota is nearly met.
    """
    with store.database.reading() as session:
        people = offers.others(session, owner)
        left = offers.undecided(session, owner.task_id) if people else 0
        within = tasks.quota_left(session, owner.task_id, owner.reviewer)
    fair = max(1, ceil(left / (1 + people))) if people else size
    return min(size, fair, size if within is None else within)


def quota_is_met(store: Store, task_id: int, reviewer: str) -> bool:
    """True once a person has reached a task's quota."""
    with store.database.reading() as session:
        return tasks.quota_left(session, task_id, reviewer) == 0


def claim(store: Store, owner: LeaseOwner, face_ids: Sequence[int]) -> set[int]:
    """Take the faces of a page that was offered; those that went to another person are not among them."""
    with store.database.writing() as session:
        return leases.claim(session, owner, face_ids)


def leave(store: Store, owner: LeaseOwner) -> None:
    """Give back what somebody holds undecided."""
    with store.database.writing() as session:
        leases.release(session, owner)


def close(store: Store, task_id: int) -> None:
    """End a task as it stands; its decisions stay."""
    with store.database.writing() as session:
        tasks.get(session, task_id).closed_at = now()


def remove(store: Store, task_id: int) -> None:
    """Forget a task; its decisions stay."""
    with store.database.writing() as session:
        tasks.remove(session, task_id)


def as_json(status: TaskStatus) -> dict[str, Any]:
    """A task as commands print it."""
    task, finish = status.task, status.finish(now())
    return {
        "task": task.id,
        "name": task.name,
        "dataset": status.dataset,
        "wanted": status.wanted,
        "done": status.done,
        "left": status.left,
        "closed": task.closed_at is not None,
        "source": task.source,
        "quota": task.quota,
        "deadline": task.deadline.isoformat() if task.deadline else None,
        "finish": finish.isoformat() if finish else None,
        "people": {
            part.reviewer: {"decided": part.decided, "in_hand": part.in_hand, "an_hour": pace(part)}
            for part in status.parts
        },
    }

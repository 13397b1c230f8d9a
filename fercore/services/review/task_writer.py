"""A task and its faces, written down as they were laid out."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from fercore.clock import now
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services.review import reviewers
from fercore.services.review.task_plan import TaskPlan
from fercore.store import Store
from fercore.store.review import tasks
from fercore.store.tables import Task

if TYPE_CHECKING:
    from fercore.curation.task_layout import TaskLayout

CHUNK: Final = 20_000
OWN_COLUMNS: Final = ("name", "people", "instructions", "source", "quota", "deadline")


def write(
    store: Store,
    dataset_id: int,
    plan: TaskPlan,
    laid: "TaskLayout",
    progress: Progress = silent,
    anew: bool = False,
) -> int:
    """Write a task down; returns its number. It can be worked on once all of its faces are there.

    With `anew`, decisions that its people made before do not count in it.
    """
    with store.database.writing() as session:
        task = Task(
            dataset_id=dataset_id,
            name=plan.name,
            instructions=plan.instructions.strip(),
            people=list(plan.people),
            plan={key: value for key, value in asdict(plan).items() if key not in OWN_COLUMNS},
            blind=plan.blind,
            source=plan.source,
            quota=plan.quota,
            deadline=plan.deadline,
            anew=anew,
            ready=False,
            created_by=reviewers.own_name(store),
            created_at=now(),
        )
        task_id = tasks.add(session, task).id
    for start in range(0, len(laid.faces), CHUNK):
        progress(start, len(laid.faces), tr("Assigning faces"))
        part = slice(start, start + CHUNK)
        kinds = [laid.names[kind] for kind in laid.kinds[part]]
        rows = zip(laid.faces[part].tolist(), laid.people[part].tolist(), kinds, strict=True)
        with store.database.writing() as session:
            tasks.add_faces(session, task_id, start, rows)
    with store.database.writing() as session:
        tasks.make_ready(session, task_id)
    return task_id

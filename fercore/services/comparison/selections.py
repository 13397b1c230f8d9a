"""Faces of a confusion cell sent to review as a task, with its reason, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.curation.review_filter import SourceLabels
from fercore.curation.task_faces import TaskFaceKind
from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.language import tr
from fercore.services.comparison import confusion_cell, stored_evaluations
from fercore.services.comparison.confusion_cell import ALL_FACES, CellFilter
from fercore.services.naming import checked_name
from fercore.services.review import reviewers, task_writer
from fercore.services.review.task_plan import TaskPlan
from fercore.splits import Split
from fercore.store import Store
from fercore.store.comparison import cells
from fercore.store.comparison import selections as table
from fercore.store.comparison.selections import Outcome
from fercore.store.tables import Selection

if TYPE_CHECKING:
    from fercore.curation.task_layout import TaskLayout

LEARNED: Final = Split.TRAIN  # on its faces nothing is measured: no control faces are mixed in


@dataclass(frozen=True)
class SelectionPlan:
    """Faces of one cell of an evaluation, by a filter, that people shall look at again; without `people`, all may."""

    evaluation: int
    label: int
    predicted: int
    name: str
    filter: CellFilter = ALL_FACES
    people: Sequence[str] = ()
    seed: int = 0


@dataclass(frozen=True)
class Selected:
    """The task that was made: its number, and how many faces of the cell and control faces it has."""

    task: int
    faces: int
    control: int


@dataclass(frozen=True)
class SecondLook:
    """A cell that was sent to review: the reason, and what became of its faces and of the control faces."""

    id: int
    task: int | None
    task_name: str | None
    run: int
    evaluation: int
    dataset_id: int
    split: str
    label: int
    predicted: int
    filter: dict[str, Any]
    seed: int
    created_by: str
    created_at: datetime
    selected: Outcome
    control: Outcome


def send(store: Store, plan: SelectionPlan) -> Selected:
    """Make a task of a cell's faces; raises InputError where there are none, NotFoundError for the evaluation.

    On a validation or test split as many control faces from outside the cell are drawn by the seed and mixed in, and
    neither the source's label nor what others decided is shown: the labeler cannot tell them apart. Decisions that
    were made earlier do not count: the faces are looked at anew.
    """
    name = checked_name(plan.name)
    view = stored_evaluations.get(store, plan.evaluation)
    people = reviewers.present_names(store, plan.people)
    fitting = confusion_cell.filtered(store, view.id, plan.label, plan.predicted, plan.filter)
    faces = [face.face_id for face in fitting if face.unchanged]
    if not faces:
        raise InputError(tr("No face of this cell fits the filter and still has its label: there is nothing to send."))
    blind = view.split != LEARNED
    others: dict[int, int] = {}
    if blind:
        with store.database.reading() as session:
            others = dict(cells.outside(session, view.id, plan.label, plan.predicted))
    laid = _layout(sorted(faces), sorted(others), plan.seed)
    source = SourceLabels.HIDDEN if blind else SourceLabels.SHOWN
    task_plan = TaskPlan(name, view.dataset, seed=plan.seed, people=people, blind=blind, source=source)
    task = task_writer.write(store, view.dataset_id, task_plan, laid, anew=True)
    control = [int(face) for face, kind in zip(laid.faces, laid.kinds, strict=True) if kind]
    with store.database.writing() as session:
        row = Selection(
            task_id=task,
            dataset_id=view.dataset_id,
            split=view.split,
            run_id=view.run,
            evaluation_id=view.id,
            label=plan.label,
            predicted=plan.predicted,
            filter=plan.filter.as_json(),
            seed=plan.seed,
            created_by=reviewers.own_name(store),
            created_at=now(),
        )
        written = [(face, plan.label, False) for face in faces] + [(face, others[face], True) for face in control]
        table.add(session, row, written)
    return Selected(task, len(faces), len(control))


def _layout(faces: Sequence[int], others: Sequence[int], seed: int) -> "TaskLayout":
    from fercore.curation.task_layout import MixedIn, Overlap, task_layout

    extras = [MixedIn(TaskFaceKind.CONTROL, others, 0.5)] if len(others) else []
    return task_layout(faces, Overlap(), extras, shuffle=True, seed=seed)


def of_cell(store: Store, view: stored_evaluations.EvaluationView, label: int, predicted: int) -> list[SecondLook]:
    """The selections of a run's cell on a split, the newest first, whichever evaluation they were made from."""
    with store.database.reading() as session:
        rows = table.of_place(session, view.dataset_id, view.split)
        return [
            _with_outcome(session, row, name)
            for row, name in rows
            if (row.run_id, row.label, row.predicted) == (view.run, label, predicted)
        ]


def trained_since(store: Store, selection: SecondLook) -> list[int]:
    """The runs evaluated on a selection's split whose training was started after it, the newest first."""
    with store.database.reading() as session:
        return table.runs_since(session, selection.dataset_id, selection.split, selection.created_at)


def chosen_before(store: Store, looks: Sequence[SecondLook], run: int) -> SecondLook | None:
    """The first of a cell's selections that was made before a run was trained, if any was."""
    return next((look for look in reversed(looks) if run in trained_since(store, look)), None)


def of_task(store: Store, task: int) -> SecondLook | None:
    """The selection that a task was made for; None for any other task."""
    with store.database.reading() as session:
        row = table.of_task(session, task)
        return None if row is None else _with_outcome(session, row, None)


def _with_outcome(session: Session, row: Selection, name: str | None) -> SecondLook:
    return SecondLook(
        id=row.id,
        task=row.task_id,
        task_name=name,
        run=row.run_id,
        evaluation=row.evaluation_id,
        dataset_id=row.dataset_id,
        split=row.split,
        label=row.label,
        predicted=row.predicted,
        filter=dict(row.filter),
        seed=row.seed,
        created_by=row.created_by,
        created_at=row.created_at,
        selected=table.outcome(session, row, control=False),
        control=table.outcome(session, row, control=True),
    )


def default_name(view: stored_evaluations.EvaluationView) -> str:
    """A name that tells a labeler nothing of the cell."""
    return tr("Second look at {dataset}, {split}", dataset=view.dataset, split=tr(view.split))[:100]


def as_json(made: Selected, plan: SelectionPlan) -> dict[str, Any]:
    """A task that was made, as the command line prints it."""
    return {
        "task": made.task,
        "evaluation": plan.evaluation,
        "label": EMOTIONS[plan.label],
        "prediction": EMOTIONS[plan.predicted],
        "filter": plan.filter.as_json(),
        "seed": plan.seed,
        "faces": made.faces,
        "control": made.control,
    }

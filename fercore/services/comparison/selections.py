"""Faces of a confusion cell sent to review as a task, and what became of those of any reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.language import tr
from fercore.services.comparison import confusion_cell, selected_faces, stored_evaluations
from fercore.services.comparison.confusion_cell import ALL_FACES, CellFilter
from fercore.services.comparison.selected_faces import LEARNED, Chosen, Reason, Selected, Sending
from fercore.services.naming import checked_name
from fercore.store import Store
from fercore.store.comparison import cells
from fercore.store.comparison import selections as table
from fercore.store.comparison.selections import Outcome
from fercore.store.tables import Dataset, Selection


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
class SecondLook:
    """Faces that were sent to review: the reason, and what became of them and of the control faces.

    Those of a cell have an evaluation, a label and a prediction; those of an audit have no run, unless one was asked.
    """

    id: int
    task: int | None
    task_name: str | None
    reason: Reason
    runs: tuple[int, ...]
    evaluation: int | None
    dataset_id: int
    dataset: str
    split: str
    label: int | None
    predicted: int | None
    filter: dict[str, Any]
    seed: int
    created_by: str
    created_at: datetime
    selected: Outcome
    control: Outcome

    @property
    def run(self) -> int:
        """The run that chose the faces, or the first of them."""
        return self.runs[0]


def send(store: Store, plan: SelectionPlan) -> Selected:
    """Make a task of a cell's faces; raises InputError where there are none, NotFoundError for the evaluation."""
    checked_name(plan.name)
    view = stored_evaluations.get(store, plan.evaluation)
    fitting = confusion_cell.filtered(store, view.id, plan.label, plan.predicted, plan.filter)
    faces = [face.face_id for face in fitting if face.unchanged]
    if not faces:
        raise InputError(tr("No face of this cell fits the filter and still has its label: there is nothing to send."))
    others: dict[int, int] = {}
    if view.split != LEARNED:
        with store.database.reading() as session:
            others = dict(cells.outside(session, view.id, plan.label, plan.predicted))
    chosen = Chosen(
        reason=Reason.CELL,
        dataset_id=view.dataset_id,
        dataset=view.dataset,
        split=view.split,
        runs=(view.run,),
        faces=dict.fromkeys(faces, plan.label),
        others=others,
        filter=plan.filter.as_json(),
        evaluation=view.id,
        label=plan.label,
        predicted=plan.predicted,
    )
    return selected_faces.write(store, chosen, Sending(plan.name, plan.people, plan.seed))


def of_cell(store: Store, view: stored_evaluations.EvaluationView, label: int, predicted: int) -> list[SecondLook]:
    """The selections of a run's cell on a split, the newest first, whichever evaluation they were made from."""
    with store.database.reading() as session:
        rows = table.of_place(session, view.dataset_id, view.split)
        return [
            _with_outcome(session, row, name)
            for row, name in rows
            if (row.run_id, row.label, row.predicted) == (view.run, label, predicted)
        ]


def of_reason(store: Store, dataset_id: int, split: str, reason: Reason, runs: Sequence[int]) -> list[SecondLook]:
    """The selections on a split for a reason other than a cell that exactly these runs gave, the newest first."""
    with store.database.reading() as session:
        rows = table.of_place(session, dataset_id, split)
        return [
            _with_outcome(session, row, name)
            for row, name in rows
            if row.reason == reason and sorted(row.runs) == sorted(runs)
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
        reason=Reason(row.reason),
        runs=tuple(row.runs) or (() if row.run_id is None else (row.run_id,)),
        evaluation=row.evaluation_id,
        dataset_id=row.dataset_id,
        dataset=session.get_one(Dataset, row.dataset_id).name,
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

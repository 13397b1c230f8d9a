"""Selections: faces that runs chose and that were sent to review, and which figures are counted from their labels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, or_, select
from sqlalchemy.orm import Session

from fercore.curation.votes import FaceState
from fercore.store.tables import Evaluation, Face, Lease, Run, Selection, SelectionFace, Task


@dataclass(frozen=True, slots=True)
class Outcome:
    """The faces of a selection, or its control faces: how many, how many of them were decided in its task or have
    another label now, and how many of these have another label (or none).
    """

    faces: int
    decided: int
    changed: int


def add(session: Session, selection: Selection, faces: Iterable[tuple[int, int, bool]]) -> int:
    """Write a selection down with its faces: (face, label, whether it is a control face)."""
    session.add(selection)
    session.flush()
    names = ("face_id", "label", "control")
    rows = [{"selection_id": selection.id} | dict(zip(names, row, strict=True)) for row in faces]
    if rows:
        session.execute(insert(SelectionFace.plain()), rows)
    return selection.id


def of_place(session: Session, dataset_id: int, split: str) -> Sequence[tuple[Selection, str | None]]:
    """The selections on a split, the newest first, each with the name of its task, if that is still there."""
    query = select(Selection, Task.name).outerjoin(Task, Task.id == Selection.task_id)
    query = query.where(Selection.dataset_id == dataset_id, Selection.split == split).order_by(Selection.id.desc())
    return [(selection, name) for selection, name in session.execute(query)]


def of_task(session: Session, task_id: int) -> Selection | None:
    """The selection that a task was made for."""
    return session.scalar(select(Selection).where(Selection.task_id == task_id).order_by(Selection.id).limit(1))


def outcome(session: Session, selection: Selection, control: bool) -> Outcome:
    """The outcome of a selection's faces, or of its control faces."""
    in_task = select(Lease.face_id).where(
        Lease.face_id == Face.id, Lease.task_id == selection.task_id, Lease.decided_at.is_not(None)
    )
    decided = or_(in_task.exists(), _changed())  # a label may have been changed outside of the task
    counts = select(func.count(), func.count().filter(decided), func.count().filter(_changed()))
    counts = counts.select_from(SelectionFace).join(Face, Face.id == SelectionFace.face_id)
    counts = counts.where(SelectionFace.selection_id == selection.id, SelectionFace.control.is_(control))
    return Outcome(*session.execute(counts).one())


def runs_behind(session: Session, dataset_id: int, split: str) -> list[int]:
    """The runs whose mistakes chose faces of a split of which the label was changed since."""
    changed = (
        select(SelectionFace.selection_id)
        .join(Face, Face.id == SelectionFace.face_id)
        .where(~SelectionFace.control, _changed())
    )
    query = select(Selection.run_id, Selection.runs).where(
        Selection.dataset_id == dataset_id, Selection.split == split, Selection.id.in_(changed)
    )
    named = {run for first, runs in session.execute(query) for run in (first, *runs)}
    return sorted(run for run in named if run is not None)


def runs_since(session: Session, dataset_id: int, split: str, moment: datetime) -> list[int]:
    """The runs that were evaluated on a split and started after a moment, the newest first.

    Of models from elsewhere nobody knows when they were trained: they are not among them.
    """
    query = select(Run.id, Evaluation.imported).join(Evaluation, Evaluation.run_id == Run.id)
    query = query.where(Evaluation.dataset_id == dataset_id, Evaluation.split == split, Run.created_at > moment)
    rows = session.execute(query.order_by(Run.id.desc()))
    return list(dict.fromkeys(run for run, imported in rows if not imported))


def _changed() -> ColumnElement[bool]:
    """A face whose label is another than at its selection, or that counts no more."""
    return or_(Face.emotion.is_(None), Face.emotion != SelectionFace.label, Face.state == FaceState.REJECTED)

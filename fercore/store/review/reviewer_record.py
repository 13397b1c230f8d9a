"""Answers of one reviewer to faces whose answer is known, and the moments of their decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fercore.curation.task_faces import TaskFaceKind
from fercore.curation.votes import UNDOING, DecisionKind, FaceLabel, label
from fercore.store.conditions import among
from fercore.store.datasets.faces import PRESENT
from fercore.store.review import labels
from fercore.store.tables import Adjudication, Dataset, Decision, Face, Task, TaskFace, Vote

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """A standing vote, the person on the face, and what an adjudicator settled (None: nothing), with their name."""

    face_id: int
    kind: str
    emotion: int | None
    subject: str | None
    ruling: str | None
    ruled: int | None
    ruled_by: str | None


@dataclass(frozen=True, slots=True)
class DecisionPace:
    """A decision as it was made: its action, its face and the moment."""

    action: str
    face_id: int
    at: datetime


def votes(session: Session, reviewer: str, dataset_id: int | None = None) -> list[KnownAnswer]:
    """A person's standing votes on faces of one dataset or of all, by face."""
    query = (
        select(
            Vote.face_id,
            Vote.kind,
            Vote.emotion,
            Face.subject,
            Adjudication.kind,
            Adjudication.emotion,
            Decision.reviewer,
        )
        .join(Face, Face.id == Vote.face_id)
        .outerjoin(Adjudication, Adjudication.face_id == Vote.face_id)
        .outerjoin(Decision, Decision.sequence == Adjudication.sequence)
        .where(Vote.reviewer == reviewer, *_present(dataset_id))
        .order_by(Vote.face_id)
    )
    return [KnownAnswer(*row) for row in session.execute(query)]


def mixed_in(session: Session, kind: TaskFaceKind) -> set[int]:
    """The faces of this kind in any task."""
    return set(session.scalars(select(TaskFace.face_id).distinct().where(TaskFace.kind == kind)))


def apart_from(session: Session, reviewer: str, face_ids: Sequence[int]) -> dict[int, FaceLabel]:
    """The labels that these faces would have without one person's votes."""
    by_face: dict[int, FaceLabel] = {}
    for start in range(0, len(face_ids), CHUNK):
        part = face_ids[start : start + CHUNK]
        others = labels.votes_of(session, part)
        for face_id, basis in labels.bases(session, part).items():
            votes = [vote for name, vote in others[face_id].items() if name != reviewer]
            by_face[face_id] = label(basis, votes)
    return by_face


def decisions(session: Session, reviewer: str, dataset_id: int | None = None) -> list[DecisionPace]:
    """A person's decisions, oldest first, those that were undone later too; rulings are no votes."""
    query = select(Decision.action, Decision.face_id, Decision.decided_at).join(Face, Face.id == Decision.face_id)
    query = query.where(
        Decision.reviewer == reviewer, Decision.kind.not_in((*UNDOING, DecisionKind.ADDED)), ~Decision.adjudicates
    )
    return [
        DecisionPace(*row) for row in session.execute(query.where(*_present(dataset_id)).order_by(Decision.sequence))
    ]


def datasets_of(session: Session, reviewer: str) -> dict[str, int]:
    """The datasets in which a person decided, by name."""
    faces = select(Face.dataset_id).join(Decision, Decision.face_id == Face.id).where(Decision.reviewer == reviewer)
    query = select(Dataset.name, Dataset.id).where(Dataset.id.in_(faces)).order_by(Dataset.id)
    return {name: number for name, number in session.execute(query)}


def people_of(session: Session, dataset_id: int) -> list[str]:
    """The people who have a vote in a dataset."""
    query = select(Vote.reviewer).distinct().join(Face, Face.id == Vote.face_id).where(*_present(dataset_id))
    return list(session.scalars(query.order_by(Vote.reviewer)))


def dataset_names(session: Session, face_ids: Sequence[int]) -> dict[str, int]:
    """The number of these faces in each dataset, by its name."""
    query = select(Dataset.name, func.count()).join(Face, Face.dataset_id == Dataset.id)
    query = query.where(among(Face.id, face_ids), PRESENT).group_by(Dataset.id, Dataset.name).order_by(Dataset.id)
    return {name: count for name, count in session.execute(query)}


def _present(dataset_id: int | None) -> list[ColumnElement[bool]]:
    return [PRESENT] if dataset_id is None else [PRESENT, Face.dataset_id == dataset_id]


def task_mark(session: Session) -> tuple[int, int]:
    """A mark that changes when a task gets or loses faces: (tasks' highest number, faces in tasks that test people)."""
    tested = select(func.count()).select_from(TaskFace).where(TaskFace.kind != TaskFaceKind.PLAIN)
    return session.scalar(select(func.max(Task.id))) or 0, session.scalar(tested) or 0

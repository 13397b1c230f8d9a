"""Rulings on what votes leave open, and the rule by which votes become labels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from fercore.curation.task_faces import TaskFaceKind
from fercore.curation.votes import DecisionKind, FaceState, LabelRule, label
from fercore.store.datasets.faces import PRESENT
from fercore.store.review import labels
from fercore.store.tables import Adjudication, Dataset, Decision, Face, Task, TaskFace, Vote


def is_ruled(session: Session, face_id: int) -> bool:
    """True if an adjudicator has settled a face."""
    return session.get(Adjudication, face_id) is not None


def votes(session: Session, face_id: int) -> list[Vote]:
    """The standing votes on a face in the order in which they were made."""
    return list(session.scalars(select(Vote).where(Vote.face_id == face_id).order_by(Vote.sequence)))


def ruled_faces(session: Session, dataset_id: int) -> list[int]:
    """The faces of a dataset that an adjudicator has settled."""
    query = (
        select(Adjudication.face_id)
        .join(Face, Face.id == Adjudication.face_id)
        .where(Face.dataset_id == dataset_id, PRESENT)
    )
    return list(session.scalars(query.where(Adjudication.kind != DecisionKind.UNSURE).order_by(Adjudication.face_id)))


def examples(session: Session, dataset_id: int, each: int) -> dict[int, list[int]]:
    """Faces of a dataset that were settled last, so many of each emotion; none that a task tests people with."""
    tested = select(TaskFace.face_id).where(
        TaskFace.face_id == Adjudication.face_id, TaskFace.kind == TaskFaceKind.GOLD
    )
    rank = func.row_number().over(partition_by=Adjudication.emotion, order_by=Adjudication.sequence.desc())
    settled = (
        select(Adjudication.emotion, Adjudication.face_id, rank.label("rank"))
        .join(Face, Face.id == Adjudication.face_id)
        .where(Face.dataset_id == dataset_id, PRESENT, Adjudication.emotion.is_not(None), ~tested.exists())
        .subquery()
    )
    by_emotion: dict[int, list[int]] = {}
    query = select(settled.c.emotion, settled.c.face_id).where(settled.c.rank <= each)
    for emotion, face_id in session.execute(query.order_by(settled.c.emotion, settled.c.rank)):
        by_emotion.setdefault(emotion, []).append(face_id)
    return by_emotion


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """A vote on a gold face of a task, beside the answer that is known; None stands for rejected."""

    reviewer: str
    decided_at: datetime
    voted: int | None
    answer: int | None
    sure: bool
    subject: str | None = None

    @property
    def right(self) -> bool:
        """True if the vote says what is known."""
        return self.sure and self.voted == self.answer


def tried(session: Session, dataset_id: int) -> list[GoldAnswer]:
    """The standing votes on gold faces of a dataset's tasks, in the order in which they were made."""
    gold = select(TaskFace.face_id).join(Task, Task.id == TaskFace.task_id)
    gold = gold.where(Task.dataset_id == dataset_id, TaskFace.kind == TaskFaceKind.GOLD)
    query = (
        select(
            Vote.reviewer,
            Decision.decided_at,
            Vote.emotion,
            Adjudication.emotion,
            Vote.kind != DecisionKind.UNSURE,
            Face.subject,
        )
        .join(Decision, Decision.sequence == Vote.sequence)
        .join(Adjudication, Adjudication.face_id == Vote.face_id)
        .join(Face, Face.id == Vote.face_id)
        .where(Vote.face_id.in_(gold), Adjudication.kind != DecisionKind.UNSURE, PRESENT)
        .order_by(Vote.sequence)
    )
    return [GoldAnswer(*row) for row in session.execute(query)]


def disputed(session: Session) -> dict[str, int]:
    """The number of faces of each dataset with votes that differ and no ruling; datasets without one are left out."""
    query = select(Dataset.name, func.count()).join(Face, Face.dataset_id == Dataset.id)
    query = query.where(Face.disputed).group_by(Dataset.name).order_by(Dataset.name)
    return {name: count for name, count in session.execute(query)}


def rules(session: Session) -> dict[str, str]:
    """Each dataset's rule."""
    return {name: rule for name, rule in session.execute(select(Dataset.name, Dataset.rule))}


def set_rule(session: Session, dataset_id: int, rule: LabelRule) -> None:
    """Change a dataset's rule; the labels are to be counted again."""
    session.execute(update(Dataset).where(Dataset.id == dataset_id).values(rule=rule))


def decided_faces(session: Session, dataset_id: int) -> list[int]:
    """The faces on which anybody decided."""
    query = select(Decision.face_id).distinct().join(Face, Face.id == Decision.face_id)
    return list(session.scalars(query.where(Face.dataset_id == dataset_id).order_by(Decision.face_id)))


def moved(session: Session, face_ids: Sequence[int], rule: LabelRule) -> int:
    """The number of these faces with another label by this rule: another emotion, none, or a rejection."""
    bases, votes = labels.bases(session, face_ids), labels.votes_of(session, face_ids)
    query = select(Face.id, Face.emotion, Face.state).where(Face.id.in_(face_ids))
    count = 0
    for face_id, emotion, state in session.execute(query):
        present = label(replace(bases[face_id], rule=rule), list(votes[face_id].values()))
        count += (present.emotion, present.state == FaceState.REJECTED) != (emotion, state == FaceState.REJECTED)
    return count


def relabel(session: Session, face_ids: Sequence[int]) -> None:
    """Count labels again from votes, rulings and the rule."""
    labels.store_labels(session, labels.bases(session, face_ids), labels.votes_of(session, face_ids))

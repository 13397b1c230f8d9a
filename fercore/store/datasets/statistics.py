"""The portrait of a dataset: persons, words, picture quality, examples; nothing here touches pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fercore.curation.votes import FaceState
from fercore.store.datasets.faces import PRESENT
from fercore.store.tables import Face

QUALITIES = ("sharpness", "brightness", "contrast", "score")
SAMPLE = 5_000


@dataclass(frozen=True, slots=True)
class FaceGroup:
    """Faces alike in all that charts tell apart; None where the source says nothing."""

    gender: str | None
    age: int | None
    word: str
    emotion: int | None
    rejected: bool
    faces: int


def face_groups(session: Session, dataset_id: int) -> list[FaceGroup]:
    """The number of faces of each kind: one pass over the dataset for all its charts."""
    rejected = Face.state == FaceState.REJECTED
    alike = (Face.gender, Face.age, Face.source_word, Face.emotion, rejected)
    query = select(*alike, func.count()).where(Face.dataset_id == dataset_id, PRESENT).group_by(*alike)
    return [FaceGroup(*row) for row in session.execute(query)]


def persons(session: Session, dataset_id: int) -> int:
    """The number of people that the dataset knows by name or hash."""
    known = (Face.dataset_id == dataset_id, PRESENT, Face.subject.is_not(None))
    return session.scalar(select(func.count(func.distinct(Face.subject))).where(*known)) or 0


def qualities(session: Session, dataset_id: int, faces: int) -> dict[str, list[float]]:
    """Sharpness, brightness, contrast and detector score of at most about `SAMPLE` faces, evenly taken."""
    columns = [getattr(Face, name) for name in QUALITIES]
    query = select(*columns).where(Face.dataset_id == dataset_id, PRESENT, Face.id % max(1, faces // SAMPLE) == 0)
    rows = session.execute(query).all()
    return {
        name: [value for value in values if value is not None]
        for name, values in zip(QUALITIES, zip(*rows, strict=True) if rows else [()] * len(QUALITIES), strict=True)
    }


def examples(session: Session, dataset_id: int, emotion: int | None, start: str, count: int) -> list[int]:
    """Faces of one emotion (None: without one) in the order of their hash from `start` on: chosen blindly."""
    shown: Sequence[ColumnElement[bool]] = (
        Face.dataset_id == dataset_id,
        Face.emotion == emotion if emotion is not None else Face.emotion.is_(None),
        Face.state != FaceState.REJECTED,
        PRESENT,
    )
    query = select(Face.id).where(*shown).order_by(Face.pixel_hash).limit(count)
    face_ids = list(session.scalars(query.where(Face.pixel_hash >= start)))
    return (
        face_ids + [face_id for face_id in session.scalars(query) if face_id not in face_ids][: count - len(face_ids)]
    )

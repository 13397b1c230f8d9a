"""What a dataset looks like: persons, words, picture quality, examples; nothing here touches pixels."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fercore.store.tables import Face

QUALITIES = ("sharpness", "brightness", "contrast", "score")
SAMPLE = 20_000


def by_gender(session: Session, dataset_id: int) -> dict[str | None, int]:
    """Faces by gender; None where the source says nothing."""
    query = select(Face.gender, func.count()).where(Face.dataset_id == dataset_id).group_by(Face.gender)
    return {gender: count for gender, count in session.execute(query)}


def by_age(session: Session, dataset_id: int) -> dict[int | None, int]:
    """Faces by decade; None where the source says nothing."""
    query = select(Face.age, func.count()).where(Face.dataset_id == dataset_id).group_by(Face.age)
    return {age: count for age, count in session.execute(query)}


def persons(session: Session, dataset_id: int) -> int:
    """How many people the dataset knows by name or hash."""
    query = select(func.count(func.distinct(Face.subject))).where(Face.dataset_id == dataset_id)
    return session.scalar(query) or 0


def words(session: Session, dataset_id: int) -> list[tuple[str, int | None, int]]:
    """(source's word, present emotion, faces), the most frequent first."""
    query = (
        select(Face.source_word, Face.emotion, func.count())
        .where(Face.dataset_id == dataset_id, Face.state != "rejected")
        .group_by(Face.source_word, Face.emotion)
        .order_by(func.count().desc())
    )
    return [(word, emotion, count) for word, emotion, count in session.execute(query)]


def qualities(session: Session, dataset_id: int, faces: int) -> dict[str, list[float]]:
    """Sharpness, brightness, contrast and detector score of at most about `SAMPLE` faces, evenly taken."""
    columns = [getattr(Face, name) for name in QUALITIES]
    query = select(*columns).where(Face.dataset_id == dataset_id, Face.id % max(1, faces // SAMPLE) == 0)
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
        Face.state != "rejected",
    )
    query = select(Face.id).where(*shown).order_by(Face.pixel_hash).limit(count)
    found = list(session.scalars(query.where(Face.pixel_hash >= start)))
    return found + [face_id for face_id in session.scalars(query) if face_id not in found][: count - len(found)]

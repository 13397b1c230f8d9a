"""The known facts of each face but its pixels, as rows."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from fercore.store.datasets.faces import PRESENT
from fercore.store.tables import Dataset, Face, Photo

_SELECTED: Final = (
    *(Face.id.label("face"), Face.identity, Photo.name.label("photo"), Dataset.name.label("dataset"), Face.split),
    *(Face.emotion.label("label"), Face.state, Face.reason, Face.source_emotion.label("source_label")),
    *(Face.source_word, Face.disputed, Face.subject, Face.gender, Face.age, Face.professional),
    *(Face.sharpness, Face.brightness, Face.contrast, Face.weight, Face.pixel_hash.label("pixels")),
)
COLUMNS: Final = tuple(str(column.key) for column in _SELECTED)


def of_faces(session: Session, face_ids: Sequence[int]) -> dict[int, Any]:
    """These faces, by number."""
    found: dict[int, Any] = {}
    for start in range(0, len(face_ids), 10_000):
        query = select(*_SELECTED).join(Dataset, Dataset.id == Face.dataset_id)
        query = query.outerjoin(Photo, Photo.id == Face.photo_id)
        part = query.where(Face.id.in_(face_ids[start : start + 10_000]))
        found |= {row.face: row for row in session.connection().execute(part)}
    return found


def rows(session: Session, dataset_id: int | None, split: str | None) -> list[Any]:
    """The faces of a dataset or of all, of a split or of all, in the order of their numbers."""
    query = select(*_SELECTED).join(Dataset, Dataset.id == Face.dataset_id)
    query = query.outerjoin(Photo, Photo.id == Face.photo_id).where(PRESENT).order_by(Face.id)
    if dataset_id is not None:
        query = query.where(Face.dataset_id == dataset_id)
    if split is not None:
        query = query.where(Face.split == split)
    return list(session.connection().execute(query).all())

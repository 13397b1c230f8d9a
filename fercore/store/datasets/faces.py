"""Faces and their pixels: written in batches, read by id."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from fercore.curation.votes import FaceState
from fercore.faces import quality
from fercore.faces.attributes import CropOrigin, PersonInfo, columns_of
from fercore.store.database import insert_new
from fercore.store.tables import Dataset, Face, FaceContext, Photo, Pixels

SIDE = 48
PRESENT: Final[ColumnElement[bool]] = Face.state != FaceState.WITHDRAWN  # a withdrawn crop is counted and shown nowhere


@dataclass(frozen=True, kw_only=True)
class NewFace(PersonInfo, CropOrigin):
    """A face on its way into the store, with what is known of it; `gray` is (48, 48) uint8."""

    identity: str
    split: str
    emotion: int | None
    word: str
    pixel_hash: str
    gray: npt.NDArray[np.uint8]
    photo_id: int | None = None
    context: bytes | None = None


def add(session: Session, dataset_id: int, import_id: int, faces: Sequence[NewFace]) -> dict[str, int]:
    """Store the faces whose identity the dataset does not have yet; returns the numbers of these by identity."""
    known = set(
        session.scalars(
            select(Face.identity).where(
                Face.dataset_id == dataset_id, Face.identity.in_([face.identity for face in faces])
            )
        )
    )
    fresh = [face for face in {face.identity: face for face in faces}.values() if face.identity not in known]
    if not fresh:
        return {}
    rows = [{**_row(face), "dataset_id": dataset_id, "import_id": import_id} for face in fresh]
    for row, measured in zip(rows, _qualities(fresh), strict=True):
        row.update(measured)
    # Without an asked-for order SQLAlchemy sends many rows in one statement on both databases.
    returned = session.execute(insert_new(session, Face).returning(Face.identity, Face.id), _filled(rows))
    ids = {identity: face_id for identity, face_id in returned}
    fresh = [face for face in fresh if face.identity in ids]
    pixels = [{"face_id": ids[face.identity], "gray": face.gray.tobytes()} for face in fresh]
    contexts = [{"face_id": ids[face.identity], "jpeg": face.context} for face in fresh if face.context]
    if pixels:
        session.execute(insert(Pixels.plain()), pixels)
    if contexts:
        session.execute(insert(FaceContext.plain()), contexts)
    return ids


def file_name(identity: str) -> str:
    """The file's name in the identity of a face that is a file of its own; "" for a row's."""
    return identity.rpartition("#")[0]


def file_names(session: Session, dataset_id: int) -> set[str]:
    """The names of the files that a dataset's faces are, whatever their content."""
    query = select(Face.identity).where(Face.dataset_id == dataset_id, Face.identity.contains("#"))
    return {file_name(identity) for identity in session.scalars(query.where(Face.photo_id.is_(None)))}


def _row(face: NewFace) -> dict[str, Any]:
    return {
        "photo_id": face.photo_id,
        "identity": face.identity,
        "split": face.split,
        "source_emotion": face.emotion,
        "source_word": face.word,
        "pixel_hash": face.pixel_hash,
        "emotion": face.emotion,
        "state": FaceState.UNDECIDED,
        **columns_of(face),
    }


def _filled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without the columns that all of them leave empty: half of a table's, where each costs time."""
    empty = [name for name in rows[0] if all(row[name] is None for row in rows)]
    for row in rows:
        for name in empty:
            del row[name]
    return rows


def _qualities(faces: Sequence[NewFace]) -> list[dict[str, float]]:
    grays = np.stack([face.gray for face in faces])
    names = ("sharpness", "brightness", "contrast")
    values = np.column_stack([quality.sharpness(grays), quality.brightness(grays), quality.contrast(grays)])
    return [dict(zip(names, row, strict=True)) for row in np.round(values, 2).tolist()]


def lock(session: Session, dataset_id: int, face_ids: Collection[int]) -> set[int]:
    """Those of these faces that a dataset has and that were not withdrawn.

    Until the end of the transaction no other one decides on them.
    """
    query = select(Face.id).where(Face.id.in_(face_ids), Face.dataset_id == dataset_id, PRESENT)
    return set(session.scalars(query.order_by(Face.id).with_for_update()))


def grays(session: Session, face_ids: Sequence[int]) -> dict[int, bytes]:
    """The 2,304 gray bytes of each face, by id."""
    by_face: dict[int, bytes] = {}
    for start in range(0, len(face_ids), 5000):
        query = select(Pixels.face_id, Pixels.gray).where(Pixels.face_id.in_(face_ids[start : start + 5000]))
        by_face.update((face_id, gray) for face_id, gray in session.execute(query))
    return by_face


def pixels(session: Session, face_ids: Sequence[int]) -> npt.NDArray[np.uint8]:
    """The faces' pixels in the order asked for: (N, 48, 48) uint8."""
    by_face = grays(session, face_ids)
    array = np.empty((len(face_ids), SIDE, SIDE), np.uint8)
    for row, face_id in enumerate(face_ids):
        array[row] = np.frombuffer(by_face[face_id], np.uint8).reshape(SIDE, SIDE)
    return array


def by_dataset(session: Session, face_ids: Sequence[int]) -> dict[str, list[int]]:
    """Those of these faces that are there, by the name of their dataset."""
    by_name: dict[str, list[int]] = {}
    for start in range(0, len(face_ids), 5000):
        query = select(Dataset.name, Face.id).join(Dataset, Dataset.id == Face.dataset_id)
        query = query.where(Face.id.in_(face_ids[start : start + 5000]), PRESENT).order_by(Face.id)
        for name, face_id in session.execute(query):
            by_name.setdefault(name, []).append(face_id)
    return by_name


def context(session: Session, face_id: int) -> bytes | None:
    """The JPEG of a face's surroundings, when it came from a photo."""
    return session.scalar(select(FaceContext.jpeg).where(FaceContext.face_id == face_id))


def with_photo(session: Session, face_id: int) -> tuple[Face, Photo | None] | None:
    """A face and the photo it was cut from."""
    query = select(Face, Photo).outerjoin(Photo, Photo.id == Face.photo_id).where(Face.id == face_id)
    row = session.execute(query).first()
    return (row[0], row[1]) if row else None

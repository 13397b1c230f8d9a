"""Weights of faces in trainings, as the faces carry them now."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from fercore.curation.votes import FaceState
from fercore.store.datasets.faces import PRESENT
from fercore.store.tables import Dataset, Face, Vote

_CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class WeightRange:
    """The number of a dataset's faces, that of those with a weight other than 1, and the lowest and highest weight."""

    faces: int
    weighted: int
    lowest: float
    highest: float


def put(session: Session, dataset: Dataset, weights: Mapping[int, float | None]) -> None:
    """Give faces of a dataset their weights; None and 1 are the same."""
    rows = [{"id": face, "weight": None if weight == 1 else weight} for face, weight in weights.items()]
    for start in range(0, len(rows), _CHUNK):
        session.execute(update(Face), rows[start : start + _CHUNK])
    dataset.weighings += 1


def clear(session: Session, dataset: Dataset) -> None:
    """Let all faces of a dataset count alike."""
    session.execute(update(Face).where(Face.dataset_id == dataset.id, Face.weight.is_not(None)).values(weight=None))
    dataset.weighings += 1


def summary(session: Session, dataset_id: int) -> WeightRange:
    """The range of a dataset's weights now."""
    weight = func.coalesce(Face.weight, 1.0)
    query = select(weight, func.count()).where(Face.dataset_id == dataset_id, PRESENT).group_by(weight)
    counted = {float(each): count for each, count in session.execute(query)} or {1.0: 0}
    faces = sum(counted.values())
    return WeightRange(faces, faces - counted.get(1.0, 0), min(counted), max(counted))


def by_pixels(session: Session, dataset_id: int) -> dict[str, list[int]]:
    """The faces of a dataset by the hash of their pixels."""
    faces: defaultdict[str, list[int]] = defaultdict(list)
    query = select(Face.id, Face.pixel_hash).where(Face.dataset_id == dataset_id, PRESENT).order_by(Face.id)
    for face, pixels in session.execute(query):
        faces[pixels].append(face)
    return dict(faces)


def votes(session: Session, dataset_id: int) -> dict[int, tuple[int, list[int | None]]]:
    """The label of each labelled face of a dataset that has votes, and the emotions of these (None: another answer)."""
    query = select(Vote.face_id, Face.emotion, Vote.emotion).join(Face, Face.id == Vote.face_id)
    query = query.where(Face.dataset_id == dataset_id, PRESENT, Face.emotion.is_not(None))
    named: dict[int, tuple[int, list[int | None]]] = {}
    for face, label, emotion in session.execute(query.order_by(Vote.face_id, Vote.sequence)):
        named.setdefault(face, (label or 0, []))[1].append(emotion)
    return named


def undecided(session: Session, dataset_id: int) -> set[int]:
    """The faces of a dataset that nobody decided on."""
    query = select(Face.id).where(Face.dataset_id == dataset_id, Face.state == FaceState.UNDECIDED)
    return set(session.scalars(query))

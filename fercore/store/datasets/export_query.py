"""Faces on their way out: chosen by number, then read with pixels and provenance some thousand at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from fercore.curation.votes import FaceState
from fercore.exports.face import ExportFace, ExportVote
from fercore.faces.attributes import ATTRIBUTES
from fercore.splits import SPLITS
from fercore.store.datasets.faces import PRESENT
from fercore.store.review import remarks
from fercore.store.tables import Dataset, Face, Photo, Pixels, SnapshotFace, Vote

CHUNK: Final = 2000
_DETAILS: Final = (
    "split",
    "identity",
    "pixel_hash",
    "source_word",
    "source_emotion",
    "state",
    "reason",
    *("sharpness", "brightness", "contrast", "weight"),
    *ATTRIBUTES,
)


@dataclass(frozen=True)
class ExportSelection:
    """The faces of one split, (n,) int64, in the order they came in; `labels` are those a snapshot froze, (n,) int8,
    and `weights` those of faces that it froze with one.
    """

    split: str
    face_ids: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int8] | None = None
    weights: Mapping[int, float | None] = field(default_factory=dict)


def of_dataset(session: Session, dataset_id: int, usable_only: bool) -> list[ExportSelection]:
    """A dataset's faces: all of them, or those with a label that are not rejected."""
    query = select(Face.id).where(Face.dataset_id == dataset_id, PRESENT)
    if usable_only:
        query = query.where(Face.emotion.is_not(None), Face.state != FaceState.REJECTED)
    selections = []
    for split in SPLITS:
        ids = _array(session, query.where(Face.split == split).order_by(Face.id))
        selections.append(ExportSelection(split, ids[:, 0]))
    return selections


def of_snapshot(session: Session, snapshot_id: int) -> list[ExportSelection]:
    """A snapshot's faces with the labels and weights and in the splits that it froze."""
    query = select(SnapshotFace.face_id, SnapshotFace.label).where(SnapshotFace.snapshot_id == snapshot_id)
    weighted = select(SnapshotFace.face_id, SnapshotFace.weight).where(SnapshotFace.snapshot_id == snapshot_id)
    weights = {face: weight for face, weight in session.execute(weighted.where(SnapshotFace.weight.is_not(None)))}
    selections = []
    for split in SPLITS:
        rows = _array(session, query.where(SnapshotFace.split == split).order_by(SnapshotFace.face_id))
        selections.append(ExportSelection(split, rows[:, 0], rows[:, -1].astype(np.int8), weights))
    return selections


def faces(session: Session, chosen: Sequence[ExportSelection], with_votes: bool = False) -> Iterator[ExportFace]:
    """The chosen faces, split by split; of a snapshot's, what was decided meanwhile is left out."""
    for selection in chosen:
        for start in range(0, len(selection.face_ids), CHUNK):
            numbers = selection.face_ids[start : start + CHUNK].tolist()
            read = _read(session, numbers)
            if selection.labels is None:
                read = _marked(session, read)
            if with_votes and selection.labels is None:
                read = {n: replace(face, votes=tuple(votes)) for n, (face, votes) in _voted(session, read).items()}
            if selection.labels is None:
                yield from (read[number] for number in numbers)
                continue
            labels = selection.labels[start : start + CHUNK].tolist()
            for number, label in zip(numbers, labels, strict=True):
                frozen = {"label": label, "split": selection.split, "weight": selection.weights.get(number)}
                yield replace(read[number], **frozen, state=None, reason=None)


def _read(session: Session, numbers: Sequence[int]) -> dict[int, ExportFace]:
    query = (
        select(
            Face.id.label("number"),
            Face.emotion.label("label"),
            Pixels.gray,
            Dataset.name.label("dataset"),
            Photo.name.label("photo"),
            *(getattr(Face, name) for name in _DETAILS),
        )
        .join(Pixels, Pixels.face_id == Face.id)
        .join(Dataset, Dataset.id == Face.dataset_id)
        .outerjoin(Photo, Photo.id == Face.photo_id)
        .where(Face.id.in_(numbers))
    )
    return {row.number: ExportFace(**row._mapping) for row in session.execute(query)}


def _marked(session: Session, read: dict[int, ExportFace]) -> dict[int, ExportFace]:
    """Faces with their flags and notes."""
    marks = remarks.of_faces(session, list(read))
    marked = {}
    for number, face in read.items():
        mine = marks.get(number, [])
        noted = [mark for mark in mine if mark.note]
        notes, people = [mark.note for mark in noted], [mark.reviewer for mark in noted]
        marked[number] = replace(
            face, flagged=any(mark.flagged for mark in mine), notes=notes or None, noted_by=people or None
        )
    return marked


def _voted(session: Session, read: dict[int, ExportFace]) -> dict[int, tuple[ExportFace, list[ExportVote]]]:
    """Faces with their reviewers' votes, in the order in which these were made."""
    voted: dict[int, tuple[ExportFace, list[ExportVote]]] = {number: (face, []) for number, face in read.items()}
    query = (
        select(Vote.face_id, Vote.sequence, Vote.reviewer, Vote.kind, Vote.emotion, Vote.reason)
        .where(Vote.face_id.in_(list(read)))
        .order_by(Vote.sequence)
    )
    for face_id, decision, reviewer, kind, emotion, reason in session.execute(query):
        voted[face_id][1].append(ExportVote(decision, reviewer, kind, emotion, reason))
    return voted


def _array(session: Session, query: Select[*tuple[Any, ...]]) -> npt.NDArray[np.int64]:
    """The rows of a query for whole numbers: (n, columns) int64, without a Python object for each."""
    width = len(query.selected_columns)
    parts = session.execute(query.execution_options(yield_per=CHUNK)).partitions()
    arrays = [np.array([tuple(row) for row in part], np.int64).reshape(-1, width) for part in parts]
    return np.concatenate(arrays) if arrays else np.empty((0, width), np.int64)

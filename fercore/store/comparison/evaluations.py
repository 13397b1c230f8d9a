"""Evaluations and their predictions: each keeps the labels that it was counted with; none is ever overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session, defer

from fercore.clock import now
from fercore.curation.votes import FaceState
from fercore.emotions import EMOTIONS
from fercore.errors import NotFoundError
from fercore.evaluation.labels import labels_hash
from fercore.splits import Split
from fercore.store.comparison import selections
from fercore.store.tables import Dataset, Evaluation, Face, Photo, Prediction, Run, Snapshot, SnapshotFace
from fercore.store.training.lineage import learned_snapshots

if TYPE_CHECKING:  # the home page counts runs and needs no numbers of theirs
    import numpy as np
    import numpy.typing as npt

PORTION: Final = 10_000  # predictions to insert at once


@dataclass(frozen=True)
class ScoredFaces:
    """A run's probabilities on faces: `labels` (N,), `probabilities` (N, 7) float32."""

    face_ids: list[int]
    labels: "npt.NDArray[np.int64]"
    probabilities: "npt.NDArray[np.float32]"


def _labelled(dataset_id: int, split: str, *columns: Any) -> Select[Any]:
    """These columns of the faces of one split that have a label and are not rejected."""
    return select(*columns).where(
        Face.dataset_id == dataset_id, Face.split == split, Face.emotion.is_not(None), Face.state != FaceState.REJECTED
    )


def labelled_faces(session: Session, dataset_id: int, split: str) -> tuple[list[int], list[int]]:
    """Ids and labels of the faces of one split that have a label and are not rejected."""
    rows = session.execute(_labelled(dataset_id, split, Face.id, Face.emotion).order_by(Face.id)).all()
    return [face_id for face_id, _ in rows], [emotion for _, emotion in rows]


def has_labelled_faces(session: Session, dataset_id: int, split: str) -> bool:
    """True if a split has a face with a label that is not rejected."""
    return session.scalar(_labelled(dataset_id, split, Face.id).limit(1)) is not None


def present_labels(session: Session, dataset_id: int, split: str, evaluation_id: int | None = None) -> str:
    """The hash of the labels that an evaluation would be counted with now; of one that is named, on its own faces."""
    query = _labelled(dataset_id, split, Face.pixel_hash, Face.emotion)
    if evaluation_id is not None:
        own = select(Prediction.face_id).where(Prediction.evaluation_id == evaluation_id)
        query = query.where(Face.id.in_(own))
    return labels_hash((digest, label) for digest, label in session.execute(query))


def add(session: Session, evaluation: Evaluation, scored: ScoredFaces) -> Evaluation:
    """Store an evaluation with its predictions and the hash of its labels, beside all earlier ones."""
    import numpy as np

    digests = _pixel_hashes(session, scored.face_ids)
    counted = zip(scored.face_ids, scored.labels, strict=True)
    evaluation.labels_hash = labels_hash((digests[face_id], int(label)) for face_id, label in counted)
    evaluation.created_at = now()
    evaluation.selected_by = selections.runs_behind(session, evaluation.dataset_id, evaluation.split)
    session.add(evaluation)
    session.flush()
    predicted = scored.probabilities.argmax(1) if scored.face_ids else np.empty(0, int)
    # In portions: as many rows at once would take a hundred times the memory of the numbers themselves.
    for start in range(0, len(scored.face_ids), PORTION):
        part = slice(start, start + PORTION)
        parts = (scored.face_ids[part], scored.labels[part], predicted[part], scored.probabilities[part])
        rows = [
            {
                "evaluation_id": evaluation.id,
                "face_id": face_id,
                "label": int(label),
                "predicted": int(guess),
                "probabilities": row.astype("<f4").tobytes(),
            }
            for face_id, label, guess, row in zip(*parts, strict=True)
        ]
        session.execute(insert(Prediction), rows)
    return evaluation


def equal(session: Session, run_id: int, dataset_id: int, split: str, new: ScoredFaces) -> int | None:
    """The latest evaluation of a run on a place if it says the same of the same faces with the same labels."""
    query = select(func.max(Evaluation.id)).where(
        Evaluation.run_id == run_id, Evaluation.dataset_id == dataset_id, Evaluation.split == split
    )
    latest_id = session.scalar(query)
    if latest_id is None:
        return None
    known = scored(session, latest_id)
    same = (
        known.face_ids == new.face_ids
        and bool((known.labels == new.labels).all())
        and bool((known.probabilities == new.probabilities).all())
    )
    return latest_id if same else None


def _pixel_hashes(session: Session, face_ids: Sequence[int]) -> dict[int, str]:
    hashes: dict[int, str] = {}
    for start in range(0, len(face_ids), 10_000):
        part = face_ids[start : start + 10_000]
        rows = session.execute(select(Face.id, Face.pixel_hash).where(Face.id.in_(part)))
        hashes.update({face_id: digest for face_id, digest in rows})
    return hashes


def get(session: Session, evaluation_id: int) -> Evaluation:
    """The evaluation of that number; raises NotFoundError."""
    evaluation = session.get(Evaluation, evaluation_id)
    if evaluation is None:
        raise NotFoundError("evaluation", evaluation_id)
    return evaluation


def latest(session: Session, run_id: int | None = None) -> list[tuple[Evaluation, Run, Snapshot | None, Dataset]]:
    """The latest evaluation of each run, or of one, on each place with what it belongs to, by run."""
    newest = select(func.max(Evaluation.id)).group_by(Evaluation.run_id, Evaluation.dataset_id, Evaluation.split)
    if run_id is not None:
        newest = newest.where(Evaluation.run_id == run_id)
    query = _with_origin().where(Evaluation.id.in_(newest)).order_by(Evaluation.run_id, Evaluation.id)
    return [(e, run, snapshot, dataset) for e, run, snapshot, dataset in session.execute(query)]


def earlier(session: Session, evaluation: Evaluation) -> list[tuple[Evaluation, Run, Snapshot | None, Dataset]]:
    """All evaluations of the same run on the same place with what they belong to, the newest first."""
    query = _with_origin().where(
        Evaluation.run_id == evaluation.run_id,
        Evaluation.dataset_id == evaluation.dataset_id,
        Evaluation.split == evaluation.split,
    )
    newest_first = query.order_by(Evaluation.id.desc())
    return [(e, run, snapshot, dataset) for e, run, snapshot, dataset in session.execute(newest_first)]


def _with_origin() -> Select[Evaluation, Run, Snapshot, Dataset]:
    return (
        select(Evaluation, Run, Snapshot, Dataset)
        .options(defer(Evaluation.measures))
        .join(Run, Run.id == Evaluation.run_id)
        .outerjoin(Snapshot, Snapshot.id == Run.snapshot_id)
        .join(Dataset, Dataset.id == Evaluation.dataset_id)
    )


def accuracies(session: Session, run_ids: Sequence[int]) -> dict[int, dict[tuple[str, str], float]]:
    """The latest accuracies of several runs by (dataset, split), by run."""
    query = (
        select(Evaluation.run_id, Dataset.name, Evaluation.split, Evaluation.accuracy)
        .join(Dataset, Dataset.id == Evaluation.dataset_id)
        .where(Evaluation.run_id.in_(run_ids))
        .order_by(Evaluation.id)
    )
    by_run: dict[int, dict[tuple[str, str], float]] = {}
    for run_id, dataset, split, accuracy in session.execute(query):
        by_run.setdefault(run_id, {})[dataset, split] = accuracy
    return by_run


def scored(session: Session, evaluation_id: int) -> ScoredFaces:
    """The stored probabilities of an evaluation."""
    import numpy as np

    query = (
        select(Prediction.face_id, Prediction.label, Prediction.probabilities)
        .where(Prediction.evaluation_id == evaluation_id)
        .order_by(Prediction.face_id)
    )
    rows = session.execute(query).all()
    probabilities = np.frombuffer(b"".join(row[2] for row in rows), "<f4").reshape(-1, len(EMOTIONS))
    return ScoredFaces([row[0] for row in rows], np.array([row[1] for row in rows], np.int64), probabilities)


def known_probabilities(session: Session, run_id: int, dataset_id: int, split: str) -> dict[int, bytes]:
    """The probabilities of a run for each face in any of its evaluations on a place: seven float32 each, by face."""
    query = (
        select(Prediction.face_id, Prediction.probabilities)
        .join(Evaluation, Evaluation.id == Prediction.evaluation_id)
        .where(Evaluation.run_id == run_id, Evaluation.dataset_id == dataset_id, Evaluation.split == split)
        .order_by(Evaluation.id)
    )
    return {face_id: raw for face_id, raw in session.execute(query)}


def origins(session: Session, evaluation_id: int) -> Sequence[Any]:
    """(face id, identity, photo, subject) of each face of an evaluation, in the order of `scored`."""
    query = (
        select(Face.id, Face.identity, Photo.name, Face.subject)
        .join(Prediction, Prediction.face_id == Face.id)
        .outerjoin(Photo, Photo.id == Face.photo_id)
        .where(Prediction.evaluation_id == evaluation_id)
        .order_by(Prediction.face_id)
    )
    return session.execute(query).all()


def measures(session: Session, evaluation_ids: Sequence[int]) -> dict[int, dict[str, Any] | None]:
    """The stored measures of evaluations, by evaluation; None for those that are older."""
    by_id: dict[int, dict[str, Any] | None] = {}
    for start in range(0, len(evaluation_ids), 10_000):
        part = evaluation_ids[start : start + 10_000]
        rows = session.execute(select(Evaluation.id, Evaluation.measures).where(Evaluation.id.in_(part)))
        by_id |= {number: values for number, values in rows}
    return by_id


def learned(session: Session, evaluation_id: int, run_id: int) -> tuple[set[int], set[int]]:
    """The faces of an evaluation that its run, or one that it continues, learned, pixel by pixel, and those of people
    whom it learned.
    """
    frozen = (
        select(Face.pixel_hash, Face.subject, Face.dataset_id)
        .join(SnapshotFace, SnapshotFace.face_id == Face.id)
        .where(SnapshotFace.snapshot_id.in_(learned_snapshots(run_id)), SnapshotFace.split == Split.TRAIN)
        .cte("learned")
    )
    counted = select(Face.id).join(Prediction, Prediction.face_id == Face.id)
    counted = counted.where(Prediction.evaluation_id == evaluation_id)
    same_pixels = counted.where(Face.pixel_hash.in_(select(frozen.c.pixel_hash)))
    same_person = counted.where(
        select(frozen.c.subject)
        .where(frozen.c.dataset_id == Face.dataset_id, frozen.c.subject == Face.subject)
        .exists()
    )
    return set(session.scalars(same_pixels)), set(session.scalars(same_person))

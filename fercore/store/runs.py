"""Runs, their epochs, evaluations and predictions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from fercore.emotions import EMOTIONS
from fercore.errors import NotFoundError
from fercore.store.database import now
from fercore.store.tables import Dataset, Epoch, Evaluation, Face, Job, Prediction, Run, Snapshot

if TYPE_CHECKING:  # the home page counts runs and needs no numbers of theirs
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True)
class Scored:
    """A run's probabilities on faces: `labels` (N,), `probabilities` (N, 7) float32."""

    face_ids: list[int]
    labels: "npt.NDArray[np.int64]"
    probabilities: "npt.NDArray[np.float32]"


def get(session: Session, run_id: int) -> Run:
    """The run of that number; raises NotFoundError."""
    found = session.get(Run, run_id)
    if found is None:
        raise NotFoundError("run", run_id)
    return found


def listed(session: Session) -> list[tuple[Run, Snapshot, Job | None]]:
    """All runs with their snapshots and jobs, newest first."""
    query = (
        select(Run, Snapshot, Job)
        .join(Snapshot, Snapshot.id == Run.snapshot_id)
        .outerjoin(Job, Job.id == Run.job_id)
        .order_by(Run.id.desc())
    )
    return [(run, snapshot, job) for run, snapshot, job in session.execute(query)]


def held(session: Session, run_id: int) -> Run:
    """The run of that number, which nobody else changes before this transaction ends; raises NotFoundError."""
    found = session.scalar(select(Run).where(Run.id == run_id).with_for_update())
    if found is None:
        raise NotFoundError("run", run_id)
    return found


def change_status(session: Session, run_id: int, before: Sequence[str], after: str) -> bool:
    """Change a run's status if it is one of those `before`; returns whether it was."""
    changed = update(Run).where(Run.id == run_id, Run.status.in_(before)).values(status=after).returning(Run.id)
    return session.scalar(changed) is not None


def set_values(session: Session, run_id: int, **values: object) -> None:
    """Change columns of one run."""
    session.execute(update(Run).where(Run.id == run_id).values(**values))


def add_epoch(session: Session, epoch: Epoch) -> None:
    """Store one epoch's metrics; the same epoch again, after a resume, replaces them."""
    session.merge(epoch)


def epochs(session: Session, run_id: int) -> list[Epoch]:
    """The epochs of a run in order."""
    return list(session.scalars(select(Epoch).where(Epoch.run_id == run_id).order_by(Epoch.number)))


def epochs_of(session: Session, run_ids: Sequence[int]) -> dict[int, list[Epoch]]:
    """The epochs of several runs in order, by run."""
    found: dict[int, list[Epoch]] = {run_id: [] for run_id in run_ids}
    for epoch in session.scalars(select(Epoch).where(Epoch.run_id.in_(run_ids)).order_by(Epoch.run_id, Epoch.number)):
        found[epoch.run_id].append(epoch)
    return found


def replace_epochs(session: Session, run_id: int, epochs: Sequence[Epoch]) -> None:
    """Have exactly these epochs, none where a run starts over."""
    session.execute(delete(Epoch).where(Epoch.run_id == run_id))
    session.add_all(epochs)


def labelled_faces(session: Session, dataset_id: int, split: str) -> tuple[list[int], list[int]]:
    """Ids and labels of the faces of one split that have a label and are not rejected."""
    query = select(Face.id, Face.emotion).where(
        Face.dataset_id == dataset_id,
        Face.split == split,
        Face.emotion.is_not(None),
        Face.state != "rejected",
    )
    rows = session.execute(query.order_by(Face.id)).all()
    return [face_id for face_id, _ in rows], [emotion for _, emotion in rows if emotion is not None]


def has_labelled_faces(session: Session, dataset_id: int, split: str) -> bool:
    """Whether a split has a face with a label that is not rejected."""
    query = select(Face.id).where(
        Face.dataset_id == dataset_id, Face.split == split, Face.emotion.is_not(None), Face.state != "rejected"
    )
    return session.scalar(query.limit(1)) is not None


def replace_evaluation(session: Session, evaluation: Evaluation, scored: Scored) -> Evaluation:
    """Store an evaluation with its predictions in place of an earlier one of the same split."""
    import numpy as np

    session.execute(
        delete(Evaluation).where(
            Evaluation.run_id == evaluation.run_id,
            Evaluation.dataset_id == evaluation.dataset_id,
            Evaluation.split == evaluation.split,
        )
    )
    evaluation.created_at = now()
    session.add(evaluation)
    session.flush()
    predicted = scored.probabilities.argmax(1) if scored.face_ids else np.empty(0, int)
    rows = [
        {
            "evaluation_id": evaluation.id,
            "face_id": face_id,
            "label": int(label),
            "predicted": int(guess),
            "probabilities": row.astype("<f4").tobytes(),
        }
        for face_id, label, guess, row in zip(
            scored.face_ids, scored.labels, predicted, scored.probabilities, strict=True
        )
    ]
    session.execute(insert(Prediction), rows)
    return evaluation


def evaluations(session: Session) -> list[tuple[Evaluation, Run, Snapshot, Dataset]]:
    """Every evaluation with what it belongs to, by run."""
    query = (
        select(Evaluation, Run, Snapshot, Dataset)
        .join(Run, Run.id == Evaluation.run_id)
        .join(Snapshot, Snapshot.id == Run.snapshot_id)
        .join(Dataset, Dataset.id == Evaluation.dataset_id)
        .order_by(Evaluation.run_id, Evaluation.id)
    )
    return [(e, run, snapshot, dataset) for e, run, snapshot, dataset in session.execute(query)]


def accuracies(session: Session, run_ids: Sequence[int]) -> dict[int, dict[tuple[str, str], float]]:
    """The accuracies of several runs by (dataset, split), by run."""
    query = (
        select(Evaluation.run_id, Dataset.name, Evaluation.split, Evaluation.accuracy)
        .join(Dataset, Dataset.id == Evaluation.dataset_id)
        .where(Evaluation.run_id.in_(run_ids))
        .order_by(Evaluation.id)
    )
    found: dict[int, dict[tuple[str, str], float]] = {}
    for run_id, dataset, split, accuracy in session.execute(query):
        found.setdefault(run_id, {})[dataset, split] = accuracy
    return found


def scored(session: Session, evaluation_id: int) -> Scored:
    """The stored probabilities of an evaluation."""
    import numpy as np

    query = (
        select(Prediction.face_id, Prediction.label, Prediction.probabilities)
        .where(Prediction.evaluation_id == evaluation_id)
        .order_by(Prediction.face_id)
    )
    rows = session.execute(query).all()
    probabilities = np.frombuffer(b"".join(row[2] for row in rows), "<f4").reshape(-1, len(EMOTIONS))
    return Scored([row[0] for row in rows], np.array([row[1] for row in rows], np.int64), probabilities)


def cell(session: Session, evaluation_id: int, label: int, predicted: int, limit: int = 600) -> Sequence[Any]:
    """Rows (face_id, probabilities) of one confusion cell."""
    query = (
        select(Prediction.face_id, Prediction.probabilities)
        .where(
            Prediction.evaluation_id == evaluation_id,
            Prediction.label == label,
            Prediction.predicted == predicted,
        )
        .order_by(Prediction.face_id)
        .limit(limit)
    )
    return session.execute(query).all()


def count(session: Session) -> int:
    """How many runs there are."""
    return session.scalar(select(func.count()).select_from(Run)) or 0


def remove(session: Session, run_id: int) -> None:
    """Delete a run with its epochs and evaluations."""
    session.execute(delete(Run).where(Run.id == run_id))

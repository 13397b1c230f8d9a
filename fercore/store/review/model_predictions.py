"""Predictions of runs for faces that they did not learn from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, aliased

from fercore.emotions import EMOTIONS
from fercore.splits import Split
from fercore.store.datasets.faces import PRESENT
from fercore.store.tables import Face, ModelPrediction, SnapshotFace
from fercore.store.training.lineage import learned_snapshots

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def unasked(session: Session, run_id: int, dataset_id: int) -> list[int]:
    """The faces of a dataset that a run has neither seen nor learned, nor one that it continues, nor an exact copy."""
    known = aliased(Face)
    learned = (
        select(known.pixel_hash)
        .join(SnapshotFace, SnapshotFace.face_id == known.id)
        .where(SnapshotFace.snapshot_id.in_(learned_snapshots(run_id)), SnapshotFace.split == Split.TRAIN)
    )
    predicted = select(ModelPrediction.face_id).where(
        ModelPrediction.run_id == run_id, ModelPrediction.face_id == Face.id
    )
    query = select(Face.id).where(
        Face.dataset_id == dataset_id, Face.pixel_hash.not_in(learned), PRESENT, ~predicted.exists()
    )
    return list(session.scalars(query.order_by(Face.id)))


def add(
    session: Session, run_id: int, dataset_id: int, face_ids: Sequence[int], probabilities: "npt.NDArray[np.float32]"
) -> None:
    """Keep what a run says of faces of a dataset: (N, 7)."""
    rows = [
        {"run_id": run_id, "face_id": face_id, "dataset_id": dataset_id, "probabilities": row.astype("<f4").tobytes()}
        for face_id, row in zip(face_ids, probabilities, strict=True)
    ]
    session.execute(insert(ModelPrediction.plain()), rows)


def count(session: Session, run_id: int, dataset_id: int) -> int:
    """Of how many faces of a dataset a run has an opinion."""
    query = select(func.count()).select_from(ModelPrediction)
    return session.scalar(query.where(ModelPrediction.run_id == run_id, ModelPrediction.dataset_id == dataset_id)) or 0


def of_dataset(
    session: Session, run_id: int, dataset_id: int
) -> "tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]":
    """The faces of a dataset of which a run has an opinion, (N,), and what it says: (N, 7)."""
    import numpy as np

    query = select(ModelPrediction.face_id, ModelPrediction.probabilities)
    query = query.where(ModelPrediction.run_id == run_id, ModelPrediction.dataset_id == dataset_id)
    rows = session.connection().execute(query).all()  # the session would take as long again
    probabilities = np.frombuffer(b"".join(row[1] for row in rows), "<f4").reshape(-1, len(EMOTIONS))
    return np.array([row[0] for row in rows], np.int64), probabilities


def of_face(session: Session, run_id: int, face_id: int) -> "npt.NDArray[np.float32] | None":
    """The prediction of a run for one face: (7,); None where it says nothing."""
    import numpy as np

    prediction = session.get(ModelPrediction, (run_id, face_id))
    return None if prediction is None else np.frombuffer(prediction.probabilities, "<f4", len(EMOTIONS))

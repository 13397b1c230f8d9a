"""Predictions of many evaluations as arrays, and the facts of the faces that they are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from fercore.curation.votes import FaceState
from fercore.emotions import EMOTIONS
from fercore.store.tables import Face, Prediction

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_CELLS = len(EMOTIONS) ** 2
_CHUNK = 10_000


@dataclass(frozen=True)
class CountedFaces:
    """The faces of an evaluation by number (N,), and the cell of each in its matrix (N,): 7 · label + predicted."""

    face_ids: "npt.NDArray[np.int64]"
    cells: "npt.NDArray[np.uint8]"


def counted(session: Session, evaluation_ids: Sequence[int]) -> dict[int, CountedFaces]:
    """The faces and cells of each of these evaluations, by evaluation."""
    import numpy as np

    found = {}
    packed = Prediction.face_id * _CELLS + Prediction.label * len(EMOTIONS) + Prediction.predicted
    for number in evaluation_ids:
        query = select(packed).where(Prediction.evaluation_id == number).order_by(Prediction.face_id)
        # Rows of the driver: a million of them as SQLAlchemy's would take twice as long.
        rows = session.connection().execute(query).cursor.fetchall()
        values = np.fromiter((value for (value,) in rows), np.int64, len(rows))
        found[number] = CountedFaces(values // _CELLS, (values % _CELLS).astype(np.uint8))
    return found


def probabilities(
    session: Session, evaluation_ids: Sequence[int], face_ids: Sequence[int]
) -> "npt.NDArray[np.float32]":
    """(R, M, 7) probabilities of M faces in ascending order, each of which is in all R evaluations."""
    import numpy as np

    found = np.empty((len(evaluation_ids), len(face_ids), len(EMOTIONS)), np.float32)
    for row, number in enumerate(evaluation_ids):
        parts = []
        for start in range(0, len(face_ids), _CHUNK):
            query = (
                select(Prediction.probabilities)
                .where(Prediction.evaluation_id == number, Prediction.face_id.in_(face_ids[start : start + _CHUNK]))
                .order_by(Prediction.face_id)
            )
            parts += [bytes(raw) for (raw,) in session.connection().execute(query).cursor.fetchall()]
        found[row] = np.frombuffer(b"".join(parts), "<f4").reshape(-1, len(EMOTIONS))
    return found


@dataclass(frozen=True)
class FaceFacts:
    """The faces of one split, in the order of their numbers: their pixels' hashes, the people they show, and their
    labels of now (-1 for one without a label or rejected).
    """

    face_ids: "npt.NDArray[np.int64]"
    pixels: list[str]
    subjects: list[str | None]
    labels: "npt.NDArray[np.int64]"

    @cached_property
    def clusters(self) -> "npt.NDArray[np.int64]":
        """Numbers of the clusters of faces that are alike: of one person, or copies."""
        from fercore.evaluation.clusters import clusters

        return clusters(self.subjects, self.pixels)


def face_facts(session: Session, dataset_id: int, split: str) -> FaceFacts:
    """The facts of all faces of a split."""
    import numpy as np

    query = (
        select(Face.id, Face.pixel_hash, Face.subject, Face.emotion, Face.state)
        .where(Face.dataset_id == dataset_id, Face.split == split)
        .order_by(Face.id)
    )
    rows = session.execute(query).all()
    return FaceFacts(
        np.array([row[0] for row in rows], np.int64),
        [row[1] for row in rows],
        [row[2] for row in rows],
        np.array(
            [-1 if emotion is None or state == FaceState.REJECTED else emotion for *_, emotion, state in rows], np.int64
        ),
    )

"""The faces of one cell of an evaluation's confusion matrix, and those outside of it."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fercore.curation.votes import FaceState
from fercore.store.tables import Face, Prediction

_ABOUT: Final = (Face.subject, Face.gender, Face.age, Face.emotion, Face.state)


def cell(session: Session, evaluation_id: int, label: int, predicted: int) -> Sequence[Any]:
    """Rows (face_id, probabilities, the person, the label of now, the state) of one confusion cell."""
    query = (
        select(Prediction.face_id, Prediction.probabilities, *_ABOUT)
        .join(Face, Face.id == Prediction.face_id)
        .where(
            Prediction.evaluation_id == evaluation_id,
            Prediction.label == label,
            Prediction.predicted == predicted,
        )
        .order_by(Prediction.face_id)
    )
    return session.execute(query).all()


def outside(session: Session, evaluation_id: int, label: int, predicted: int) -> list[tuple[int, int]]:
    """(face, label) of all faces of an evaluation that lie in another cell of its matrix, and count still."""
    apart = or_(Prediction.label != label, Prediction.predicted != predicted)
    query = (
        select(Prediction.face_id, Face.emotion)
        .join(Face, Face.id == Prediction.face_id)
        .where(Prediction.evaluation_id == evaluation_id, apart)
        .where(Face.emotion.is_not(None), Face.state != FaceState.REJECTED)
        .order_by(Prediction.face_id)
    )
    return [(face_id, emotion) for face_id, emotion in session.execute(query) if emotion is not None]


def qualities(session: Session, evaluation_id: int) -> Sequence[Any]:
    """Rows (face_id, sharpness, brightness, contrast, box) of all faces of an evaluation."""
    query = (
        select(Face.id, Face.sharpness, Face.brightness, Face.contrast, Face.box)
        .join(Prediction, Prediction.face_id == Face.id)
        .where(Prediction.evaluation_id == evaluation_id)
        .order_by(Face.id)
    )
    return session.execute(query).all()

"""Faces that a snapshot or an export leaves out, each by the first reason that holds for it."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, String, case, false, func, literal, or_, select
from sqlalchemy.orm import Session

from fercore.curation.exclusions import Exclusion
from fercore.curation.votes import DecisionKind, FaceState
from fercore.store.datasets.faces import PRESENT
from fercore.store.tables import Face, Vote

REASONS: Final = (
    Exclusion.REJECTED,
    Exclusion.NOT_SURE,
    Exclusion.DISPUTED,
    Exclusion.UNLABELLED,
    Exclusion.NOT_REVIEWED,
)
# A vote that is not sure leaves a face without a label by any rule, however the other votes are.
_UNSURE: Final = select(Vote.face_id).where(Vote.face_id == Face.id, Vote.kind == DecisionKind.UNSURE).exists()


def left_out(
    session: Session, datasets: Sequence[int], only_reviewed: bool = False, split: str | None = None
) -> dict[Exclusion, list[int]]:
    """The faces of these datasets, or of one split of them, that have no label to be used, by reason."""
    reason, condition = _reason(only_reviewed)
    query = select(reason, Face.id).where(Face.dataset_id.in_(datasets), PRESENT, condition)
    if split is not None:
        query = query.where(Face.split == split)
    by_reason: dict[Exclusion, list[int]] = {reason: [] for reason in REASONS}
    for name, face_id in session.execute(query.order_by(Face.id)):
        by_reason[Exclusion(str(name))].append(face_id)
    return {reason: ids for reason, ids in by_reason.items() if ids}


def counts(session: Session, dataset_id: int) -> dict[Exclusion, int]:
    """The number of a dataset's faces without a label to be used, by reason."""
    reason, condition = _reason()
    query = select(reason, func.count()).where(Face.dataset_id == dataset_id, PRESENT, condition).group_by(reason)
    by_reason = {Exclusion(str(name)): count for name, count in session.execute(query)}
    return {reason: by_reason[reason] for reason in REASONS if reason in by_reason}


def _reason(only_reviewed: bool = False) -> tuple[ColumnElement[str | None], ColumnElement[bool]]:
    """The reason of a face, and the condition that it has one."""
    conditions = (
        Face.state == FaceState.REJECTED,
        (Face.state == FaceState.DISPUTED) & _UNSURE,
        Face.state == FaceState.DISPUTED,
        Face.emotion.is_(None),
        Face.state == FaceState.UNDECIDED if only_reviewed else false(),
    )
    named = zip(conditions, (literal(reason, String()) for reason in REASONS), strict=True)
    return case(*named, else_=None), or_(*conditions)

"""Faces that were decided elsewhere while a page showed them as they were before."""

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.orm import Session

from fercore.curation.review_filter import ReviewFilter
from fercore.store.tables import Decision, Lease, TaskFace


def latest(session: Session, face_ids: Sequence[int]) -> dict[int, int]:
    """The last event on each face, 0 where there is none: what a page shows stands on it."""
    query = select(Decision.face_id, func.max(Decision.sequence)).where(Decision.face_id.in_(face_ids))
    by_face = {face: sequence for face, sequence in session.execute(query.group_by(Decision.face_id))}
    return {face: by_face.get(face, 0) for face in face_ids}


def decided_since(session: Session, view: ReviewFilter, drawn: Mapping[int, int], page: str | None) -> set[int]:
    """Those faces with an event after the one that they were drawn with, made on another page.

    In a blind view the events of others change nothing that is shown, and count only where a task needs no further
    vote on the face.
    """
    if not drawn:
        return set()
    elsewhere = or_(Decision.page_id.is_(None), Decision.page_id != page) if page else true()
    query = select(Decision.face_id, Decision.sequence, Decision.reviewer)
    query = query.where(Decision.face_id.in_(list(drawn)), Decision.sequence > min(drawn.values()), elsewhere)
    mine: set[int] = set()
    others: set[int] = set()
    for face, sequence, reviewer in session.execute(query):
        if sequence > drawn[face]:
            (mine if reviewer == view.reviewer else others).add(face)
    return mine | (_complete(session, view, others) if view.blind else others)


def _complete(session: Session, view: ReviewFilter, face_ids: set[int]) -> set[int]:
    """Those faces of a task on which other people have made all decisions that it asks for."""
    if view.task is None or not face_ids:
        return set()
    same = and_(Lease.task_id == TaskFace.task_id, Lease.face_id == TaskFace.face_id)
    decided = func.count(Lease.decided_at)
    query = select(TaskFace.face_id).join(Lease, same).where(TaskFace.task_id == view.task)
    query = query.where(TaskFace.face_id.in_(face_ids), Lease.reviewer != view.reviewer)
    query = query.group_by(TaskFace.face_id, TaskFace.wanted).having(decided >= TaskFace.wanted)
    return set(session.scalars(query))

"""Faces cut anew from their photo: stored beside the one that they replace, and withdrawn with the action."""

from collections.abc import Collection
from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from fercore.curation.votes import BAD_CROP
from fercore.store import decisions, faces, leases, orderings
from fercore.store.decisions import Wish
from fercore.store.faces import NewFace
from fercore.store.leases import Hand
from fercore.store.tables import Face, Recut, SnapshotFace, TaskFace, Vote


def add(session: Session, old: Face, new: NewFace, action: str) -> int:
    """Store the new face under a name that its dataset does not have yet; returns its number."""
    was = orderings.stamp(session, old.dataset_id)
    same = select(func.count()).where(
        Face.photo_id == old.photo_id, Face.identity.startswith(new.identity, autoescape=True)
    )
    if earlier := session.scalar(same):
        new = replace(new, identity=f"{new.identity}~{earlier + 1}")
    (face_id,) = faces.add(session, old.dataset_id, old.import_id, [new]).values()
    session.execute(insert(Recut), [{"face_id": face_id, "replaces": old.id, "action": action}])
    orderings.keep_up(session, old.dataset_id, was, [face_id])
    return face_id


def hand_out(session: Session, hand: Hand, old_id: int, new_id: int) -> None:
    """Put the new face at a task's end for as many people as should see the old one; this person has it in hand."""
    old = session.get(TaskFace, (hand.task_id, old_id))
    if old is None:
        return
    last = session.scalar(select(func.max(TaskFace.place)).where(TaskFace.task_id == hand.task_id)) or 0
    row = {"task_id": hand.task_id, "face_id": new_id, "place": last + 1, "kind": "plain"}
    session.execute(insert(TaskFace), [row | {"wanted": old.wanted, "open": old.wanted}])
    leases.hold(session, hand, new_id)


def withdraw(session: Session, reviewer: str, event_id: str, actions: Collection[str]) -> None:
    """After these actions were undone: what they cut is deleted where nothing stands on it, and else rejected."""
    cut = list(session.scalars(select(Recut.face_id).where(Recut.action.in_(actions))))
    if not cut:
        return
    used = set(session.scalars(select(Vote.face_id).where(Vote.face_id.in_(cut))))
    used |= set(session.scalars(select(SnapshotFace.face_id).where(SnapshotFace.face_id.in_(cut))))
    for dataset_id in session.scalars(select(Face.dataset_id).distinct().where(Face.id.in_(set(cut) - used))).all():
        was = orderings.stamp(session, dataset_id)
        session.execute(delete(Face).where(Face.id.in_(set(cut) - used), Face.dataset_id == dataset_id))
        orderings.keep_up(session, dataset_id, was)
    action = str(uuid5(NAMESPACE_OID, f"withdrawn by {event_id}"))
    wishes = [Wish(str(uuid5(NAMESPACE_OID, f"{action}/{face}")), action, face, reason=BAD_CROP) for face in used]
    decisions.record(session, reviewer, wishes)

"""Faces cut anew from their photo: stored beside the one that they replace, and withdrawn with the action."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from fercore.faces.boxes import Box, overlap
from fercore.store import faces, leases, orderings, tally
from fercore.store.faces import NewFace
from fercore.store.leases import Hand
from fercore.store.tables import Dataset, Face, Lease, Recut, TaskFace

SAME: float = 0.5  # intersection over union


def add(session: Session, old: Face, new: NewFace, action: str) -> int:
    """Store the new face; returns its number. Of two people who cut nearly the same, the first one's crop is taken."""
    hold(session, old.dataset_id)
    for face_id, box in standing(session, old.id):
        if new.box is not None and overlap(box, new.box) >= SAME:
            return face_id
    new = replace(new, identity=f"{new.identity}~{action[:8]}")
    face_id = store(session, (old.dataset_id, old.import_id), new)
    session.execute(insert(Recut), [{"face_id": face_id, "replaces": old.id, "action": action}])
    return face_id


def hold(session: Session, dataset_id: int) -> None:
    """Until the end of the transaction no other one adds a drawn face to a dataset."""
    session.execute(select(Dataset.id).where(Dataset.id == dataset_id).with_for_update())


def store(session: Session, place: tuple[int, int], new: NewFace) -> int:
    """Store a drawn face in a (dataset, import), also at the end of kept orders; returns its number."""
    dataset_id, import_id = place
    hold(session, dataset_id)  # orders are kept up
    was = orderings.stamp(session, dataset_id)
    (face_id,) = faces.add(session, dataset_id, import_id, [new]).values()
    orderings.keep_all_up(session, dataset_id, was)
    return face_id


def is_named_so(identity: str) -> bool:
    """Whether a face's name is that of one that somebody cut: its photo, the box, and a part of the action's number."""
    return re.search(r"#\d+,\d+,\d+,\d+~[0-9a-f]{8}$", identity) is not None


def standing(session: Session, old_id: int) -> list[tuple[int, Box]]:
    """The faces that were cut in place of this one and not withdrawn, with their boxes."""
    query = select(Face.id, Face.box).join(Recut, Recut.face_id == Face.id)
    query = query.where(Recut.replaces == old_id, ~Recut.withdrawn).order_by(Face.id)
    return [(face_id, (box[0], box[1], box[2], box[3])) for face_id, box in session.execute(query) if box]


def count(session: Session, which: ColumnElement[bool]) -> int:
    """How many of these faces were drawn by hand and not withdrawn."""
    query = select(func.count()).select_from(Recut).join(Face, Face.id == Recut.face_id)
    return session.scalar(query.where(which, ~Recut.withdrawn)) or 0


def with_box(session: Session, photo_id: int | None, box: Box) -> int | None:
    """The face of a photo that has exactly this box and is neither rejected nor withdrawn."""
    query = select(Face.id, Face.box).where(Face.photo_id == photo_id, Face.state != "rejected", faces.PRESENT)
    return next((face_id for face_id, its in session.execute(query) if its == list(box)), None)


def imported(session: Session, face_ids: Sequence[int]) -> list[int]:
    """Those of these faces that nobody cut anew: the others lie at the end of every order."""
    cut = set(session.scalars(select(Recut.face_id).where(Recut.face_id.in_(face_ids))))
    return [face_id for face_id in face_ids if face_id not in cut]


def hand_out(session: Session, hand: Hand, old_id: int, new_id: int) -> None:
    """Put the new face at a task's end for as many people as should see the old one; this person has it in hand."""
    old = session.get(TaskFace, (hand.task_id, old_id))
    if old is None or session.get(TaskFace, (hand.task_id, new_id)) is not None:
        return
    last = session.scalar(select(func.max(TaskFace.place)).where(TaskFace.task_id == hand.task_id)) or 0
    row = {"task_id": hand.task_id, "face_id": new_id, "place": last + 1, "kind": "plain"}
    session.execute(insert(TaskFace), [row | {"wanted": old.wanted, "open": old.wanted}])
    leases.hold(session, hand, new_id)


def reinstate(session: Session, actions: Collection[str]) -> None:
    """After these actions count again: what they cut is there again; tasks do not get it back."""
    cut = list(session.scalars(select(Recut.face_id).where(Recut.action.in_(actions), Recut.withdrawn)))
    if cut:
        session.execute(update(Recut).where(Recut.face_id.in_(cut)).values(withdrawn=False))
        tally.store_labels(session, tally.bases(session, cut), tally.votes_of(session, cut))


def withdraw(session: Session, actions: Collection[str]) -> None:
    """After these actions were undone: what they cut counts nowhere and leaves its tasks. Nothing is deleted."""
    cut = list(session.scalars(select(Recut.face_id).where(Recut.action.in_(actions))))
    if not cut:
        return
    session.execute(update(Recut).where(Recut.face_id.in_(cut)).values(withdrawn=True))
    session.execute(delete(Lease).where(Lease.face_id.in_(cut)))
    session.execute(delete(TaskFace).where(TaskFace.face_id.in_(cut)))
    tally.store_labels(session, tally.bases(session, cut), tally.votes_of(session, cut))

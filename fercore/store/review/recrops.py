"""Faces cut anew from their photo: stored beside the one that they replace, and withdrawn with the action."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from fercore.curation.lease_owner import LeaseOwner
from fercore.curation.votes import DecisionKind, FaceState
from fercore.faces.boxes import Box, overlap
from fercore.store.datasets import faces
from fercore.store.datasets.faces import NewFace
from fercore.store.review import labels, leases, sort_orders
from fercore.store.review.decisions import is_undone
from fercore.store.tables import Dataset, Decision, Face, Lease, Recrop, Task, TaskFace, Vote

SAME: float = 0.5  # intersection over union


def add(session: Session, old: Face, new: NewFace, action: str) -> int:
    """Store the new face; returns its number. Of two people who cut nearly the same, the first one's crop is taken."""
    hold(session, old.dataset_id)
    for face_id, box in standing(session, old.id):
        if new.box is not None and overlap(box, new.box) >= SAME:
            recut = session.get_one(Recrop, face_id)
            recut.also = [*recut.also, action]
            return face_id
    new = replace(new, identity=f"{new.identity}~{action[:8]}")
    face_id = store(session, (old.dataset_id, old.import_id), new)
    session.execute(insert(Recrop), [{"face_id": face_id, "replaces": old.id, "action": action}])
    return face_id


def hold(session: Session, dataset_id: int) -> None:
    """Until the end of the transaction no other one adds a drawn face to a dataset."""
    session.execute(select(Dataset.id).where(Dataset.id == dataset_id).with_for_update())


def store(session: Session, place: tuple[int, int], new: NewFace) -> int:
    """Store a drawn face in a (dataset, import), also at the end of kept orders; returns its number."""
    dataset_id, import_id = place
    hold(session, dataset_id)  # orders are kept up
    was = sort_orders.stamp(session, dataset_id)
    (face_id,) = faces.add(session, dataset_id, import_id, [new]).values()
    sort_orders.keep_all_up(session, dataset_id, was)
    return face_id


def is_named_so(identity: str) -> bool:
    """True if a face's name is that of one that somebody cut: its photo, the box, and a part of the action's number."""
    return re.search(r"#\d+,\d+,\d+,\d+~[0-9a-f]{8}$", identity) is not None


def standing(session: Session, old_id: int) -> list[tuple[int, Box]]:
    """The faces that were cut in place of this one and not withdrawn, with their boxes."""
    query = select(Face.id, Face.box).join(Recrop, Recrop.face_id == Face.id)
    query = query.where(Recrop.replaces == old_id, ~Recrop.withdrawn).order_by(Face.id)
    return [(face_id, (box[0], box[1], box[2], box[3])) for face_id, box in session.execute(query) if box]


def count(session: Session, which: ColumnElement[bool]) -> int:
    """The number of these faces that were drawn by hand and not withdrawn."""
    query = select(func.count()).select_from(Recrop).join(Face, Face.id == Recrop.face_id)
    return session.scalar(query.where(which, ~Recrop.withdrawn)) or 0


def with_box(session: Session, photo_id: int | None, box: Box) -> int | None:
    """The face of a photo that has exactly this box and is neither rejected nor withdrawn."""
    query = select(Face.id, Face.box).where(Face.photo_id == photo_id, Face.state != FaceState.REJECTED, faces.PRESENT)
    return next((face_id for face_id, its in session.execute(query) if its == list(box)), None)


def imported(session: Session, face_ids: Sequence[int]) -> list[int]:
    """Those of these faces that nobody cut anew: the others lie at the end of every order."""
    cut = set(session.scalars(select(Recrop.face_id).where(Recrop.face_id.in_(face_ids))))
    return [face_id for face_id in face_ids if face_id not in cut]


def hand_out(session: Session, owner: LeaseOwner, old_id: int, new_id: int) -> None:
    """Put the new face at a task's end for as many people as should see the old one; this person has it in hand."""
    old = session.get(TaskFace, (owner.task_id, old_id))
    if old is None or session.get(TaskFace, (owner.task_id, new_id)) is not None:
        return
    _add_to_task(session, owner.task_id, new_id, old.wanted, "plain")
    leases.hold(session, owner, new_id)


def reinstate(session: Session, actions: Collection[str]) -> None:
    """After these actions count again: what they drew is there again, in its tasks, too.

    Where the same was drawn once more meanwhile, that crop stands for both.
    """
    for recut in _drawn(session, actions):
        if not recut.withdrawn:
            continue
        same = _overlapping(session, recut)
        if same is None:
            drew = [recut.action, *recut.also]
            recut.withdrawn, recut.action = False, next(drawing for drawing in drew if drawing in actions)
            recut.also = [drawing for drawing in drew if drawing != recut.action]
            session.flush()
            _return_to_tasks(session, recut)
        else:
            same.also = [*same.also, recut.action, *recut.also]
        _count(session, [recut.face_id])


def withdraw(session: Session, actions: Collection[str]) -> None:
    """After these actions were undone: what they drew counts nowhere and leaves its tasks. Nothing is deleted.

    A crop that another person drew, too, stays while that action is in effect.
    """
    gone: list[int] = []
    for recut in _drawn(session, actions):
        if recut.withdrawn or recut.action not in actions:
            continue
        others = _in_effect(session, [drawing for drawing in recut.also if drawing not in actions])
        if others:
            recut.also = [recut.action, *(drawing for drawing in recut.also if drawing != others[0])]
            recut.action = others[0]
            continue
        rows = session.scalars(select(TaskFace).where(TaskFace.face_id == recut.face_id).order_by(TaskFace.task_id))
        recut.withdrawn, recut.tasks = True, [[row.task_id, row.wanted, row.kind] for row in rows]
        gone.append(recut.face_id)
    session.flush()
    session.execute(delete(Lease).where(Lease.face_id.in_(gone)))
    session.execute(delete(TaskFace).where(TaskFace.face_id.in_(gone)))
    _count(session, gone)


def _drawn(session: Session, actions: Collection[str]) -> list[Recrop]:
    """The crops that these actions drew, alone or with others."""
    replaced = select(Decision.face_id).where(Decision.action.in_(actions), Decision.kind == DecisionKind.REJECTED)
    drawn = or_(
        Recrop.replaces.in_(replaced), Recrop.action.in_(actions)
    )  # those that replace none have no other action
    drawings = session.scalars(select(Recrop).where(drawn).order_by(Recrop.face_id))
    return [drawing for drawing in drawings if not {drawing.action, *drawing.also}.isdisjoint(actions)]


def _in_effect(session: Session, actions: Collection[str]) -> list[str]:
    """Those of these actions that were not undone."""
    first = func.min(Decision.sequence)
    query = select(Decision.action).where(Decision.action.in_(actions), ~is_undone())
    return list(session.scalars(query.group_by(Decision.action).order_by(first)))


def _overlapping(session: Session, recut: Recrop) -> Recrop | None:
    """The crop that stands in place of the same face and has nearly the same box."""
    if recut.replaces is None:
        return None
    box = session.get_one(Face, recut.face_id).box
    near = (face for face, its in standing(session, recut.replaces) if box and overlap(its, tuple(box)) >= SAME)
    number = next(near, None)
    return None if number is None else session.get_one(Recrop, number)


def _return_to_tasks(session: Session, recut: Recrop) -> None:
    """Put a crop at the end of the tasks that it left; a person who decided on it need not decide again."""
    there = set(session.scalars(select(Task.id).where(Task.id.in_([task for task, _, _ in recut.tasks]))))
    voted = session.scalars(select(Vote.reviewer).where(Vote.face_id == recut.face_id)).all()
    for task_id, wanted, kind in recut.tasks:
        if task_id in there:
            _add_to_task(session, task_id, recut.face_id, wanted, kind)
            for reviewer in voted:
                leases.settle(session, LeaseOwner(task_id, reviewer), [recut.face_id])


def _add_to_task(session: Session, task_id: int, face_id: int, wanted: int, kind: str) -> None:
    last = session.scalar(select(func.max(TaskFace.place)).where(TaskFace.task_id == task_id)) or 0
    row = {"task_id": task_id, "face_id": face_id, "place": last + 1, "kind": kind, "wanted": wanted, "open": wanted}
    session.execute(insert(TaskFace), [row])


def _count(session: Session, face_ids: Sequence[int]) -> None:
    if face_ids:
        labels.store_labels(session, labels.bases(session, face_ids), labels.votes_of(session, face_ids))

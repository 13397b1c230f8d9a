"""Orders of a dataset's faces: worked out once, kept as places, found again while the faces are the same."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fercore.store.database import now
from fercore.store.tables import Face, OrderedFace, Ordering, Vote

CHUNK = 20_000
SAID = " said "


def stamp(session: Session, dataset_id: int) -> str:
    """Changes when faces come or go; read from an index."""
    count, last = session.execute(select(func.count(), func.max(Face.id)).where(Face.dataset_id == dataset_id)).one()
    return f"{count}/{last}"


def faces_of(stamp: str) -> int:
    """How many faces there were then."""
    return int(stamp.partition("/")[0])


def stamp_with_opinions(stamp: str, said: int) -> str:
    """The stamp of an order that a run's opinions gave, so many of them."""
    return f"{stamp}{SAID}{said}"


def keep_up(session: Session, dataset_id: int, was: str, face_id: int) -> None:
    """Let the orders that held before a face came go on to hold, the new face at their ends.

    `was` is the stamp of then: who cuts a face anew in the middle of an order shall not begin it again.
    """
    now_is = stamp(session, dataset_id)
    for kept in session.scalars(select(Ordering).where(Ordering.dataset_id == dataset_id)):
        if kept.stamp.partition(SAID)[0] != was:
            continue
        kept.stamp = now_is + kept.stamp.removeprefix(was)
        last = session.scalar(select(func.max(OrderedFace.place)).where(OrderedFace.ordering_id == kept.id))
        row = {"ordering_id": kept.id, "place": 0 if last is None else last + 1, "face_id": face_id}
        session.execute(insert(OrderedFace.plain()), [row])


def find(session: Session, dataset_id: int, name: str, run_id: int | None) -> Ordering | None:
    """The order of that name, of a run's opinions where one is named."""
    same_run = Ordering.run_id.is_(None) if run_id is None else Ordering.run_id == run_id
    return session.scalar(select(Ordering).where(Ordering.dataset_id == dataset_id, Ordering.name == name, same_run))


def held(session: Session, dataset_id: int, name: str, run_id: int | None) -> int:
    """How many faces there were when this order was worked out; 0 where it never was."""
    kept = find(session, dataset_id, name, run_id)
    return 0 if kept is None else faces_of(kept.stamp)


def put(session: Session, ordering: Ordering, face_ids: Sequence[int]) -> int:
    """Keep an order in place of an earlier one of its name; returns its number."""
    old = find(session, ordering.dataset_id, ordering.name, ordering.run_id)
    if old is not None:
        session.execute(delete(Ordering).where(Ordering.id == old.id))
    ordering.made_at = now()
    session.add(ordering)
    session.flush()
    table = OrderedFace.plain()
    for start in range(0, len(face_ids), CHUNK):
        part = face_ids[start : start + CHUNK]
        rows = [{"ordering_id": ordering.id, "place": start + n, "face_id": face} for n, face in enumerate(part)]
        session.execute(insert(table), rows)
    return ordering.id


def face_ids(session: Session, ordering_id: int) -> list[int]:
    """All faces in an order."""
    query = select(OrderedFace.face_id).where(OrderedFace.ordering_id == ordering_id).order_by(OrderedFace.place)
    return list(session.scalars(query))


def columns(session: Session, dataset_id: int, *wanted: InstrumentedAttribute[Any]) -> list[tuple[Any, ...]]:
    """The number and these columns of each face of a dataset, by number."""
    query = select(Face.id, *wanted).where(Face.dataset_id == dataset_id).order_by(Face.id)
    return [tuple(row) for row in session.execute(query)]


def answers(session: Session, dataset_id: int) -> dict[int, list[str]]:
    """What was said of each face that somebody decided: an emotion's index, or what else the vote was."""
    query = select(Vote.face_id, Vote.kind, Vote.emotion).join(Face, Face.id == Vote.face_id)
    found: dict[int, list[str]] = {}
    for face_id, kind, emotion in session.execute(query.where(Face.dataset_id == dataset_id)):
        found.setdefault(face_id, []).append(kind if emotion is None else str(emotion))
    return found

"""Orders of a dataset's faces: worked out once, kept as places, found again while the faces are the same."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, String, cast, delete, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fercore.clock import now
from fercore.store.tables import Face, SortOrder, SortOrderPart, Vote

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

PART: Final = 1024  # faces that are stored, and looked through, together
AT_ONCE: Final = 16  # parts


@dataclass(frozen=True, slots=True)
class SortOrderBasis:
    """The state an order was worked out from: the number of faces, the last one's number, the predictions of a run."""

    faces: int
    last: int
    predictions: int = 0

    def __str__(self) -> str:
        return f"{self.faces}/{self.last}/{self.predictions}"

    @classmethod
    def read(cls, text: str) -> "SortOrderBasis":
        """The stamp that was written so."""
        return cls(*map(int, text.split("/")))


def stamp(session: Session, dataset_id: int) -> SortOrderBasis:
    """Changes when faces come or go; read from an index."""
    count, last = session.execute(select(func.count(), func.max(Face.id)).where(Face.dataset_id == dataset_id)).one()
    return SortOrderBasis(count, last or 0)


def keep_up(session: Session, order: SortOrder, now_is: SortOrderBasis) -> None:
    """Put the faces that came since an order was worked out at its end, so that nobody begins it again.

    `now_is` is the dataset's stamp.
    """
    session.refresh(order, with_for_update=True)  # somebody else may do the same
    was = SortOrderBasis.read(order.stamp)
    new_faces = select(Face.id).where(Face.dataset_id == order.dataset_id, Face.id > was.last).order_by(Face.id)
    parts = select(SortOrderPart).where(SortOrderPart.ordering_id == order.id)
    last = session.scalar(parts.order_by(SortOrderPart.place.desc()).limit(1))
    end = 0 if last is None else last.place + len(_unpacked(last.faces))
    _add(session, order.id, list(session.scalars(new_faces)), end)
    order.stamp = str(replace(now_is, predictions=was.predictions))


def keep_all_up(session: Session, dataset_id: int, was: SortOrderBasis) -> None:
    """The same for every order of a dataset that held when this was its stamp."""
    now_is = stamp(session, dataset_id)
    for order in session.scalars(select(SortOrder).where(SortOrder.dataset_id == dataset_id)).all():
        if replace(SortOrderBasis.read(order.stamp), predictions=0) == was:
            keep_up(session, order, now_is)


def find(session: Session, dataset_id: int, name: str, run_id: int | None) -> SortOrder | None:
    """The order of that name, of a run's opinions where one is named."""
    same_run = SortOrder.run_id.is_(None) if run_id is None else SortOrder.run_id == run_id
    return session.scalar(select(SortOrder).where(SortOrder.dataset_id == dataset_id, SortOrder.name == name, same_run))


def put(session: Session, ordering: SortOrder, face_ids: "npt.NDArray[np.int64] | Sequence[int]") -> int:
    """Keep an order in place of an earlier one of its name; returns its number."""
    old = find(session, ordering.dataset_id, ordering.name, ordering.run_id)
    if old is not None:
        session.execute(delete(SortOrder).where(SortOrder.id == old.id))
    ordering.made_at = now()
    session.add(ordering)
    session.flush()
    _add(session, ordering.id, face_ids, 0)
    return ordering.id


def parts(session: Session, ordering_id: int, place: int = 0) -> Iterator[tuple[int, "npt.NDArray[np.int64]"]]:
    """The faces from a place on, part by part: (place of the first, faces)."""
    query = select(SortOrderPart.place, SortOrderPart.faces).where(SortOrderPart.ordering_id == ordering_id)
    query = query.order_by(SortOrderPart.place).limit(AT_ONCE)
    behind = place - PART
    while rows := session.execute(query.where(SortOrderPart.place > behind)).all():
        behind = rows[-1][0]
        for start, packed in rows:
            faces = _unpacked(packed)[max(place - start, 0) :]
            if len(faces):
                yield max(start, place), faces


def face_ids(session: Session, ordering_id: int) -> list[int]:
    """All faces in an order."""
    return [face_id for _, faces in parts(session, ordering_id) for face_id in faces.tolist()]


def places(session: Session, ordering_id: int, face_ids: Collection[int]) -> list[int]:
    """The places of these faces in an order."""
    import numpy as np

    these = np.unique(list(face_ids))
    return [
        place + int(n) for place, faces in parts(session, ordering_id) for n in np.flatnonzero(within(faces, these))
    ]


def within(faces: "npt.NDArray[np.int64]", these: "npt.NDArray[np.int64]") -> "npt.NDArray[np.bool_]":
    """Which of the faces are among `these`, which rise."""
    import numpy as np

    if not len(these):
        return np.zeros(len(faces), bool)
    nearest = these[these.searchsorted(faces).clip(max=len(these) - 1)]
    is_within: npt.NDArray[np.bool_] = nearest == faces
    return is_within


def numbers(session: Session, *conditions: ColumnElement[bool]) -> "npt.NDArray[np.int64]":
    """The numbers of all such faces, rising; a million of them in a fraction of the time that rows take."""
    import numpy as np

    joined = func.aggregate_strings(cast(Face.id, String), ",")
    joined_numbers = session.scalar(select(joined).where(*conditions)) or ""
    return np.sort(np.fromstring(joined_numbers, np.int64, sep=","), kind="stable")


def columns(
    session: Session, dataset_id: int, *wanted: InstrumentedAttribute[Any]
) -> tuple["npt.NDArray[np.int64]", list[Any]]:
    """The numbers of a dataset's faces, rising, and a column of each wanted value beside them."""
    import numpy as np

    query = select(Face.id, *wanted).where(Face.dataset_id == dataset_id).order_by(Face.id)
    rows = session.connection().execute(query).all()  # the session would take as long again
    if not rows:
        return np.array([], np.int64), [() for _ in wanted]
    numbers, *values = zip(*rows, strict=True)
    return np.array(numbers, np.int64), values


def answers(session: Session, dataset_id: int) -> dict[int, list[str]]:
    """The answers to each face that somebody decided: an emotion's index, or what else the vote was."""
    query = select(Vote.face_id, Vote.kind, Vote.emotion).join(Face, Face.id == Vote.face_id)
    by_face: dict[int, list[str]] = {}
    of_dataset = Face.dataset_id + 0 == dataset_id  # from the votes, not from all faces by the dataset's index
    for face_id, kind, emotion in session.execute(query.where(of_dataset)):
        by_face.setdefault(face_id, []).append(kind if emotion is None else str(emotion))
    return by_face


def _add(session: Session, ordering_id: int, face_ids: "npt.NDArray[np.int64] | Sequence[int]", place: int) -> None:
    rows = [
        {"ordering_id": ordering_id, "place": place + start, "faces": _packed(face_ids[start : start + PART])}
        for start in range(0, len(face_ids), PART)
    ]
    if rows:
        session.execute(insert(SortOrderPart.plain()), rows)


def _packed(face_ids: "npt.ArrayLike") -> bytes:
    import numpy as np

    return np.asarray(face_ids, "<i8").tobytes()


def _unpacked(packed: bytes) -> "npt.NDArray[np.int64]":
    import numpy as np

    return np.frombuffer(packed, "<i8").astype(np.int64)

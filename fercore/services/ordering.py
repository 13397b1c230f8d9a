"""The orders in which people look at faces: worked out when they are first asked for, then kept."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from fercore.errors import InputError
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.store import Store, faces, opinions, orderings
from fercore.store.review import Order
from fercore.store.tables import Face, Ordering

ADVISED: Final[tuple[Order, ...]] = ("suspicious", "uncertain")
"""Orders that come from what a run says."""

CHANGING: Final[tuple[Order, ...]] = ("disputed first", "suspicious")
"""Orders that votes and labels change: they stay as they are until somebody asks for them anew."""

EARLY: Final[tuple[Order, ...]] = ("random", "least sure", "poor picture")
"""Orders that depend on nothing but the faces."""

MANY: Final = 50_000
GROWN: Final = 0.9  # below it, so much of a dataset is new that its orders are made anew before somebody asks
_CHUNK: Final = 5_000


def ordering(
    store: Store,
    dataset_id: int,
    order: Order,
    run_id: int | None = None,
    anew: bool = False,
    progress: Progress = silent,
) -> int | None:
    """The number under which an order is kept, None for faces as imported; it is worked out where it is missing.

    An order stays as it is while people work through it, until faces come or go or `anew` asks for it. Raises
    InputError where an order needs a run's opinions and there are none.
    """
    if order == "imported":
        return None
    run_id = run_id if order in ADVISED else None
    with store.database.reading() as session:
        stamp = _stamp(session, dataset_id, order, run_id)
        kept = orderings.find(session, dataset_id, order, run_id)
        if kept is not None and kept.stamp == stamp and not anew:
            return kept.id
        found = _MAKERS[order](session, dataset_id, run_id, progress)
    with store.database.writing() as session:
        made = Ordering(dataset_id=dataset_id, name=order, run_id=run_id, stamp=stamp)
        return orderings.put(session, made, found)


def prepare(store: Store, dataset_id: int, run_id: int | None = None) -> None:
    """Work out what nobody wants to wait for, where there are so many faces that they would.

    After an import these are the orders that come from the faces alone, after a run was asked the one from its
    doubts; each only where it is missing or many faces have come since.
    """
    wanted: tuple[Order, ...] = EARLY if run_id is None else ("uncertain",)
    with store.database.reading() as session:
        count = orderings.faces_of(orderings.stamp(session, dataset_id))
        held = {order: orderings.held(session, dataset_id, order, run_id) for order in wanted}
    for order in wanted if count >= MANY else ():
        if held[order] < GROWN * count:
            ordering(store, dataset_id, order, run_id)


def face_ids(store: Store, dataset_id: int, order: Order, run_id: int | None = None) -> list[int] | None:
    """All faces of a dataset in an order; None for faces as imported."""
    number = ordering(store, dataset_id, order, run_id, anew=order in CHANGING)
    if number is None:
        return None
    with store.database.reading() as session:
        return orderings.face_ids(session, number)


def _stamp(session: Session, dataset_id: int, order: Order, run_id: int | None) -> str:
    stamp = orderings.stamp(session, dataset_id)
    if order not in ADVISED:
        return stamp
    said = opinions.count(session, run_id, dataset_id) if run_id is not None else 0
    if not said:
        raise InputError(tr("This order needs what a model says of these faces: choose a model that was asked."))
    return orderings.stamp_with_opinions(stamp, said)


def _shuffled(session: Session, dataset_id: int, _run: int | None, _progress: Progress) -> list[int]:
    from fercore.curation.orders import shuffled

    ids = _ids(orderings.columns(session, dataset_id))
    return [ids[place] for place in shuffled(len(ids), dataset_id)]


def _least_sure(session: Session, dataset_id: int, _run: int | None, _progress: Progress) -> list[int]:
    import numpy as np

    from fercore.curation.orders import least_sure_first

    rows = orderings.columns(session, dataset_id, Face.score, Face.doubtful)
    doubtful = np.array([bool(row[2]) for row in rows], bool)
    return _placed(rows, least_sure_first(_column(rows, 1), doubtful))


def _poorest(session: Session, dataset_id: int, _run: int | None, _progress: Progress) -> list[int]:
    from fercore.curation.orders import poorest_first
    from fercore.faces.quality import side

    rows = orderings.columns(session, dataset_id, Face.sharpness, Face.brightness, Face.contrast, Face.box)
    sides = _column([(row[0], side(row[4])) for row in rows], 1)
    return _placed(rows, poorest_first(_column(rows, 1), _column(rows, 2), _column(rows, 3), sides))


def _disputed(session: Session, dataset_id: int, _run: int | None, _progress: Progress) -> list[int]:
    from fercore.curation.orders import lowest_first
    from fercore.curation.votes import agreement

    said = orderings.answers(session, dataset_id)
    rows = orderings.columns(session, dataset_id)
    shares = [(face_id, agreement(said.get(face_id, []))) for (face_id,) in rows]
    return _placed(rows, lowest_first(_column(shares, 1)))


def _look_alikes(session: Session, dataset_id: int, _run: int | None, progress: Progress) -> list[int]:
    import numpy as np

    from fercore.curation.likeness import side_by_side, vectors

    ids = _ids(orderings.columns(session, dataset_id))
    parts = []
    for start in range(0, len(ids), _CHUNK):
        progress(start, len(ids), tr("Comparing faces"))
        parts.append(vectors(faces.pixels(session, ids[start : start + _CHUNK])))
    return [ids[place] for place in side_by_side(np.concatenate(parts))] if parts else []


def _suspicious(session: Session, dataset_id: int, run_id: int | None, _progress: Progress) -> list[int]:
    import numpy as np

    from fercore.curation.orders import suspicious_first

    rows = orderings.columns(session, dataset_id, Face.emotion)
    labels = np.array([-1 if row[1] is None else row[1] for row in rows], np.int64)
    return _placed(rows, suspicious_first(labels, _said(session, dataset_id, run_id, rows)))


def _uncertain(session: Session, dataset_id: int, run_id: int | None, _progress: Progress) -> list[int]:
    from fercore.curation.orders import uncertain_first

    rows = orderings.columns(session, dataset_id)
    return _placed(rows, uncertain_first(_said(session, dataset_id, run_id, rows)))


_MAKERS: Final[dict[Order, Callable[[Session, int, int | None, Progress], list[int]]]] = {
    "random": _shuffled,
    "least sure": _least_sure,
    "poor picture": _poorest,
    "disputed first": _disputed,
    "look-alikes": _look_alikes,
    "suspicious": _suspicious,
    "uncertain": _uncertain,
}


def _said(session: Session, dataset_id: int, run_id: int | None, rows: Sequence[tuple[Any, ...]]) -> Any:
    """What a run says of the faces of these rows: (N, 7), NaN where it says nothing."""
    import numpy as np

    from fercore.emotions import EMOTIONS

    assert run_id is not None
    known = opinions.of_dataset(session, run_id, dataset_id)
    nothing = np.full(len(EMOTIONS), np.nan, "<f4").tobytes()
    raw = b"".join(known.get(row[0], nothing) for row in rows)
    return np.frombuffer(raw, "<f4").reshape(-1, len(EMOTIONS)).astype(np.float64)


def _ids(rows: Sequence[tuple[Any, ...]]) -> list[int]:
    return [row[0] for row in rows]


def _column(rows: Sequence[tuple[Any, ...]], number: int) -> Any:
    """One column as floats; NaN where there is no value."""
    import numpy as np

    return np.array([np.nan if row[number] is None else row[number] for row in rows], np.float64)


def _placed(rows: Sequence[tuple[Any, ...]], places: Any) -> list[int]:
    return [rows[place][0] for place in places]

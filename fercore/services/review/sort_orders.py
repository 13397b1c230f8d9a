"""The orders in which people look at faces: worked out when they are first asked for, then kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.orm import Session

from fercore.curation.review_filter import Order
from fercore.errors import InputError
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services.review import dynamics_orders
from fercore.services.review.dynamics_orders import DYNAMIC
from fercore.services.training.training_dynamics import training_dynamics
from fercore.store import Store
from fercore.store.datasets import faces
from fercore.store.review import model_predictions, sort_orders
from fercore.store.review.sort_orders import SortOrderBasis
from fercore.store.tables import Face, SortOrder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Maker = Callable[[Session, int, int | None, Progress], Numbers]

ADVISED: Final[tuple[Order, ...]] = (Order.SUSPICIOUS, Order.UNCERTAIN)
"""Orders that come from what a run says."""

CHANGING: Final[tuple[Order, ...]] = (Order.DISPUTED_FIRST, Order.SUSPICIOUS)
"""Orders that votes and labels change: they stay as they are until somebody asks for them anew."""

EARLY: Final[tuple[Order, ...]] = (Order.RANDOM, Order.LEAST_SURE, Order.POOR_PICTURE, Order.LOOK_ALIKES)
"""Orders that depend on nothing but the faces."""

PREPARED: Final = 10_000  # from so many faces on, orders are worked out before anybody asks
MANY: Final = 50_000  # from so many on, the first asker of one that was missed would wait for seconds
GROWN: Final = 0.9  # below it, so much of a big dataset is new that its orders are worked out again
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

    An order stays as it is while people work through it, until faces come or go or `anew` asks for it; in a big
    dataset a few that came lie at its end. Raises InputError where an order needs a run's opinions and there are none.
    """
    if order == Order.IMPORTED:
        return None
    run_id = run_id if order in (*ADVISED, *DYNAMIC) else None
    made_by = _maker(store, order, run_id)
    with store.database.reading() as session:
        stamp = _stamp(session, dataset_id, order, run_id)
        stored = None if anew else _usable(session, dataset_id, order, run_id, stamp)
        if stored is not None and stored.stamp == str(stamp):
            return stored.id
        numbers = None if stored is not None else made_by(session, dataset_id, run_id, progress)
    with store.database.writing() as session:
        stored = (
            None if anew else _usable(session, dataset_id, order, run_id, stamp)
        )  # somebody else may have been faster
        if stored is not None:
            sort_orders.keep_up(session, stored, sort_orders.stamp(session, dataset_id))
            return stored.id
        if numbers is None:
            numbers = made_by(session, dataset_id, run_id, progress)
        made = SortOrder(dataset_id=dataset_id, name=order, run_id=run_id, stamp=str(stamp))
        return sort_orders.put(session, made, numbers)


def _maker(store: Store, order: Order, run_id: int | None) -> "Maker":
    """The function that works out an order."""
    if order not in DYNAMIC:
        return _MAKERS[order]
    learner = dynamics_orders.checked(run_id)
    return lambda session, dataset_id, _run, _progress: dynamics_orders.numbers(
        session, dataset_id, order, training_dynamics(store, learner)
    )


def missing(store: Store, dataset_id: int, run_id: int | None = None) -> list[Order]:
    """The orders of a big dataset that are not kept, or for far fewer faces: those that come from the faces alone,
    or from what a run says.
    """
    orders = EARLY if run_id is None else ADVISED
    with store.database.reading() as session:
        stamp = _stamp(session, dataset_id, orders[0], run_id)  # the same for all of them
        if stamp.faces < PREPARED:
            return []
        return [order for order in orders if not _usable(session, dataset_id, order, run_id, stamp)]


def face_ids(store: Store, dataset_id: int, order: Order, run_id: int | None = None) -> list[int] | None:
    """All faces of a dataset in an order; None for faces as imported."""
    number = ordering(store, dataset_id, order, run_id, anew=order in CHANGING)
    if number is None:
        return None
    with store.database.reading() as session:
        return sort_orders.face_ids(session, number)


def _usable(
    session: Session, dataset_id: int, order: Order, run_id: int | None, stamp: SortOrderBasis
) -> SortOrder | None:
    """The order of these faces, or one to which so few of so many came that it is not worked out again for them."""
    stored = sort_orders.find(session, dataset_id, order, run_id)
    if stored is None:
        return None
    was = SortOrderBasis.read(stored.stamp)
    few = GROWN * stamp.faces <= was.faces <= stamp.faces
    return stored if was == stamp or (stamp.faces >= MANY and few and was.predictions == stamp.predictions) else None


def _stamp(session: Session, dataset_id: int, order: Order, run_id: int | None) -> SortOrderBasis:
    stamp = sort_orders.stamp(session, dataset_id)
    if order not in ADVISED:
        return stamp
    predictions = model_predictions.count(session, run_id, dataset_id) if run_id is not None else 0
    if not predictions:
        raise InputError(
            tr("This sort order requires model predictions: choose a model that has predicted these faces.")
        )
    return replace(stamp, predictions=predictions)


def _shuffled(session: Session, dataset_id: int, _run: int | None, _progress: Progress) -> "Numbers":
    from fercore.curation.sort_orders import shuffled

    ids = sort_orders.numbers(session, Face.dataset_id == dataset_id)
    return ids[shuffled(len(ids), dataset_id)]


def _least_sure(session: Session, dataset_id: int, _run: int | None, _progress: Progress) -> "Numbers":
    import numpy as np

    from fercore.curation.sort_orders import least_sure_first

    ids, (score, doubtful) = sort_orders.columns(session, dataset_id, Face.score, Face.doubtful)
    return ids[least_sure_first(_floats(score), np.array(doubtful, bool))]


def _poorest(session: Session, dataset_id: int, _run: int | None, _progress: Progress) -> "Numbers":
    from fercore.curation.sort_orders import poorest_first
    from fercore.faces.quality import side

    wanted = Face.sharpness, Face.brightness, Face.contrast, Face.box
    ids, (sharpness, brightness, contrast, box) = sort_orders.columns(session, dataset_id, *wanted)
    sides = _floats([side(box_text) for box_text in box])
    return ids[poorest_first(_floats(sharpness), _floats(brightness), _floats(contrast), sides)]


def _disputed(session: Session, dataset_id: int, _run: int | None, _progress: Progress) -> "Numbers":
    import numpy as np

    from fercore.curation.sort_orders import lowest_first
    from fercore.curation.votes import agreement

    ids = sort_orders.numbers(session, Face.dataset_id == dataset_id)
    shares = np.full(len(ids), np.nan)
    by_face = sort_orders.answers(session, dataset_id)
    shares[np.searchsorted(ids, list(by_face))] = _floats([agreement(answers) for answers in by_face.values()])
    return ids[lowest_first(shares)]


def _look_alikes(session: Session, dataset_id: int, _run: int | None, progress: Progress) -> "Numbers":
    import numpy as np

    from fercore.curation.similarity import side_by_side, vectors

    ids = sort_orders.numbers(session, Face.dataset_id == dataset_id)
    parts = []
    for start in range(0, len(ids), _CHUNK):
        progress(start, len(ids), tr("Comparing faces"))
        parts.append(vectors(faces.pixels(session, ids[start : start + _CHUNK].tolist())))
    return ids[side_by_side(np.concatenate(parts))] if parts else ids


def _suspicious(session: Session, dataset_id: int, run_id: int | None, _progress: Progress) -> "Numbers":
    import numpy as np

    from fercore.curation.sort_orders import suspicious_first

    ids, (emotions,) = sort_orders.columns(session, dataset_id, Face.emotion)
    labels = np.array([-1 if emotion is None else emotion for emotion in emotions], np.int64)
    return ids[suspicious_first(labels, _run_probabilities(session, dataset_id, run_id, ids))]


def _uncertain(session: Session, dataset_id: int, run_id: int | None, _progress: Progress) -> "Numbers":
    from fercore.curation.sort_orders import uncertain_first

    ids = sort_orders.numbers(session, Face.dataset_id == dataset_id)
    return ids[uncertain_first(_run_probabilities(session, dataset_id, run_id, ids))]


_MAKERS: Final[dict[Order, "Maker"]] = {
    Order.RANDOM: _shuffled,
    Order.LEAST_SURE: _least_sure,
    Order.POOR_PICTURE: _poorest,
    Order.DISPUTED_FIRST: _disputed,
    Order.LOOK_ALIKES: _look_alikes,
    Order.SUSPICIOUS: _suspicious,
    Order.UNCERTAIN: _uncertain,
}


def _run_probabilities(
    session: Session, dataset_id: int, run_id: int | None, ids: "Numbers"
) -> "npt.NDArray[np.float64]":
    """Predictions of a run for these faces, which rise: (N, 7), NaN where it says nothing."""
    import numpy as np

    from fercore.emotions import EMOTIONS

    assert run_id is not None
    known, probabilities = model_predictions.of_dataset(session, run_id, dataset_id)
    filled = np.full((len(ids), len(EMOTIONS)), np.nan)
    filled[np.searchsorted(ids, known)] = probabilities
    return filled


def _floats(values: Sequence[Any]) -> "npt.NDArray[np.float64]":
    """A column as floats; NaN where there is no value."""
    import numpy as np

    return np.array([np.nan if value is None else value for value in values], np.float64)

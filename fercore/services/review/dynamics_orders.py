"""Sort orders that come from a run's training dynamics; faces that it did not learn lie last."""

from typing import TYPE_CHECKING, Final

from sqlalchemy.orm import Session

from fercore.curation.review_filter import Order
from fercore.errors import InputError
from fercore.language import tr
from fercore.services.training.training_dynamics import RunDynamics
from fercore.store.review import sort_orders
from fercore.store.tables import Face

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DYNAMIC: Final[tuple[Order, ...]] = (Order.HARD_TO_LEARN, Order.AMBIGUOUS, Order.FORGOTTEN)
"""Orders by mean margin from the lowest, by variability from the highest, and by forgetting events from the most."""


def checked(run_id: int | None) -> int:
    """The run that gives an order; raises InputError where none is chosen."""
    if run_id is None:
        raise InputError(tr("This sort order requires a model's training: choose a model that learned these faces."))
    return run_id


def numbers(session: Session, dataset_id: int, order: Order, found: RunDynamics) -> "npt.NDArray[np.int64]":
    """All faces of a dataset in one of these orders; raises InputError where the run learned none of them."""
    import numpy as np

    from fercore.curation.sort_orders import lowest_first

    ids = sort_orders.numbers(session, Face.dataset_id == dataset_id)
    learned = np.isin(found.faces, ids)
    if not learned.any():
        raise InputError(tr("Run {run} learned no face of this dataset: choose another model.", run=found.run))
    values = np.full(len(ids), np.nan)
    values[np.searchsorted(ids, found.faces[learned])] = _values(order, found)[learned]
    return ids[lowest_first(values)]


def _values(order: Order, found: RunDynamics) -> "npt.NDArray[np.float64]":
    """Values of which the lowest come first; equally often forgotten faces by their margin, which lies within ±1."""
    figures = found.figures
    if order == Order.HARD_TO_LEARN:
        return figures.margin
    if order == Order.AMBIGUOUS:
        return -figures.variability
    return figures.margin / 4 - figures.forgetting

"""The faces that several evaluations of one split have in common, and each run's predictions on them as arrays."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.evaluation.confusion import Counts
from fercore.language.sentences import sentence
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store
from fercore.store.comparison import predictions
from fercore.store.comparison.predictions import CountedFaces, FaceFacts

_CLASSES: Final = len(EMOTIONS)
LEAST_SHARE: Final = 0.9
_KEPT_BYTES: Final = 96_000_000
# Evaluations never change. Faces that were erased since are left out by their facts, which are read each time.
_counted: Final[OrderedDict[tuple[str, int], CountedFaces]] = OrderedDict()
_lock: Final = Lock()


@dataclass(frozen=True)
class CommonFaces:
    """N faces of one split and the predictions of R evaluations on them, in the order that was asked for.

    `face_ids`, `labels` and `clusters` are (N,), `predicted` is (R, N). Where the evaluations were counted with
    different labels of these faces, all are counted with those of now (`labels_of_now`). `clustered` is true where some
    faces are alike: of one person, or copies. `left_out` counts, for each evaluation, its faces that are not in common.
    """

    dataset: str
    split: str
    evaluations: tuple[int, ...]
    face_ids: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    clusters: npt.NDArray[np.int64]
    predicted: npt.NDArray[np.int64]
    clustered: bool
    labels_of_now: bool
    left_out: tuple[int, ...]

    @property
    def n(self) -> int:
        """The number of faces."""
        return len(self.face_ids)

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """(R, N) flags: read rightly."""
        flags: npt.NDArray[np.bool_] = self.predicted == self.labels
        return flags

    def cells(self, index: int) -> npt.NDArray[np.int64]:
        """(N,) cells of one evaluation's confusion matrix: 7 · label + predicted."""
        cells: npt.NDArray[np.int64] = self.labels * _CLASSES + self.predicted[index]
        return cells

    def counts(self, index: int) -> Counts:
        """(7, 7) counts of one evaluation on these faces."""
        return np.bincount(self.cells(index), minlength=_CLASSES**2).reshape(_CLASSES, _CLASSES)


def common(store: Store, views: Sequence[EvaluationView], now: bool = False) -> CommonFaces:
    """The common faces of evaluations on one split; raises InputError where there are none, or the splits differ.

    With `now` they are counted with the labels of now, whatever the evaluations were counted with.
    """
    if not views or len({(view.dataset_id, view.split) for view in views}) != 1:
        raise InputError(sentence("Runs are compared on the same faces: choose evaluations of one split."))
    counted = read(store, [view.id for view in views])
    facts = facts_of(store, views[0].dataset_id, views[0].split)
    return align(views, [counted[view.id] for view in views], facts, now)


def comparable(views: Sequence[EvaluationView]) -> tuple[list[EvaluationView], list[EvaluationView]]:
    """Evaluations on one split that count nearly as many faces as the largest of them, and the others.

    The common faces of many are those of the smallest: one that names a hundred faces would leave the others no more.
    """
    least = LEAST_SHARE * max((view.n for view in views), default=0)
    kept = [view for view in views if view.n >= least]
    return (kept, [view for view in views if view.n < least]) if len(kept) > 1 else (list(views), [])


def align(
    views: Sequence[EvaluationView], counted: Sequence[CountedFaces], facts: FaceFacts, now: bool = False
) -> CommonFaces:
    """The common faces of evaluations whose predictions and whose faces' facts were read before."""
    shared = reduce(_shared, (each.face_ids for each in counted), facts.face_ids)
    rows = np.stack([each.cells[_places(each.face_ids, shared)] for each in counted]).astype(np.int64)
    labels, predicted = rows // _CLASSES, rows % _CLASSES
    places = _places(facts.face_ids, shared)
    of_now = now or bool((labels != labels[0]).any())
    counts = labels[0]
    if of_now:
        counts = facts.labels[places]
        labelled = counts >= 0
        shared, places, predicted, counts = shared[labelled], places[labelled], predicted[:, labelled], counts[labelled]
    if not len(shared):
        raise InputError(sentence("These runs were not evaluated on the same faces: evaluate both on one split."))
    _, alike = np.unique(facts.clusters[places], return_inverse=True)
    return CommonFaces(
        dataset=views[0].dataset,
        split=views[0].split,
        evaluations=tuple(view.id for view in views),
        face_ids=shared,
        labels=counts,
        clusters=alike,
        predicted=predicted,
        clustered=int(alike.max()) + 1 < len(shared),
        labels_of_now=of_now,
        left_out=tuple(len(each.face_ids) - len(shared) for each in counted),
    )


def read(store: Store, evaluation_ids: Sequence[int]) -> dict[int, CountedFaces]:
    """The faces and cells of each evaluation; what was read before is kept in memory, the oldest goes first."""
    database = store.settings.database
    with _lock:
        known = {number: _counted.get((database, number)) for number in evaluation_ids}
    missing = [number for number, faces in known.items() if faces is None]
    if missing:
        with store.database.reading() as session:
            fresh = predictions.counted(session, missing)
        known |= fresh
        with _lock:
            _counted.update({(database, number): faces for number, faces in fresh.items()})
            while (
                len(_counted) > 1 and sum(f.face_ids.nbytes + f.cells.nbytes for f in _counted.values()) > _KEPT_BYTES
            ):
                _counted.popitem(last=False)
    return {number: faces for number, faces in known.items() if faces is not None}


def forget() -> None:
    """Forget what was read."""
    with _lock:
        _counted.clear()


def facts_of(store: Store, dataset_id: int, split: str) -> FaceFacts:
    """The facts of a split's faces."""
    with store.database.reading() as session:
        return predictions.face_facts(session, dataset_id, split)


def _shared(first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    if np.array_equal(first, second):
        return first
    return np.intersect1d(first, second, assume_unique=True)


def _places(sorted_ids: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    return np.searchsorted(sorted_ids, wanted)

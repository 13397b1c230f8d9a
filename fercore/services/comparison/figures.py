"""The measures of evaluations with their intervals, on all faces and without those that the run has learned."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.evaluation.measures import MEASURES, Measured, measured
from fercore.services.comparison import common_faces
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store
from fercore.store.comparison import evaluations
from fercore.store.comparison.predictions import CountedFaces, FaceFacts
from fercore.store.training import snapshots

_CLASSES: Final = len(EMOTIONS)
# By database and evaluation; none ever changes.
_known: Final[dict[tuple[str, int], "Figures"]] = {}


@dataclass(frozen=True)
class Figures:
    """The measures of one evaluation by name, on all faces; and on the `fresh` ones only, which its run has not
    learned pixel by pixel (None: it has learned none of them). `learned` counts the others.
    """

    all: Mapping[str, Measured]
    fresh: Mapping[str, Measured] | None
    learned: int

    def of(self, measure: str, without_learned: bool) -> Measured:
        """One measure, on fresh faces only if that is asked for."""
        return (self.fresh if without_learned and self.fresh is not None else self.all)[measure]


def count(faces: CountedFaces, facts: FaceFacts, training_pixels: set[str]) -> Figures:
    """The measures of an evaluation's faces, whose people, copies and pixels are known."""
    places = np.searchsorted(facts.face_ids, faces.face_ids)
    pixels = [facts.pixels[place] for place in places]
    groups = facts.clusters[places] if len(places) else np.empty(0, np.int64)
    cells = faces.cells.astype(np.int64)
    learned = np.fromiter((each in training_pixels for each in pixels), bool, len(pixels))
    fresh = _measures(cells[~learned], groups[~learned]) if learned.any() else None
    return Figures(_measures(cells, groups), fresh, int(learned.sum()))


def _measures(cells: npt.NDArray[np.int64], groups: npt.NDArray[np.int64]) -> dict[str, Measured]:
    counts = np.bincount(cells, minlength=_CLASSES**2).reshape(_CLASSES, _CLASSES)
    _, dense = np.unique(groups, return_inverse=True)
    alike = dense if len(dense) and int(dense.max()) + 1 < len(dense) else None
    return {measure: measured(counts, measure, cells, alike) for measure in MEASURES}


def of_each(store: Store, views: Sequence[EvaluationView]) -> dict[int, Figures]:
    """The figures of evaluations: as stored, or worked out for those that are older."""
    database = store.settings.database
    unread = [view.id for view in views if (database, view.id) not in _known]
    if unread:
        with store.database.reading() as session:
            stored = evaluations.measures(session, unread)
        _known.update({(database, each): from_json(values) for each, values in stored.items() if values is not None})
    older = [view for view in views if (database, view.id) not in _known]
    _known.update({(database, each): figures for each, figures in _worked_out(store, older).items()})
    return {view.id: _known[database, view.id] for view in views}


def _worked_out(store: Store, views: Sequence[EvaluationView]) -> dict[int, Figures]:
    """The figures of evaluations that were stored without."""
    facts: dict[tuple[int, str], FaceFacts] = {}
    pixels: dict[int, set[str]] = {}
    figures = {}
    for view in views:
        place = (view.dataset_id, view.split)
        if place not in facts:
            facts[place] = common_faces.facts_of(store, *place)
        if view.run not in pixels:
            pixels[view.run] = training_pixels(store, view.run)
        faces = common_faces.read(store, [view.id])[view.id]
        present = np.isin(faces.face_ids, facts[place].face_ids)
        faces = CountedFaces(faces.face_ids[present], faces.cells[present])
        figures[view.id] = count(faces, facts[place], pixels[view.run])
    return figures


def forget() -> None:
    """Forget what was read."""
    _known.clear()


def training_pixels(store: Store, run: int) -> set[str]:
    """The pixel hashes of the faces that a run has learned."""
    with store.database.reading() as session:
        return snapshots.training_pixels_of_run(session, run)


def as_json(figures: Figures) -> dict[str, Any]:
    """Figures as they are stored."""
    return {
        "all": {name: list(astuple(each)) for name, each in figures.all.items()},
        "fresh": figures.fresh and {name: list(astuple(each)) for name, each in figures.fresh.items()},
        "learned": figures.learned,
    }


def from_json(stored: Mapping[str, Any]) -> Figures:
    """Figures from what is stored of them."""
    parts = [
        part if part is None else {name: Measured(*values) for name, values in part.items()}
        for part in (stored["all"], stored["fresh"])
    ]
    return Figures(parts[0] or {}, parts[1], stored["learned"])

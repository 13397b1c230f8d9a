"""Faces that were chosen on a map, sent to review."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fercore.services.audit import map_columns
from fercore.services.audit.face_map import origin_of
from fercore.services.audit.map_view import MapView
from fercore.services.comparison.selected_faces import Chosen, Reason
from fercore.splits import SPLITS, Split
from fercore.store.datasets import datasets

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, order=True)
class MapPlace:
    """A split of a dataset with its number of chosen faces, and how many of them have a label."""

    dataset: str
    split: str
    faces: int
    labelled: int


def places(view: MapView, chosen: Places) -> list[MapPlace]:
    """The splits in which chosen faces lie, the one with most of them first."""
    dataset, split, emotion = (view.plain[name].codes[chosen] for name in ("dataset", "split", "emotion"))
    pairs = list(zip(dataset.tolist(), split.tolist(), strict=True))
    labelled = Counter(pair for pair, known in zip(pairs, (emotion != map_columns.NONE).tolist(), strict=True) if known)
    listed = [
        MapPlace(view.choice.datasets[at], str(SPLITS[part]), count, labelled[at, part])
        for (at, part), count in Counter(pairs).items()
    ]
    return sorted(listed, key=lambda place: (-place.faces, place.dataset, place.split))


def to_review(view: MapView, chosen: Places) -> list[Chosen]:
    """The chosen faces split by split with the labels of now; control faces are drawn from a split's others on the map.

    A split of which no chosen face has a label is left out.
    """
    return [_of_place(view, chosen, place) for place in places(view, chosen) if place.labelled]


def _of_place(view: MapView, chosen: Places, place: MapPlace) -> Chosen:
    with view.store.database.reading() as session:
        dataset_id = datasets.named(session, place.dataset).id
    dataset, split, label = (view.plain[name].codes for name in ("dataset", "split", "emotion"))
    at = view.choice.datasets.index(place.dataset)
    here = (dataset == at) & (split == SPLITS.index(Split(place.split))) & (label != map_columns.NONE)
    picked = np.zeros(len(view.ids), bool)
    picked[chosen] = True
    return Chosen(
        reason=Reason.MAP,
        dataset_id=dataset_id,
        dataset=place.dataset,
        split=place.split,
        runs=() if view.choice.run is None else (view.choice.run,),
        faces=_labels(view, here & picked),
        others=_labels(view, here & ~picked),
        filter=reason(view),
    )


def _labels(view: MapView, wanted: npt.NDArray[np.bool_]) -> dict[int, int]:
    return dict(zip(view.ids[wanted].tolist(), view.plain["emotion"].codes[wanted].tolist(), strict=True))


def reason(view: MapView) -> dict[str, Any]:
    """The map that faces were chosen on, as a task records it."""
    numbers = origin_of(view.store, view.choice).datasets
    return {"map": list(view.choice.datasets), "of": list(numbers), "seed": view.choice.seed}

"""Faces that were chosen on a map, sent to review."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fercore.services.audit import map_columns
from fercore.services.audit.map_view import MapView
from fercore.services.comparison.selected_faces import Chosen, Reason
from fercore.splits import SPLITS
from fercore.store.audit import audited_faces
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


def to_review(view: MapView, chosen: Places, place: MapPlace) -> Chosen:
    """The chosen faces of one split with the labels of now; control faces are drawn from its others on the map."""
    with view.store.database.one_moment() as session:
        dataset = datasets.named(session, place.dataset)
        now = audited_faces.read(session, [dataset])
        dataset_id = dataset.id
    here = (now.split == [str(split) for split in SPLITS].index(place.split)) & (now.label >= 0)
    labels = dict(zip(now.ids[here].tolist(), now.label[here].tolist(), strict=True))
    picked = set(view.ids[chosen].tolist())
    return Chosen(
        reason=Reason.MAP,
        dataset_id=dataset_id,
        dataset=place.dataset,
        split=place.split,
        runs=() if view.choice.run is None else (view.choice.run,),
        faces={face: label for face, label in labels.items() if face in picked},
        others={face: label for face, label in labels.items() if face not in picked},
        filter=reason(view),
    )


def reason(view: MapView) -> dict[str, Any]:
    """The map that faces were chosen on, as a task records it."""
    return {"map": list(view.choice.datasets), "seed": view.choice.seed}

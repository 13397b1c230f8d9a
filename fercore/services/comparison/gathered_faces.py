"""The faces of one or several splits on which runs were evaluated, with all that groups are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercore.evaluation.clusters import clusters
from fercore.services.comparison import common_faces, face_attributes
from fercore.services.comparison.common_faces import CommonFaces
from fercore.services.comparison.face_attributes import Attribute, FaceAttributes, Place
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class GatheredFaces:
    """N faces that R runs were evaluated on: their numbers, (R, N) cells (7 · label + predicted), the dense clusters of
    faces that are alike (None: each stands alone), and their attributes.
    """

    face_ids: Indices
    cells: Indices
    clusters: Indices | None
    attributes: FaceAttributes


def gather(
    store: Store,
    places: Sequence[Sequence[EvaluationView]],
    bounds: Mapping[Attribute, tuple[float, float]] | None = None,
) -> GatheredFaces:
    """The faces of places, each given as the evaluations of the same runs in the same order."""
    parts = [common_faces.common(store, views) for views in places]
    ids = [views[0].dataset_id for views in places]
    about = [
        Place(number, part.dataset, part.split, part.face_ids, part.labels)
        for number, part in zip(ids, parts, strict=True)
    ]
    return GatheredFaces(
        face_ids=np.concatenate([part.face_ids for part in parts]),
        cells=np.concatenate([np.stack([part.cells(at) for at in range(len(part.predicted))]) for part in parts], 1),
        clusters=_clusters(store, ids, parts),
        attributes=face_attributes.read(store, about, bounds),
    )


def _clusters(store: Store, ids: Sequence[int], parts: Sequence[CommonFaces]) -> Indices | None:
    """Clusters over all places: people are told apart by their dataset, copies are alike wherever they lie."""
    if len(parts) == 1:
        return parts[0].clusters if parts[0].clustered else None
    subjects: list[str | None] = []
    pixels: list[str] = []
    for number, part in zip(ids, parts, strict=True):
        facts = common_faces.facts_of(store, number, part.split)
        for at in np.searchsorted(facts.face_ids, part.face_ids).tolist():
            subject = facts.subjects[at]
            subjects.append(f"{number}/{subject}" if subject else None)
            pixels.append(facts.pixels[at])
    found = clusters(subjects, pixels)
    return found if int(found.max()) + 1 < len(found) else None

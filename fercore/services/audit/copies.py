"""Copies among the faces of one or several datasets, searched once for all audits that need them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercore.curation import sort_orders
from fercore.curation.duplicates import groups, search
from fercore.curation.duplicates.groups import DuplicateGroup, FaceFacts, Facts
from fercore.curation.duplicates.search import Copies
from fercore.errors import InputError
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.splits import SPLITS
from fercore.store import Store
from fercore.store.audit import audited_faces
from fercore.store.audit.audited_faces import NONE, AuditedFaces
from fercore.store.datasets import datasets, faces


@dataclass(frozen=True)
class SearchedFaces:
    """Faces that an audit looked at, copies among them by their places, also as groups, and the number of rejected
    faces, which are left out."""

    faces: AuditedFaces
    copies: Copies
    groups: list[DuplicateGroup]
    rejected: int


def searched(store: Store, names: Sequence[str], progress: Progress = silent) -> SearchedFaces:
    """Copies among all faces of these datasets that are not rejected; raises NotFoundError, InputError for none."""
    if not names:
        raise InputError(tr("Name a dataset to audit."))
    with store.database.one_moment() as session:
        chosen = [datasets.named(session, name) for name in dict.fromkeys(names)]
        looked_at = audited_faces.read(session, chosen)
        keys = np.ascontiguousarray(looked_at.digests[:, :16]).view(np.uint64).reshape(-1, 2)

        def read(places: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
            return faces.pixels(session, looked_at.ids[places].tolist())

        copies = search.find(keys, read, progress)
        grouped = groups.grouped(copies, _facts(looked_at), read)
        return SearchedFaces(looked_at, copies, grouped, audited_faces.rejected(session, chosen))


def _facts(looked_at: AuditedFaces) -> Facts:
    quality = _quality(looked_at)

    def facts(place: int) -> FaceFacts:
        label = int(looked_at.label[place])
        return FaceFacts(
            label=None if label == NONE else label,
            split=SPLITS[looked_at.split[place]],
            is_reviewed=bool(looked_at.is_reviewed[place]),
            quality=float(quality[place]),
        )

    return facts


def _quality(looked_at: AuditedFaces) -> npt.NDArray[np.float64]:
    """(N,): the place by quality, as review's order of the poorest pictures has it; equal for equal measures."""
    different, which = np.unique(looked_at.measures.astype(np.float64), axis=0, return_inverse=True)
    sharpness, brightness, contrast = different.T
    order = sort_orders.poorest_first(sharpness, brightness, contrast, np.full(len(different), np.nan))
    place = np.empty(len(order), np.float64)
    place[order] = np.arange(len(order))
    return place[which.ravel()]

"""Copies among the faces of one or several datasets, searched once for all audits that need them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fercore.curation.duplicates import search
from fercore.curation.duplicates.search import Copies
from fercore.errors import InputError
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.store import Store
from fercore.store.audit import audited_faces
from fercore.store.audit.audited_faces import AuditedFaces
from fercore.store.datasets import datasets, faces


@dataclass(frozen=True)
class SearchedFaces:
    """Faces that an audit looked at, their copies, and the number of rejected faces, which are left out."""

    faces: AuditedFaces
    copies: Copies
    rejected: int


def searched(store: Store, names: Sequence[str], progress: Progress = silent) -> SearchedFaces:
    """Copies among all faces of these datasets that are not rejected; raises NotFoundError, InputError for none."""
    if not names:
        raise InputError(tr("Name a dataset to audit."))
    with store.database.one_moment() as session:
        chosen = [datasets.named(session, name) for name in dict.fromkeys(names)]
        looked_at = audited_faces.read(session, chosen)
        keys = np.ascontiguousarray(looked_at.digests[:, :16]).view(np.uint64).reshape(-1, 2)
        copies = search.find(keys, lambda at: faces.pixels(session, looked_at.ids[at].tolist()), progress)
        return SearchedFaces(looked_at, copies, audited_faces.rejected(session, chosen))

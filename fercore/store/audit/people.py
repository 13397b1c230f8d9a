"""Attributes of the people on audited faces."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from fercore.faces.attributes import Gender
from fercore.store.audit.audited_faces import NONE, AuditedFaces
from fercore.store.tables import Dataset, Face

GENDERS: Final = tuple(Gender)
_PLACES: Final = {str(gender): place for place, gender in enumerate(GENDERS)}
_CHUNK: Final = 10_000
Codes = npt.NDArray[np.int64]


def attributes(session: Session, datasets: Sequence[Dataset], looked_at: AuditedFaces) -> tuple[Codes, Codes]:
    """(N,) genders as places in `GENDERS` and (N,) decades of age of audited faces; -1 where a record says none."""
    gender = np.full(len(looked_at), NONE, np.int64)
    age = np.full(len(looked_at), NONE, np.int64)
    order = np.argsort(looked_at.ids)
    ids = looked_at.ids[order]
    for dataset in datasets:
        query = select(Face.id, Face.gender, Face.age).where(Face.dataset_id == dataset.id)
        query = query.where(Face.gender.is_not(None) | Face.age.is_not(None))
        for rows in session.execute(query.execution_options(yield_per=_CHUNK)).partitions():
            numbers = np.array([row.id for row in rows], np.int64)
            at = np.minimum(np.searchsorted(ids, numbers), len(ids) - 1) if len(ids) else numbers[:0]
            for row, place in zip(rows, at.tolist(), strict=False):
                if ids[place] == row.id:
                    gender[order[place]] = _PLACES.get(row.gender, NONE)
                    age[order[place]] = NONE if row.age is None else row.age
    return gender, age

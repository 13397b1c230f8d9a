"""Faces as a pandas frame, for notebooks."""

from typing import TYPE_CHECKING, Final

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.language import tr
from fercore.services.comparison.evaluation_details import path_of
from fercore.splits import SPLITS
from fercore.store import Store
from fercore.store.datasets import datasets, face_rows

if TYPE_CHECKING:
    import pandas as pd

_EMOTIONS: Final = dict(enumerate(EMOTIONS))


def frame(store: Store, dataset: str | None = None, split: str | None = None) -> "pd.DataFrame":
    """A row for each face, in the order of their numbers; raises NotFoundError, InputError for an unknown split."""
    import pandas as pd

    if split is not None and split not in SPLITS:
        known = ", ".join(SPLITS)
        raise InputError(tr("There is no split '{split}'. Choose one of {known}.", split=split, known=known))
    with store.database.reading() as session:
        dataset_id = None if dataset is None else datasets.named(session, dataset).id
        rows = face_rows.rows(session, dataset_id, split)
    faces = pd.DataFrame(rows, columns=list(face_rows.COLUMNS))
    faces.insert(1, "path", [path_of(*names) for names in zip(faces.pop("identity"), faces.pop("photo"), strict=True)])
    for column in ("label", "source_label"):
        faces[column] = faces[column].map(_EMOTIONS)
    return faces

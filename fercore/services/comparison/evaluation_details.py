"""The ground of one evaluation: its interval, and every face with what was said of it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from fercore.emotions import EMOTIONS
from fercore.evaluation.intervals import Interval, by_person
from fercore.evaluation.significance import wilson
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store
from fercore.store.comparison import evaluations

if TYPE_CHECKING:
    import pandas as pd


def interval(store: Store, view: EvaluationView) -> Interval:
    """The interval of an evaluation's accuracy, by person where its dataset names any: their faces are alike."""
    with store.database.reading() as session:
        subjects = [row.subject for row in evaluations.origins(session, view.id)]
        scored = evaluations.scored(session, view.id)
    if len(subjects) != len(scored.face_ids):
        return Interval(*wilson(round(view.accuracy * view.n), view.n))
    return by_person(scored.probabilities.argmax(1) == scored.labels, subjects)


_COLUMNS: Sequence[str] = (
    *("run", "dataset", "split", "face", "path", "subject", "label", "prediction"),
    *(f"p_{name.lower()}" for name in EMOTIONS),
)


def predictions(store: Store, views: Iterable[EvaluationView]) -> "pd.DataFrame":
    """Every face of these evaluations, a row each: run, dataset, split, face, path, subject, label, prediction and the
    seven probabilities.
    """
    import pandas as pd

    parts = [_predictions(store, view) for view in views]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(_COLUMNS))


def _predictions(store: Store, view: EvaluationView) -> "pd.DataFrame":
    import pandas as pd

    with store.database.reading() as session:
        origins = {row.id: row for row in evaluations.origins(session, view.id)}
        scored = evaluations.scored(session, view.id)
    guesses = scored.probabilities.argmax(1) if scored.face_ids else np.empty(0, np.int64)
    frame = pd.DataFrame(
        {
            "run": view.run,
            "dataset": view.dataset,
            "split": view.split,
            "face": scored.face_ids,
            "path": [path_of(origins[face].identity, origins[face].name) for face in scored.face_ids],
            "subject": [origins[face].subject or "" for face in scored.face_ids],
            "label": [EMOTIONS[label] for label in scored.labels],
            "prediction": [EMOTIONS[guess] for guess in guesses],
        }
    )
    shares = pd.DataFrame(scored.probabilities, columns=list(_COLUMNS[8:]))
    return pd.concat([frame, shares], axis=1)


def path_of(identity: str, photo: str | None) -> str:
    """The origin of a face: its photo, or else its file or row in the source, without the hash behind a file's."""
    return photo or identity.rpartition("#")[0] or identity

"""What one evaluation rests on: its interval, faces that were learned, and every face with what was said of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fercore.emotions import EMOTIONS
from fercore.evaluation.intervals import Interval, by_person
from fercore.evaluation.significance import wilson
from fercore.language import tr, trn
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store
from fercore.store.comparison import evaluations

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class TrainingOverlap:
    """Faces of an evaluation that its run learned, pixel by pixel, and those of people whom it learned; the accuracy
    and the number of all others (None: there are none).
    """

    faces: int
    of_known_people: int
    accuracy_of_others: float | None
    others: int


def interval(store: Store, one: EvaluationView) -> Interval:
    """The interval of an evaluation's accuracy, by person where its dataset names any: their faces are alike."""
    with store.database.reading() as session:
        subjects = [row.subject for row in evaluations.origins(session, one.id)]
        scored = evaluations.scored(session, one.id)
    if len(subjects) != len(scored.face_ids):
        return Interval(*wilson(round(one.accuracy * one.n), one.n))
    return by_person(scored.probabilities.argmax(1) == scored.labels, subjects)


def learned(store: Store, one: EvaluationView) -> TrainingOverlap:
    """What an evaluation has in common with the training of its run."""
    with store.database.reading() as session:
        faces, people = evaluations.learned(session, one.id, one.run)
        scored = evaluations.scored(session, one.id)
    known = faces | people
    others = np.array([face not in known for face in scored.face_ids], bool)
    right = scored.probabilities.argmax(1) == scored.labels if scored.face_ids else np.empty(0, bool)
    accuracy = float(right[others].mean()) if others.any() else None
    return TrainingOverlap(len(faces), len(people), accuracy, int(others.sum()))


def overlap(store: Store, one: EvaluationView) -> list[str]:
    """The warning of what an evaluation has in common with the training of its run; none where that is nothing."""
    known = learned(store, one)
    if not known.faces and not known.of_known_people:
        return []
    rest = trn(
        "Without them: {accuracy} of {count} face.", "Without them: {accuracy} of {count} faces.", 0, accuracy="–"
    )
    if known.accuracy_of_others is not None:
        accuracy = f"{known.accuracy_of_others:.1%}"
        rest = trn(
            "Without them: {accuracy} of {count} face.",
            "Without them: {accuracy} of {count} faces.",
            known.others,
            accuracy=accuracy,
        )
    parts = [
        trn(
            "{count} of these faces is also in the training split, pixel by pixel.",
            "{count} of these faces are also in the training split, pixel by pixel.",
            known.faces,
        ),
        trn(
            "{count} of these faces shows a person of the training split.",
            "{count} of these faces show people of the training split.",
            known.of_known_people,
        ),
    ]
    shown = [text for text, number in zip(parts, (known.faces, known.of_known_people), strict=True) if number]
    return [" ".join([*shown, tr("The accuracy is inflated."), rest])]


def known_faces(store: Store, one: EvaluationView) -> list[str]:
    """The warning where faces of an evaluation, or people whom they show, were learned by its run."""
    if one.is_training_accuracy:
        return [tr("These are faces that the run learned: this says nothing of new ones.")]
    return overlap(store, one)


_COLUMNS: Sequence[str] = (
    *("run", "dataset", "split", "face", "path", "subject", "label", "prediction"),
    *(f"p_{name.lower()}" for name in EMOTIONS),
)


def predictions(store: Store, found: Iterable[EvaluationView]) -> "pd.DataFrame":
    """Every face of these evaluations, a row each: run, dataset, split, face, path, subject, label, prediction and the
    seven probabilities.
    """
    import pandas as pd

    parts = [_predictions(store, one) for one in found]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(_COLUMNS))


def _predictions(store: Store, one: EvaluationView) -> "pd.DataFrame":
    import pandas as pd

    with store.database.reading() as session:
        origins = {row.id: row for row in evaluations.origins(session, one.id)}
        scored = evaluations.scored(session, one.id)
    guesses = scored.probabilities.argmax(1) if scored.face_ids else np.empty(0, np.int64)
    frame = pd.DataFrame(
        {
            "run": one.run,
            "dataset": one.dataset,
            "split": one.split,
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
    """Where a face came from: its photo, or else its file or row in the source, without the hash behind a file's."""
    return photo or identity.rpartition("#")[0] or identity

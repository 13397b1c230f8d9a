"""Evaluations on their way into the store: probabilities counted with the labels that they come with."""

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy.orm import Session

from fercore.emotions import EMOTIONS
from fercore.evaluation.confusion import confusion as confusion_of
from fercore.evaluation.metrics import accuracy
from fercore.services.comparison import common_faces, figures
from fercore.services.comparison.imported_file import ImportedFile
from fercore.store import Store
from fercore.store.comparison import evaluations as table
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.comparison.predictions import CountedFaces
from fercore.store.tables import Evaluation


@dataclass(frozen=True)
class Origin:
    """The file or the earlier evaluation from which probabilities come (neither: a model made them now), and their
    measures with intervals.
    """

    imported: ImportedFile | None = None
    recounts: int | None = None
    measures: dict[str, Any] | None = None


MADE_NOW: Final = Origin()


def measured(store: Store, run_id: int | None, place: tuple[int, str], scored: ScoredFaces) -> dict[str, Any]:
    """The measures of predictions on a (dataset id, split); None as the run is one that learned nothing here."""
    cells = scored.labels * len(EMOTIONS) + scored.probabilities.argmax(1)
    counted = CountedFaces(np.array(scored.face_ids, np.int64), cells.astype(np.uint8))
    learned = set() if run_id is None else figures.training_pixels(store, run_id)
    return figures.as_json(figures.count(counted, common_faces.facts_of(store, *place), learned))


def add(session: Session, run_id: int, place: tuple[int, str], scored: ScoredFaces, origin: Origin = MADE_NOW) -> int:
    """Store an evaluation on a (dataset id, split) and return its number; the latest one's where that says the same."""
    dataset_id, split = place
    if same := table.equal(session, run_id, dataset_id, split, scored):
        return same
    confusion = confusion_of(scored.labels, scored.probabilities)
    evaluation = Evaluation(
        run_id=run_id,
        dataset_id=dataset_id,
        split=split,
        n=len(scored.face_ids),
        accuracy=accuracy(confusion),
        confusion=confusion.tolist(),
        recounts=origin.recounts,
        measures=origin.measures,
        imported=asdict(origin.imported) if origin.imported else None,
    )
    return table.add(session, evaluation, scored).id

"""The faces of a slice, with what a run said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from fercore.services.comparison import common_faces, stored_evaluations
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store


class Shown(StrEnum):
    """The faces of a slice that are asked for."""

    MISREAD = "misread"
    RIGHT = "right"
    ALL = "all"


@dataclass(frozen=True)
class SliceFace:
    """A face with the label that it was counted with, the run's prediction, and the seven probabilities; `label_now` is
    None where it has no label any more.
    """

    face_id: int
    label: int
    predicted: int
    probabilities: tuple[float, ...]
    label_now: int | None

    @property
    def is_misread(self) -> bool:
        """True if the run says another emotion than the label."""
        return self.label != self.predicted

    @property
    def unchanged(self) -> bool:
        """True if the face has the label still that it was counted with."""
        return self.label == self.label_now


def of_evaluation(
    store: Store, view: EvaluationView, face_ids: Sequence[int], shown: Shown = Shown.ALL
) -> list[SliceFace]:
    """These faces of an evaluation, the surest guesses first."""
    scored = stored_evaluations.scored(store, view.id)
    facts = common_faces.facts_of(store, view.dataset_id, view.split)
    now = dict(zip(facts.face_ids.tolist(), facts.labels.tolist(), strict=True))
    wanted = set(face_ids)
    found = []
    for at in np.flatnonzero([face in wanted for face in scored.face_ids]).tolist():
        face, shares = scored.face_ids[at], scored.probabilities[at]
        label = now.get(face, -1)
        row = SliceFace(
            face_id=face,
            label=int(scored.labels[at]),
            predicted=int(shares.argmax()),
            probabilities=tuple(map(float, shares)),
            label_now=None if label < 0 else label,
        )
        if shown == Shown.ALL or row.is_misread == (shown == Shown.MISREAD):
            found.append(row)
    return sorted(found, key=lambda each: (-max(each.probabilities), each.face_id))

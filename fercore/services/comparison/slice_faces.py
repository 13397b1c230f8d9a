"""The faces of a slice with the run's predictions of them, and as they are sent to review."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from fercore.services.comparison import common_faces, stored_evaluations
from fercore.services.comparison.selected_faces import Chosen, Reason
from fercore.services.comparison.slices import Slices, TestedSlice
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


def chosen(store: Store, found: Slices, each: TestedSlice, shown: Shown = Shown.ALL) -> Chosen:
    """The test faces of a slice to be looked at again, if they have their label still; control faces are drawn from
    outside of the slice.
    """
    view = found.choice.tested_on
    faces = {face.face_id: face.label for face in of_evaluation(store, view, each.face_ids, shown) if face.unchanged}
    facts = common_faces.facts_of(store, view.dataset_id, view.split)
    evaluated = set(common_faces.read(store, [view.id])[view.id].face_ids.tolist()) - set(each.face_ids)
    others = {
        face: label
        for face, label in zip(facts.face_ids.tolist(), facts.labels.tolist(), strict=True)
        if face in evaluated and label >= 0
    }
    reason: dict[str, Any] = {"slice": [value.as_json() for value in each.values]}
    if shown != Shown.ALL:
        reason["shown"] = str(shown)
    return Chosen(
        reason=Reason.SLICE,
        dataset_id=view.dataset_id,
        dataset=view.dataset,
        split=view.split,
        runs=(view.run,),
        faces=faces,
        others=others,
        filter=reason | {"found_on": found.choice.found_on.dataset},
        evaluation=view.id,
    )


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

"""Faces of an evaluation that its run has learned, and the warning that they call for."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np

from fercore.language import tr, trn
from fercore.services.comparison import stored_evaluations
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.datasets import exports
from fercore.store import Store
from fercore.store.audit import training_copies
from fercore.store.comparison import evaluations
from fercore.store.tables import Audit


@dataclass(frozen=True)
class TrainingOverlap:
    """Faces of an evaluation that its run learned, pixel by pixel, further ones that are altered copies of what it
    learned, as an audit found them (None: none looked for copies among all of these datasets), and those of people whom
    it learned; the accuracy and the number of all others (None: there are none).
    """

    faces: int
    copies: int | None
    of_known_people: int
    accuracy_of_others: float | None
    others: int

    @property
    def is_nothing(self) -> bool:
        """True if nothing is known to be in common."""
        return not (self.faces or self.copies or self.of_known_people)


_KEPT: Final = 2_000
_known: Final[OrderedDict[tuple[object, ...], TrainingOverlap]] = OrderedDict()


def learned(store: Store, view: EvaluationView) -> TrainingOverlap:
    """The faces that an evaluation has in common with the training of its run.

    Neither ever changes but by erasing faces: what was counted before is kept until then.
    """
    marks = [exports.mark(store, exports.ExportKind.DATASET, view.dataset)]
    if view.snapshot:
        marks.append(exports.mark(store, exports.ExportKind.SNAPSHOT, view.snapshot))
    with store.database.reading() as session:
        audit = training_copies.audit_of(session, view.dataset_id, view.trained_on)
    key = (store.settings.database, view.id, view.run, audit and audit.id, *marks)
    found = _known.get(key)
    if found is None:
        found = _known[key] = _learned(store, view, audit)
        if len(_known) > _KEPT:
            _known.popitem(last=False)
    return found


def _learned(store: Store, view: EvaluationView, audit: Audit | None) -> TrainingOverlap:
    with store.database.reading() as session:
        faces, people = evaluations.learned(session, view.id, view.run)
        copies = set() if audit is None else training_copies.copies(session, audit, view.id, view.run) - faces
        scored = evaluations.scored(session, view.id)
    known = faces | copies | people
    others = np.array([face not in known for face in scored.face_ids], bool)
    right = scored.probabilities.argmax(1) == scored.labels if scored.face_ids else np.empty(0, bool)
    accuracy = float(right[others].mean()) if others.any() else None
    return TrainingOverlap(len(faces), None if audit is None else len(copies), len(people), accuracy, int(others.sum()))


def overlap(store: Store, view: EvaluationView) -> list[str]:
    """The warning of what an evaluation has in common with the training of its run; none where that is nothing."""
    known = learned(store, view)
    if known.is_nothing:
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
    return [" ".join([_in_common(known), rest])]


def _in_common(known: TrainingOverlap) -> str:
    """The faces that an evaluation has in common with a training, and what follows from it."""
    parts = [
        trn(
            "{count} of these faces is also in the training split, pixel by pixel.",
            "{count} of these faces are also in the training split, pixel by pixel.",
            known.faces,
        ),
        trn(
            "{count} of these faces is an altered copy of a training face.",
            "{count} of these faces are altered copies of training faces.",
            known.copies or 0,
        ),
        trn(
            "{count} of these faces shows a person of the training split.",
            "{count} of these faces show people of the training split.",
            known.of_known_people,
        ),
    ]
    counted = (known.faces, known.copies, known.of_known_people)
    shown = [text for text, number in zip(parts, counted, strict=True) if number]
    return " ".join([*shown, tr("The accuracy may be inflated.")])


def of_runs(store: Store, runs: Collection[int]) -> list[str]:
    """A warning for each snapshot and place of these runs' evaluations that have faces or people in common, and the
    mark of each place whose labels were changed after a selection.

    Runs on one snapshot learned the same faces: one of them stands for all.
    """
    views = [view for view in stored_evaluations.listed(store) if view.run in runs]
    standing = {(view.snapshot, view.continues, view.dataset, view.split): view for view in views}
    warnings = []
    for (snapshot, _, dataset, split), view in standing.items():
        if view.is_training_accuracy:
            text = tr("These are faces that the run learned: this says nothing of new ones.")
        elif (known := learned(store, view)).is_nothing:
            continue
        else:
            text = _in_common(known)
        warnings.append(f"{snapshot} → {dataset} · {tr(split)}: {text}")
    marked = dict.fromkeys((view.dataset, view.split, view.selected_by) for view in views if view.selected_by)
    marks = [
        f"{dataset} · {tr(split)}: {stored_evaluations.selection_mark(selected_by)}"
        for dataset, split, selected_by in marked
    ]
    return warnings + marks


def known_faces(store: Store, view: EvaluationView) -> list[str]:
    """The warning where faces of an evaluation, or people whom they show, were learned by its run, or may have been."""
    if view.is_foreign:
        return [tr("The training data of this model are unknown: it may have learned these faces.")]
    if view.is_training_accuracy:
        return [tr("These are faces that the run learned: this says nothing of new ones.")]
    return overlap(store, view)

"""The surest mistakes of a run, the faces that all of several runs get wrong, and those that only one gets right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.evaluation import mistakes
from fercore.language.sentences import sentence
from fercore.services.comparison import common_faces
from fercore.services.comparison.common_faces import CommonFaces
from fercore.services.comparison.selected_faces import Chosen, Reason
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store
from fercore.store.comparison import predictions

COLUMNS: Final = ("face", "label", "run", "prediction", "probability", "probability_of_label", "relabelled")
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class MistakeQuery:
    """The mistakes that are asked for: by label, by the wrong emotion that most runs name, by the one run that is
    right, and the `count` surest of them. None means all.
    """

    reason: Reason
    label: int | None = None
    predicted: int | None = None
    right: int | None = None
    count: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The query as a task records it: only what it asks for."""
        names = {"label": self.label, "predicted": self.predicted}
        emotions = {name: EMOTIONS[value] for name, value in names.items() if value is not None}
        rest = {"right": self.right, "count": self.count}
        return emotions | {name: value for name, value in rest.items() if value is not None}


@dataclass(frozen=True)
class Answer:
    """The emotion that a run names, its probability, and that of the label."""

    run: int
    predicted: int
    probability: float
    true: float


@dataclass(frozen=True)
class Mistake:
    """A face with its label: the wrong emotion that most runs name and by how many, the mean probability that the
    wrong runs give their answers, the run that is right (None: none is), and whether the face has its label still.
    """

    face_id: int
    label: int
    said: int
    said_by: int
    sureness: float
    right: int | None
    unchanged: bool
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Mistakes:
    """The mistakes that fit a query, the surest first, among the common `faces` of evaluations; `every` counts those
    that fit it but for its count. `labels_now` are the labels of all common faces that count still.
    """

    query: MistakeQuery
    views: tuple[EvaluationView, ...]
    faces: CommonFaces
    found: tuple[Mistake, ...]
    every: int
    labels_now: Mapping[int, int]

    def chosen(self) -> Chosen:
        """These faces, those that have their label still, to be sent to review."""
        shown = {each.face_id for each in self.found}
        view = self.views[0]
        return Chosen(
            reason=self.query.reason,
            dataset_id=view.dataset_id,
            dataset=view.dataset,
            split=view.split,
            runs=tuple(each.run for each in self.views),
            faces={each.face_id: each.label for each in self.found if each.unchanged},
            others={face: label for face, label in self.labels_now.items() if face not in shown},
            filter=self.query.as_json(),
            evaluation=view.id if len(self.views) == 1 else None,
        )


def find(store: Store, views: Sequence[EvaluationView], query: MistakeQuery) -> Mistakes:
    """The mistakes of evaluations on one split; raises InputError where they are too few for the question.

    Runs of which only words are known are as sure of each answer.
    """
    if query.reason == Reason.SUREST and len(views) != 1:
        raise InputError(sentence("The surest mistakes are those of one run: choose one."))
    if query.reason != Reason.SUREST and len({view.run for view in views}) < 2:
        raise InputError(sentence("Choose two runs or more on the same faces."))
    faces = common_faces.common(store, views)
    facts = common_faces.facts_of(store, views[0].dataset_id, views[0].split)
    at = np.searchsorted(facts.face_ids, faces.face_ids)
    now = facts.labels[at]
    labels_now = {int(face): int(label) for face, label in zip(faces.face_ids, now, strict=True) if label >= 0}
    rows, right = _rows(faces, query.reason)
    said, said_by = mistakes.most_said(faces.predicted[:, rows], faces.labels[rows])
    kept = np.ones(len(rows), bool)
    if query.label is not None:
        kept &= faces.labels[rows] == query.label
    if query.predicted is not None:
        kept &= said == query.predicted
    if query.right is not None:
        runs = np.array([view.run for view in views])
        kept &= (right >= 0) & (runs[right] == query.right)
    rows, right, said, said_by = rows[kept], right[kept], said[kept], said_by[kept]
    found = _mistakes(store, views, faces, rows, (right, said, said_by), now)
    return Mistakes(query, tuple(views), faces, tuple(found[: query.count]), len(found), labels_now)


def _rows(faces: CommonFaces, reason: Reason) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The faces of a reason, and the row of the one run that is right (-1: none is)."""
    if reason == Reason.ONE_RIGHT:
        return mistakes.one_right(faces.right)
    rows = mistakes.all_wrong(faces.right)
    return rows, np.full(len(rows), -1)


def _mistakes(
    store: Store,
    views: Sequence[EvaluationView],
    faces: CommonFaces,
    rows: npt.NDArray[np.intp],
    about: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Numbers],
    now: Numbers,
) -> list[Mistake]:
    """Mistakes by how sure the wrong runs are on average, then by number."""
    ids = faces.face_ids[rows]
    with store.database.reading() as session:
        shares = predictions.probabilities(session, faces.evaluations, ids.tolist())  # (R, M, 7)
    predicted, labels = faces.predicted[:, rows], faces.labels[rows]
    places = np.arange(len(rows))
    highest = np.take_along_axis(shares, predicted[:, :, None], axis=2)[:, :, 0].astype(np.float64)
    true = shares[:, places, labels]
    wrong = predicted != labels
    sureness = (highest * wrong).sum(axis=0) / np.maximum(wrong.sum(axis=0), 1)
    right, said, said_by = about
    runs = [view.run for view in views]
    return [
        Mistake(
            face_id=int(ids[place]),
            label=int(labels[place]),
            said=int(said[place]),
            said_by=int(said_by[place]),
            sureness=float(sureness[place]),
            right=runs[right[place]] if right[place] >= 0 else None,
            unchanged=bool(now[rows[place]] == labels[place]),
            answers=tuple(
                Answer(run, int(predicted[row, place]), float(highest[row, place]), float(true[row, place]))
                for row, run in enumerate(runs)
            ),
        )
        for place in np.argsort(-sureness, kind="stable")
    ]


def rows(found: Mistakes) -> list[dict[str, Any]]:
    """A row for each face and run, as files have it."""
    return [
        {
            "face": each.face_id,
            "label": EMOTIONS[each.label],
            "run": answer.run,
            "prediction": EMOTIONS[answer.predicted],
            "probability": answer.probability,
            "probability_of_label": answer.true,
            "relabelled": not each.unchanged,
        }
        for each in found.found
        for answer in each.answers
    ]


def as_json(found: Mistakes) -> dict[str, Any]:
    """Mistakes as the command line prints them."""
    return {
        "reason": found.query.reason,
        "dataset": found.faces.dataset,
        "split": found.faces.split,
        "n": found.faces.n,
        "runs": [view.run for view in found.views],
        "filter": found.query.as_json(),
        "labels_of_now": found.faces.labels_of_now,
        "found": found.every,
        "faces": [
            {
                "face": each.face_id,
                "label": EMOTIONS[each.label],
                "most_said": EMOTIONS[each.said],
                "said_by": each.said_by,
                "probability": each.sureness,
                "right": each.right,
                "relabelled": not each.unchanged,
                "answers": [
                    {
                        "run": answer.run,
                        "prediction": EMOTIONS[answer.predicted],
                        "probability": answer.probability,
                        "probability_of_label": answer.true,
                    }
                    for answer in each.answers
                ],
            }
            for each in found.found
        ],
    }

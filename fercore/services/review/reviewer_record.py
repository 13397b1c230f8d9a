"""One reviewer's record: accuracy where the answer is known, confusions, votes and pace, each with its faces."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy.orm import Session

from fercore.curation.pace import Act, Day, by_day
from fercore.curation.task_faces import TaskFaceKind
from fercore.curation.votes import VOTES, DecisionKind, FaceState
from fercore.errors import NotFoundError
from fercore.services.datasets import exports
from fercore.services.review import reviewers
from fercore.services.review.known_answers import ANSWERS, REJECTED, UNSURE, KnownAnswers
from fercore.store import Store
from fercore.store.datasets import datasets
from fercore.store.review import reviewer_record
from fercore.store.review.reviewer_record import DecisionPace, KnownAnswer

# Known faces. Gold: tasks test people with them, and an adjudicator settled them. Control: random faces of tasks, known
# by what others' votes, rulings and the source add up to. Settled: all that an adjudicator settled.
SETTLED: Final = "settled"
KNOWN: Final = (TaskFaceKind.GOLD, TaskFaceKind.CONTROL, SETTLED)


@dataclass(frozen=True)
class ReviewerRecord:
    """A person's record in one dataset, or in all where `dataset` is None.

    `votes` are faces by the kind of the standing vote, `decided` faces by day; `own_rulings` counts settled faces that
    this person settled as an adjudicator.
    """

    person: str
    dataset: str | None
    answers: dict[str, KnownAnswers]
    votes: dict[DecisionKind, list[int]]
    days: list[Day]
    decided: dict[str, list[int]]
    own_rulings: int

    @property
    def is_empty(self) -> bool:
        """True where the person decided nothing."""
        return not self.days and not any(self.votes.values())

    def faces(self, part: str) -> list[int]:
        """The faces behind a number, which addresses name: "gold.right", "control.3-5", "votes.unsure", "day.…"."""
        kind, _, which = part.partition(".")
        if kind in self.answers:
            return _part_of(self.answers[kind], which)
        if kind == "votes":
            return sorted(face for name, ids in self.votes.items() if which in ("all", name) for face in ids)
        return self.decided.get(which, []) if kind == "day" else []


def record(store: Store, name: str, dataset: str | None = None) -> ReviewerRecord:
    """A person's record; raises NotFoundError for an unknown person or dataset."""
    people = reviewers.everybody(store)
    person = name if name in people else reviewers.present_name(store, name)
    if person not in people:
        raise NotFoundError("person", name, people)
    with store.database.reading() as session:
        dataset_id = datasets.named(session, dataset).id if dataset else None
        said = reviewer_record.votes(session, person, dataset_id)
        done = reviewer_record.decisions(session, person, dataset_id)
        answers = _answers(session, person, said)
    own = sum(_is_settled(one) and one.ruled_by == person for one in said)
    votes = {kind: [one.face_id for one in said if one.kind == kind] for kind in VOTES}
    return ReviewerRecord(person, dataset or None, answers, votes, by_day(_acts(done)), _faces_by_day(done), own)


def faces_of(store: Store, name: str, dataset: str, part: str) -> list[int]:
    """The faces of a dataset behind one number of a person's record; none where the name or the number is unknown."""
    with suppress(NotFoundError):
        return record(store, name, dataset).faces(part)
    return []


def datasets_of(store: Store, name: str) -> list[str]:
    """The datasets in which a person decided."""
    with store.database.reading() as session:
        return list(reviewer_record.datasets_of(session, name))


def people_of(store: Store, dataset: str) -> list[str]:
    """The people who have a vote in a dataset, by name."""
    with store.database.reading() as session:
        return reviewer_record.people_of(session, datasets.named(session, dataset).id)


def places(store: Store, face_ids: Sequence[int]) -> dict[str, int]:
    """The number of these faces in each dataset."""
    with store.database.reading() as session:
        return reviewer_record.dataset_names(session, face_ids)


def mark(store: Store, dataset: str | None) -> tuple[object, ...]:
    """A mark that changes whenever a record would."""
    with store.database.reading() as session:
        names = [dataset] if dataset else datasets.names(session)
        tasks = reviewer_record.task_mark(session)
    return *tasks, *(exports.mark(store, exports.ExportKind.DATASET, name) for name in names)


def _answers(session: Session, person: str, said: Sequence[KnownAnswer]) -> dict[str, KnownAnswers]:
    gold, control = (
        reviewer_record.mixed_in(session, TaskFaceKind.GOLD),
        reviewer_record.mixed_in(session, TaskFaceKind.CONTROL),
    )
    asked = [one.face_id for one in said if one.face_id in control]
    labels = reviewer_record.apart_from(session, person, asked)

    def apart(one: KnownAnswer) -> int | None:
        found = labels[one.face_id]
        return REJECTED if found.state == FaceState.REJECTED else found.emotion

    return {
        TaskFaceKind.GOLD: _known((one for one in said if one.face_id in gold), _settled),
        TaskFaceKind.CONTROL: _known((one for one in said if one.face_id in control), apart),
        SETTLED: _known(said, _settled),
    }


def _known(said: Iterable[KnownAnswer], answer: Callable[[KnownAnswer], int | None]) -> KnownAnswers:
    kept = [(one.face_id, _said(one), known, one.subject) for one in said if (known := answer(one)) is not None]
    faces, words, truths = (np.array([row[place] for row in kept], np.int64) for place in range(3))
    return KnownAnswers(faces, words, truths, tuple(row[3] for row in kept))


def _is_settled(one: KnownAnswer) -> bool:
    return one.ruling is not None and one.ruling != DecisionKind.UNSURE


def _settled(one: KnownAnswer) -> int | None:
    if not _is_settled(one):
        return None
    return REJECTED if one.ruling == DecisionKind.REJECTED else one.ruled


def _said(one: KnownAnswer) -> int:
    if one.kind == DecisionKind.UNSURE:
        return UNSURE
    return REJECTED if one.kind == DecisionKind.REJECTED or one.emotion is None else one.emotion


def _part_of(answers: KnownAnswers, which: str) -> list[int]:
    known, _, said = which.partition("-")
    if which in ("all", "right", "wrong"):
        chosen = np.ones(answers.n, bool) if which == "all" else answers.right == (which == "right")
    elif known.isdecimal() and said.isdecimal():
        chosen = (answers.known == int(known[:9])) & (answers.voted == int(said[:9]))
    else:
        return []
    faces: list[int] = answers.faces[chosen].tolist()
    return faces


def _acts(done: Iterable[DecisionPace]) -> list[Act]:
    """Decisions by their action; what one key press decided was decided in one moment."""
    moments: dict[str, list[DecisionPace]] = {}
    for one in done:
        moments.setdefault(one.action, []).append(one)
    return [Act(many[0].at.astimezone(), len(many)) for many in moments.values()]


def _faces_by_day(done: Iterable[DecisionPace]) -> dict[str, list[int]]:
    days: dict[str, dict[int, None]] = {}
    first: dict[str, str] = {}
    for one in done:
        day = first.setdefault(one.action, one.at.astimezone().date().isoformat())
        days.setdefault(day, {})[one.face_id] = None
    return {day: sorted(faces) for day, faces in days.items()}


def as_json(found: ReviewerRecord) -> dict[str, Any]:
    """As the command line prints it."""
    return {
        "reviewer": found.person,
        "dataset": found.dataset,
        **{name: _as_json(answers) for name, answers in found.answers.items()},
        "votes": {kind: len(ids) for kind, ids in found.votes.items()},
        "days": [asdict(day) | {"faces": len(found.decided[day.day])} for day in found.days],
    }


def _as_json(answers: KnownAnswers) -> dict[str, Any]:
    interval = answers.interval
    return {
        "n": answers.n,
        "right": int(answers.right.sum()),
        "accuracy": answers.accuracy,
        "interval": None if interval is None else [interval.low, interval.high],
        "people": None if interval is None else interval.people,
        "confusion": answers.confusion,
        "outside": [
            {"known": ANSWERS[known], "said": ANSWERS[said], "faces": count}
            for (known, said), count in answers.outside().items()
        ],
    }

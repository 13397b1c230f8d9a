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
        answers_given = reviewer_record.votes(session, person, dataset_id)
        done = reviewer_record.decisions(session, person, dataset_id)
        answers = _answers(session, person, answers_given)
    own = sum(_is_settled(answer) and answer.ruled_by == person for answer in answers_given)
    votes = {kind: [answer.face_id for answer in answers_given if answer.kind == kind] for kind in VOTES}
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


def _answers(session: Session, person: str, answers: Sequence[KnownAnswer]) -> dict[str, KnownAnswers]:
    gold, control = (
        reviewer_record.mixed_in(session, TaskFaceKind.GOLD),
        reviewer_record.mixed_in(session, TaskFaceKind.CONTROL),
    )
    control_faces = [answer.face_id for answer in answers if answer.face_id in control]
    labels = reviewer_record.apart_from(session, person, control_faces)

    def apart(answer: KnownAnswer) -> int | None:
        label = labels[answer.face_id]
        return REJECTED if label.state == FaceState.REJECTED else label.emotion

    return {
        TaskFaceKind.GOLD: _known((answer for answer in answers if answer.face_id in gold), _settled),
        TaskFaceKind.CONTROL: _known((answer for answer in answers if answer.face_id in control), apart),
        SETTLED: _known(answers, _settled),
    }


def _known(answers: Iterable[KnownAnswer], answer: Callable[[KnownAnswer], int | None]) -> KnownAnswers:
    rows = [
        (vote.face_id, _voted(vote), known, vote.subject) for vote in answers if (known := answer(vote)) is not None
    ]
    faces, words, truths = (np.array([row[place] for row in rows], np.int64) for place in range(3))
    return KnownAnswers(faces, words, truths, tuple(row[3] for row in rows))


def _is_settled(answer: KnownAnswer) -> bool:
    return answer.ruling is not None and answer.ruling != DecisionKind.UNSURE


def _settled(answer: KnownAnswer) -> int | None:
    if not _is_settled(answer):
        return None
    return REJECTED if answer.ruling == DecisionKind.REJECTED else answer.ruled


def _voted(answer: KnownAnswer) -> int:
    if answer.kind == DecisionKind.UNSURE:
        return UNSURE
    return REJECTED if answer.kind == DecisionKind.REJECTED or answer.emotion is None else answer.emotion


def _part_of(answers: KnownAnswers, which: str) -> list[int]:
    known, _, voted = which.partition("-")
    if which in ("all", "right", "wrong"):
        chosen = np.ones(answers.n, bool) if which == "all" else answers.right == (which == "right")
    elif known.isdecimal() and voted.isdecimal():
        chosen = (answers.known == int(known[:9])) & (answers.voted == int(voted[:9]))
    else:
        return []
    faces: list[int] = answers.faces[chosen].tolist()
    return faces


def _acts(done: Iterable[DecisionPace]) -> list[Act]:
    """Decisions by their action; what one key press decided was decided in one moment."""
    moments: dict[str, list[DecisionPace]] = {}
    for decision in done:
        moments.setdefault(decision.action, []).append(decision)
    return [Act(many[0].at.astimezone(), len(many)) for many in moments.values()]


def _faces_by_day(done: Iterable[DecisionPace]) -> dict[str, list[int]]:
    days: dict[str, dict[int, None]] = {}
    first: dict[str, str] = {}
    for decision in done:
        day = first.setdefault(decision.action, decision.at.astimezone().date().isoformat())
        days.setdefault(day, {})[decision.face_id] = None
    return {day: sorted(faces) for day, faces in days.items()}


def as_json(record: ReviewerRecord) -> dict[str, Any]:
    """As the command line prints it."""
    return {
        "reviewer": record.person,
        "dataset": record.dataset,
        **{name: _as_json(answers) for name, answers in record.answers.items()},
        "votes": {kind: len(ids) for kind, ids in record.votes.items()},
        "days": [asdict(day) | {"faces": len(record.decided[day.day])} for day in record.days],
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
            {"known": ANSWERS[known], "said": ANSWERS[voted], "faces": count}
            for (known, voted), count in answers.outside().items()
        ],
    }

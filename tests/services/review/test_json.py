"""Records, agreement, tasks and work: what they add up to, and how they are printed."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from fercore.curation.agreement import Estimate
from fercore.curation.pace import Day
from fercore.services.plain import plain
from fercore.services.review import agreement, assignments, reviewer_record
from fercore.services.review.agreement import Agreement
from fercore.services.review.assignments import TaskStatus, pace
from fercore.services.review.known_answers import REJECTED, UNSURE, KnownAnswers
from fercore.services.review.my_work import Work
from fercore.services.review.reviewer_record import ReviewerRecord
from fercore.services.review.task_summary import TaskSummary
from fercore.store.review.tasks import TaskProgress
from fercore.store.tables import Task

BEGUN = datetime(2026, 3, 1, 9, tzinfo=UTC)


def answers(*rows):
    """Answers from (face, said, known, person on the face)."""
    faces, probabilities, known = (np.array([row[place] for row in rows], np.int64) for place in range(3))
    return KnownAnswers(faces, probabilities, known, tuple(row[3] for row in rows))


ROWS = [(11, 3, 3, "S1"), (12, 5, 3, "S2"), (13, 3, 5, None), (14, REJECTED, 3, "S1"), (15, UNSURE, REJECTED, None)]


def record(**change):
    plain = {"person": "Kim", "dataset": "D", "answers": {"gold": answers(*ROWS), "control": answers()}}
    plain |= {"votes": {"confirmed": [11], "relabelled": [15, 12], "rejected": [14], "unsure": []}, "own_rulings": 2}
    plain |= {"days": [Day("2026-03-01", 4, 2.5)], "decided": {"2026-03-01": [11, 12, 13]}}
    return ReviewerRecord(**plain | change)


@pytest.mark.parametrize(
    ("part", "faces"),
    [
        ("gold.all", [11, 12, 13, 14, 15]),
        ("gold.right", [11]),
        ("gold.wrong", [12, 13, 14, 15]),
        ("gold.3-5", [12]),
        ("gold.5-3", [13]),
        (f"gold.3-{REJECTED}", [14]),
        (f"gold.{REJECTED}-{UNSURE}", [15]),
        ("control.all", []),
        ("votes.all", [11, 12, 14, 15]),
        ("votes.relabelled", [12, 15]),
        ("votes.unsure", []),
        ("day.2026-03-01", [11, 12, 13]),
        ("day.2026-03-02", []),
        ("week.2026-03-01", []),
    ],
)
def test_the_faces_behind_a_number(part, faces):
    assert record().faces(part) == faces


@pytest.mark.parametrize(
    ("change", "empty"),
    [
        ({}, False),
        ({"votes": {"confirmed": []}}, False),
        ({"days": []}, False),
        ({"votes": {"confirmed": []}, "days": []}, True),
    ],
)
def test_a_record_of_nothing(change, empty):
    assert record(**change).is_empty == empty


def test_a_record_as_json():
    printed = reviewer_record.as_json(record())
    gold = printed.pop("gold")
    nothing = {"n": 0, "right": 0, "accuracy": None, "interval": None, "people": None, "outside": []}
    assert printed == {
        "reviewer": "Kim",
        "dataset": "D",
        "control": {**nothing, "confusion": [[0] * 7] * 7},
        "votes": {"confirmed": 1, "relabelled": 2, "rejected": 1, "unsure": 0},
        "days": [{"day": "2026-03-01", "decisions": 4, "seconds": 2.5, "faces": 3}],
    }
    low, high = gold.pop("interval")
    counts = [[0] * 7 for _ in range(7)]
    counts[3][3] = counts[3][5] = counts[5][3] = 1
    assert 0 <= low < 0.2 < high <= 1 and gold.pop("people") is not None
    assert gold == {
        "n": 5,
        "right": 1,
        "accuracy": 0.2,
        "confusion": counts,
        "outside": [
            {"known": "Happy", "said": "rejected", "faces": 1},
            {"known": "rejected", "said": "not sure", "faces": 1},
        ],
    }


def test_agreement_as_json():
    first, two = Estimate(9, 0.5, 0.25, 0.75), Estimate(4, None, None, None)
    confused = [[row + column for column in range(8)] for row in range(8)]
    printed = agreement.as_json(
        Agreement(["Kim", "Lee"], {"alpha": first}, {("Kim", "Lee"): two}, {"Happy": first}, confused)
    )
    known = {"faces": 9, "value": 0.5, "low": 0.25, "high": 0.75}
    unknown = {"faces": 4, "value": None, "low": None, "high": None}
    assert printed == {
        "people": ["Kim", "Lee"],
        "overall": {"alpha": known},
        "pairs": [{"people": ["Kim", "Lee"], **unknown}],
        "by_category": {"Happy": known},
        "categories": ["Angry", "Disgust", "Fear", "Happy", "Neutral", "Sad", "Surprise", "rejected"],
        "confused": confused,
        "unsure": 0,
    }


def part(decided=30, minutes=60.0, reviewer="Kim", in_hand=4):
    last = None if minutes is None else BEGUN + timedelta(minutes=minutes)
    return TaskProgress(reviewer, decided, in_hand, None if minutes is None else BEGUN, last)


@pytest.mark.parametrize(
    ("first", "an_hour"),
    [
        pytest.param(part(0, None), None, id="nothing yet"),
        pytest.param(part(9, 1.9), None, id="too short to tell"),
        pytest.param(part(9, 2), 270, id="two minutes"),
        pytest.param(part(30, 60), 30, id="an hour"),
        pytest.param(part(30, 90), 20, id="longer"),
        pytest.param(TaskProgress("Kim", 3, 0, BEGUN, None), None, id="no last one"),
    ],
)
def test_decisions_in_an_hour(first, an_hour):
    assert pace(first) == an_hour


@pytest.mark.parametrize(
    ("wanted", "parts", "closed", "done", "left", "is_open", "hours"),
    [
        pytest.param(60, [], False, 0, 60, True, None, id="nobody has begun"),
        pytest.param(90, [part(30)], False, 30, 60, True, 2, id="one person"),
        pytest.param(90, [part(30), part(30, 120, "Lee")], False, 60, 30, True, 30 / 45, id="two at their own pace"),
        pytest.param(90, [part(30), part(9, 1, "Lee")], False, 39, 51, True, 51 / 30, id="one has only begun"),
        pytest.param(30, [part(30)], False, 30, 0, False, None, id="done"),
        pytest.param(20, [part(30)], False, 30, 0, False, None, id="more than was asked"),
        pytest.param(90, [part(30)], True, 30, 60, False, 2, id="closed"),
    ],
)
def test_how_far_a_task_is(wanted, parts, closed, done, left, is_open, hours):
    status = TaskStatus(plain(TaskSummary, Task(name="t", closed_at=BEGUN if closed else None)), "D", wanted, parts)
    assert (status.done, status.left, status.is_open) == (done, left, is_open)
    expected = None if hours is None else BEGUN + timedelta(hours=hours)
    result = status.finish(BEGUN)
    assert (result is None) == (expected is None)
    assert result is None or abs(result - expected) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("deadline", "closed", "parts"),
    [(date(2026, 4, 1), None, [part(), part(0, None, "Lee", 0)]), (None, BEGUN, [])],
    ids=["under way", "closed before anybody began"],
)
def test_a_task_as_json(monkeypatch, deadline, closed, parts):
    monkeypatch.setattr(assignments, "now", lambda: BEGUN)
    task = plain(TaskSummary, Task(id=3, name="t", closed_at=closed, source="hidden", quota=50, deadline=deadline))
    assert assignments.as_json(TaskStatus(task, "D 2", 60, parts)) == {
        **{"task": 3, "name": "t", "dataset": "D 2", "wanted": 60, "source": "hidden", "quota": 50},
        "done": 30 if parts else 0,
        "left": 30 if parts else 60,
        "closed": closed is not None,
        "deadline": "2026-04-01" if deadline else None,
        "finish": "2026-03-01T10:00:00+00:00" if parts else None,
        "people": {
            item.reviewer: {"decided": item.decided, "in_hand": item.in_hand, "an_hour": pace(item)} for item in parts
        },
    }


@pytest.mark.parametrize(
    ("decided", "left", "quota", "goal"), [(1, 3, None, 4), (1, 3, 2, 2), (1, 3, 9, 4), (0, 0, 5, 0), (5, 0, 3, 3)]
)
def test_decisions_that_are_asked_of_a_person(decided, left, quota, goal):
    assert Work(plain(TaskSummary, Task(name="t", quota=quota)), "D", decided, left).goal == goal

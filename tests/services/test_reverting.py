"""The history of decisions, and a range of it taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from fercore.errors import InputError, NotFoundError
from fercore.services import reverting, reviewing, tasking
from fercore.services.reverting import Asked
from fercore.services.tasking import TaskPlan
from fercore.store import history
from fercore.store.database import now
from fercore.store.review import Cursor, View
from fercore.store.tables import Decision, Face
from tests.conftest import fill


def decide(store, who, faces, emotion, hours_ago=0.0, task=None):
    """One key press on all these faces, so many hours ago."""
    view, action = View(dataset_of(store, faces[0]), who, task=task), str(uuid4())
    events = [{"id": str(uuid4()), "action": action, "face": face, "emotion": emotion} for face in faces]
    reviewing.commit(store, view, events)
    with store.database.writing() as session:
        moment = now() - timedelta(hours=hours_ago)
        session.execute(update(Decision).where(Decision.action == action).values(decided_at=moment))


def dataset_of(store, face):
    with store.database.reading() as session:
        return session.get_one(Face, face).dataset_id


def labels(store, faces):
    with store.database.reading() as session:
        return [session.get_one(Face, face).emotion for face in faces]


@pytest.fixture
def decided(store):
    """Kim made all sad yesterday and half happy an hour ago, Lee a quarter angry in between."""
    faces, other = fill(store, "D", [4] * 40), fill(store, "E", [4] * 4)
    decide(store, "Kim", faces, 5, hours_ago=24)
    decide(store, "Lee", faces[:10], 0, hours_ago=12)
    decide(store, "Kim", faces[:20], 3, hours_ago=1)
    decide(store, "Kim", other, 6, hours_ago=1)
    return faces, other


@pytest.mark.parametrize(
    ("hours", "dataset", "taken", "expected", "elsewhere"),
    [
        pytest.param((2, 0), "D", 20, [0] * 10 + [5] * 30, 6, id="an hour in one dataset"),
        pytest.param((2, 0), None, 24, [0] * 10 + [5] * 30, 4, id="an hour everywhere"),
        pytest.param((25, 2), "D", 40, [3] * 20 + [4] * 20, 6, id="yesterday, with later decisions kept"),
        pytest.param((None, None), "D", 60, [0] * 10 + [4] * 30, 6, id="all of it"),
        pytest.param((99, 98), "D", 0, [3] * 20 + [5] * 20, 6, id="an hour without decisions"),
    ],
)
def test_a_range_is_taken_back(store, decided, monkeypatch, hours, dataset, taken, expected, elsewhere):
    monkeypatch.setattr(history, "CHUNK", 7)
    faces, other = decided
    since, until = (None if ago is None else now() - timedelta(hours=ago) for ago in hours)
    asked = Asked(dataset, "Kim", since, until)
    assert reverting.look(store, asked).standing == taken
    assert reverting.revert(store, asked) == taken
    assert labels(store, faces) == expected and labels(store, other) == [elsewhere] * 4
    assert reverting.revert(store, asked) == 0, "what was taken back stays so"


def test_the_history_keeps_everything(store, decided):
    reverting.revert(store, Asked("D", "Kim", now() - timedelta(hours=2)))
    found = reverting.look(store, Asked("D"), limit=25)
    assert (found.decisions, found.standing, len(found.latest)) == (90, 50, 25)
    assert [past.decision.kind for past in found.latest[:21]] == ["undone"] * 20 + ["relabelled"]
    assert found.latest[20].undone and found.latest[20].dataset == "D"
    assert reverting.reviewers(store) == ["Kim", "Lee"]


def test_in_a_task_it_is_to_be_decided_again(store):
    faces = fill(store, "D", [4] * 10)
    task = tasking.create(store, TaskPlan("t", "D"))
    view = View(dataset_of(store, faces[0]), "Kim", task=task)
    page = reviewing.open_page(store, view, Cursor(), 10)
    decide(store, "Kim", page.face_ids, 3, task=task)
    assert tasking.listed(store)[0].left == 0
    assert reverting.revert(store, Asked("D", "Kim")) == 10
    assert tasking.listed(store)[0].left == 10
    assert reviewing.open_page(store, view, Cursor(), 10).face_ids == faces


def test_a_task_has_a_history_of_its_own(store):
    faces = fill(store, "D", [4] * 10)
    decide(store, "Kim", faces[:3], 5)
    task = tasking.create(store, TaskPlan("t", "D"))
    view = View(dataset_of(store, faces[0]), "Kim", task=task)
    page = reviewing.open_page(store, view, Cursor(), 4)
    action = str(uuid4())
    events = [
        {"id": str(uuid4()), "action": action, "face": face, "emotion": 3, "page": page.id} for face in page.face_ids
    ]
    reviewing.commit(store, view, events)
    assert [reverting.look(store, Asked(task=one)).decisions for one in (None, task, task + 1)] == [7, 4, 0]
    assert reverting.revert(store, Asked(reviewer="Kim", task=task)) == 4
    assert labels(store, faces) == [5, 5, 5] + [4] * 7
    assert reverting.look(store, Asked(task=task)).decisions == 8


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        pytest.param(Asked("D"), InputError, "whose", id="of everybody"),
        pytest.param(Asked("X", "Kim"), NotFoundError, "no dataset", id="an unknown dataset"),
        pytest.param(Asked("D", "Kim", now(), now() - timedelta(hours=1)), InputError, "before it begins", id="turned"),
    ],
)
def test_what_is_not_taken_back(store, decided, asked, error, words):
    with pytest.raises(error, match=words):
        reverting.revert(store, asked)
    with store.database.reading() as session:
        assert "undone" not in set(session.scalars(select(Decision.kind)))

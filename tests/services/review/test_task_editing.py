"""A lead edits, closes and reopens a task while people work; opening it takes nothing, and each gets a fair share."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from fercore.curation.review_filter import ReviewFilter
from fercore.errors import InputError
from fercore.services.review import assignments, offered_tasks, task_editing
from fercore.services.review.assignments import TaskPlan
from fercore.services.review.task_editing import TaskChanges
from fercore.store.tables import Decision, Lease, TaskFace
from fercore.ui.review_grid.desk import Desk
from tests.conftest import fill
from tests.services.review.recrops import event, view_of


@pytest.fixture
def faces(store):
    return fill(store, "D", [3] * 92)


def desk(store, task, who, size=120):
    return Desk(store, ReviewFilter(view_of(store).dataset_id, who, task=task, blind=True), size)


def send(desk, *decided, **more):
    events = [event("decide", face=face, emotion=3, page=desk.page.id) for face in decided]
    desk.receive({"batch": str(uuid4()), "have": desk.key, "events": events} | more)
    return desk.ack


def in_hand(store):
    [standing] = assignments.listed(store)
    return {part.reviewer: part.in_hand for part in standing.parts}


def test_opening_takes_nothing_until_it_is_worked_on(store, faces):
    task = assignments.create(store, TaskPlan("T", "D"))
    kim = desk(store, task, "Kim")
    assert len(kim.page.face_ids) == 92 and in_hand(store) == {}
    with store.database.reading() as session:
        assert session.scalar(select(func.sum(TaskFace.open))) == 92
    send(kim, looks=True)
    assert in_hand(store) == {"Kim": 92}


def test_the_first_key_takes_the_page(store, faces):
    kim = desk(store, assignments.create(store, TaskPlan("T", "D")), "Kim", 10)
    send(kim, faces[0])
    assert in_hand(store) == {"Kim": 9} and assignments.listed(store)[0].done == 1


def test_a_small_task_is_shared_with_who_comes_second(store, faces):
    task = assignments.create(store, TaskPlan("T", "D"))
    kim, lee = desk(store, task, "Kim"), desk(store, task, "Lee")
    assert lee.page.face_ids == faces[46:], "half of what Kim only looks at"
    send(lee, looks=True)
    ack = send(kim, faces[0], faces[90])
    assert kim.page.face_ids == faces[:46]
    assert (len(ack["stored"]), len(ack["skipped"])) == (1, 1), "a face that went to Lee is not decided by Kim"
    assert in_hand(store) == {"Kim": 45, "Lee": 46}


def test_pages_are_a_fair_share_while_others_have_faces_before_them(store, faces):
    task = assignments.create(store, TaskPlan("T", "D"))
    kim = desk(store, task, "Kim", 20)
    send(kim, looks=True)
    lee = desk(store, task, "Lee", 120)
    assert len(lee.page.face_ids) == 46
    send(lee, looks=True)
    kim.leave()
    lee.leave()
    assert len(desk(store, task, "Park", 120).page.face_ids) == 92, "alone again"


def test_two_people_at_once_end_a_task_with_one_decision_a_face(store, faces):
    task = assignments.create(store, TaskPlan("T", "D"))
    team = [desk(store, task, who, 15) for who in ("Kim", "Lee")]
    for _ in range(12):
        for item in team:
            send(item, *item.page.face_ids, turn={"to": "next", "from": item.key})
            item.look_again()
    with store.database.reading() as session:
        assert sorted(session.scalars(select(Decision.face_id))) == faces


def test_a_reload_shows_the_same_faces_again(store, faces):
    task = assignments.create(store, TaskPlan("T", "D"))
    first = desk(store, task, "Kim", 10)
    send(first, faces[0])
    again = desk(store, task, "Kim", 9)
    assert again.page.face_ids == faces[1:10]
    send(again, *faces[1:10])
    assert assignments.listed(store)[0].done == 10
    with store.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Lease).where(Lease.decided_at.is_(None))) == 0


def test_a_task_is_edited(store, faces):
    task = assignments.create(store, TaskPlan("T", "D", people=("Kim", "Lee"), twice=1.0))
    changes = TaskChanges("**Clean** it", "Look twice.", ("Kim", "Lee", "Park"), "hidden", 30, date(2031, 5, 5))
    task_editing.edit(store, task, changes)
    result = assignments.get(store, task)
    assert (result.name, result.instructions, result.people) == ("**Clean** it", "Look twice.", ["Kim", "Lee", "Park"])
    assert (result.source, result.quota, result.deadline) == ("hidden", 30, date(2031, 5, 5))
    assert assignments.as_json(assignments.listed(store)[0])["deadline"] == "2031-05-05"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param(TaskChanges("T", people=("Kim",)), "2 people are needed", id="too few for the overlap"),
        pytest.param(TaskChanges("T", quota=0), "at least one", id="a quota of none"),
        pytest.param(TaskChanges(" "), "name", id="no name"),
    ],
)
def test_changes_that_cannot_be(store, faces, changes, words):
    task = assignments.create(store, TaskPlan("T", "D", people=("Kim", "Lee"), twice=1.0))
    with pytest.raises(InputError, match=words):
        task_editing.edit(store, task, changes)
    assert assignments.get(store, task).people == ["Kim", "Lee"]


def test_a_closed_task_is_reopened(store, faces):
    task = assignments.create(store, TaskPlan("T", "D"))
    assignments.close(store, task)
    assert offered_tasks.offered(store, "Kim") == []
    task_editing.reopen(store, task)
    assert [item.id for item in offered_tasks.offered(store, "Kim")] == [task]


def test_a_quota_ends_a_person_s_part(store, faces):
    task = assignments.create(store, TaskPlan("T", "D", quota=15))
    kim = desk(store, task, "Kim", 10)
    assert kim.left == 15
    send(kim, *kim.page.face_ids, turn={"to": "next", "from": kim.key})
    assert len(kim.page.face_ids) == 5
    send(kim, *kim.page.face_ids, turn={"to": "next", "from": kim.key})
    assert kim.page.face_ids == [] and assignments.quota_is_met(store, task, "Kim")
    lee = desk(store, task, "Lee", 120)
    assert lee.page.face_ids == faces[15:30]
    task_editing.edit(store, task, TaskChanges("T", quota=20))
    assert kim.look_again() and len(kim.page.face_ids) == 5

"""A crop that was drawn by hand goes and comes back with the decisions on it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from fercore.curation.review_filter import Cursor
from fercore.services.review import assignments, grid, reviewers
from fercore.services.review import history as history_service
from fercore.services.review.assignments import TaskPlan
from fercore.services.review.history import HistoryQuery
from fercore.store.tables import TaskFace
from tests.services.review.past import decide
from tests.services.review.recrops import BAD_CROP, BOX, WITHDRAWN, event, recut, states, view_of


def in_task(store, task):
    """(face, wanted, still open) of every face of a task."""
    query = select(TaskFace.face_id, TaskFace.wanted, TaskFace.open).where(TaskFace.task_id == task)
    with store.database.reading() as session:
        return [tuple(row) for row in session.execute(query.order_by(TaskFace.place))]


def test_a_crop_comes_back_into_its_task_with_those_who_decided_on_it(store, on_photo):
    reviewers.add(store, "Kim")
    task = assignments.create(store, TaskPlan("t", "D", people=["Kim", "Lee"], twice=1.0, order="imported"))
    grid.open_page(store, view_of(store, task=task), Cursor(), 3)
    _, result = recut(store, on_photo[0], task=task)
    new = result.cut[on_photo[0]]
    decide(store, "Lee", [new], 3, task=task)
    before = in_task(store, task)
    assert before[-1][:2] == (new, 2)
    request = HistoryQuery("D", "Kim", task=None)
    assert history_service.look(store, request).crops == 1
    history_service.revert(store, request, by="Judge")
    assert new not in [face for face, _, _ in in_task(store, task)] and history_service.look(store, request).crops == 0
    history_service.restore(store, history_service.reverts(store)[0].action, by="Judge")
    assert in_task(store, task)[-1] == (new, 2, 1), "Lee decided, and one more person has to"
    assert [part.decided for part in assignments.listed(store)[0].parts if part.reviewer == "Lee"] == [1]
    assignments.remove(store, task)
    history_service.revert(store, request, by="Judge")
    history_service.restore(store, history_service.reverts(store)[0].action, by="Judge")
    assert states(store)[3][0] == "confirmed", "a task that was deleted meanwhile does not matter"


def recut_by(store, who, face, box=BOX):
    made = event("recut", face=face, box=box)
    return made, grid.commit(store, replace(view_of(store), reviewer=who), [made])


@pytest.mark.parametrize("first", ["Kim", "Lee"])
def test_a_crop_that_two_people_drew_stands_while_one_of_their_decisions_does(store, on_photo, first):
    second = {"Kim": "Lee", "Lee": "Kim"}[first]
    for who, box in (("Kim", BOX), ("Lee", [62, 22, 88, 88])):
        recut_by(store, who, on_photo[0], box)
    assert len(states(store)) == 4, "nearly the same box gives one crop"
    history_service.revert(store, HistoryQuery("D", first), by="Judge")
    assert [states(store)[place] for place in (0, 3)] == [BAD_CROP, ("undecided", None)]
    history_service.revert(store, HistoryQuery("D", second), by="Judge")
    assert [states(store)[place] for place in (0, 3)] == [("undecided", None), WITHDRAWN]
    history_service.restore(store, history_service.reverts(store)[1].action, by="Judge")
    assert [states(store)[place] for place in (0, 3)] == [BAD_CROP, ("undecided", None)]
    history_service.revert(store, HistoryQuery("D", first), by="Judge")
    assert [states(store)[place] for place in (0, 3)] == [("undecided", None), WITHDRAWN]


def test_what_was_drawn_once_more_meanwhile_is_there_once(store, on_photo):
    recut(store, on_photo[0])
    history_service.revert(store, HistoryQuery("D", "Kim"), by="Judge")
    recut_by(store, "Lee", on_photo[0])
    history_service.restore(store, history_service.reverts(store)[0].action, by="Judge")
    assert states(store)[3:] == [WITHDRAWN, ("undecided", None)]
    history_service.revert(store, HistoryQuery("D", "Lee"), by="Judge")
    assert states(store)[4] == ("undecided", None), "Kim's decision stands, and drew the same"


def test_a_crop_comes_back_with_the_decision_that_made_it(store, on_photo):
    _, result = recut(store, on_photo[0])
    history_service.revert(store, HistoryQuery("D", "Kim"), by="Judge")
    assert states(store)[3] == WITHDRAWN
    history_service.restore(store, history_service.reverts(store)[0].action, by="Judge")
    assert [states(store)[place] for place in (0, 3)] == [BAD_CROP, ("undecided", None)] and result.cut

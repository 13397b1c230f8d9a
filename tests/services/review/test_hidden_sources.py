"""Where agreement is measured, nothing says what the source said: no tile, no neighbour, no history, no fact."""

import json

import pytest
from sqlalchemy import select

from fercore.curation.review_filter import ReviewFilter
from fercore.services.review import assignments, face_detail, grid
from fercore.services.review.assignments import TaskPlan
from fercore.store.tables import Decision, Face, Task, TaskFace
from fercore.ui.review_grid.desk import Desk
from tests.conftest import fill, photograph
from tests.services.review.recrops import event, view_of


@pytest.fixture
def faces(store, tmp_path):
    ids = fill(store, "D", [3, 5, 1, 0, 3, 3])
    photograph(store, ids[:3], tmp_path / "Happy_기쁨.png", (10, 10, 48, 48))
    with store.database.writing() as session:
        for face in session.scalars(select(Face)):
            face.annotators = ["기쁨", "Happy"]
    return ids


def view(store, task, who="Kim"):
    with store.database.reading() as session:
        row = session.get_one(Task, task)
        return ReviewFilter(row.dataset_id, who, task=task, blind=row.blind, source=row.source)


def shown(store, seat, faces):
    """All that the browser is told of these faces, without their pixels."""
    tiles = [{**tile, "gray": ""} for tile in grid.tiles(store, seat, faces)]
    messages = [face_detail.detail(store, seat, face, with_near=True) for face in faces]
    return tiles, json.dumps(
        [tiles, [{**message, "near": [{**n, "gray": ""} for n in message["near"]]} for message in messages]]
    )


WORDS = ("Happy", "Sad", "Disgust", "Angry", "기쁨", "happy", "sad", "confirmed", "relabelled")


@pytest.mark.parametrize("source", ["overlap", "hidden"])
@pytest.mark.parametrize("blind", [True, False])
def test_no_word_of_the_source_leaves_the_server(store, faces, source, blind):
    task = assignments.create(store, TaskPlan("T", "D", twice=1.0, people=("Kim", "Lee"), source=source, blind=blind))
    tiles, message = shown(store, view(store, task), faces)
    assert [word for word in WORDS if word in message] == []
    assert {(tile["emotion"], tile["baseline"], tile["state"], tile["hides"]) for tile in tiles} == {
        (None, None, "undecided", True)
    }


def test_by_default_the_overlap_hides_and_other_faces_show(store, faces):
    task = assignments.create(store, TaskPlan("T", "D", twice=0.5, people=("Kim", "Lee")))
    with store.database.reading() as session:
        twice = set(session.scalars(select(TaskFace.face_id).where(TaskFace.wanted == 2)))
    tiles, _ = shown(store, view(store, task), faces)
    assert {tile["id"] for tile in tiles if tile["emotion"] is None} == twice and len(twice) == 3


def test_a_lead_may_show_them(store, faces):
    task = assignments.create(store, TaskPlan("T", "D", twice=1.0, people=("Kim", "Lee"), source="shown"))
    tiles, message = shown(store, view(store, task), faces)
    assert [tile["emotion"] for tile in tiles] == [3, 5, 1, 0, 3, 3] and "Source label" in message


def test_one_s_own_votes_are_shown_and_do_not_say_what_the_source_said(store, faces):
    task = assignments.create(store, TaskPlan("T", "D", twice=1.0, people=("Kim", "Lee")))
    seat = view(store, task)
    events = [
        event("decide", face=faces[0], emotion=3),
        event("decide", face=faces[1], emotion=3),
        event("decide", face=faces[2], emotion=None, reason="blurred"),
        event("decide", face=faces[3], emotion=None, reason="not sure"),
    ]
    grid.commit(store, seat, events)
    tiles, message = shown(store, seat, faces[:4])
    assert [(tile["emotion"], tile["state"], tile["mine"]) for tile in tiles] == [
        (3, "decided", True),
        (3, "decided", True),
        (None, "rejected", True),
        (None, "unsure", True),
    ]
    assert "confirmed" not in message and "relabelled" not in message and "Kim: Happy" in message
    with store.database.reading() as session:
        kinds = list(session.scalars(select(Decision.kind).order_by(Decision.sequence)))
    assert kinds == ["confirmed", "relabelled", "rejected", "unsure"], "the record keeps what it was"


def test_outside_of_tasks_blind_hides_what_others_decided(store, faces):
    grid.commit(store, view_of(store), [event("decide", face=faces[0], emotion=6)])
    seat = ReviewFilter(view_of(store).dataset_id, "Lee", blind=True)
    [tile] = grid.tiles(store, seat, faces[:1])
    assert (tile["emotion"], tile["state"]) == (3, "undecided")
    assert face_detail.detail(store, seat, faces[0])["history"] == []
    assert Desk(store, ReviewFilter(seat.dataset_id, "Lee", emotion=3, blind=True), 10).page.face_ids == [
        faces[0],
        faces[4],
        faces[5],
    ], "a filter by emotion says nothing of others, either"

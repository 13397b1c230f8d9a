"""A desk: its pages, turned forth and back, and what the grid is given."""

from uuid import uuid4

import pytest

from fercore.curation.review_filter import ReviewFilter
from fercore.store.tables import Face
from fercore.ui.review_grid import desk as room
from fercore.ui.review_grid import payload
from fercore.ui.review_grid.desk import Desk
from fercore.ui.review_grid.payload import page_data
from tests.conftest import fill
from tests.services.review.recrops import event


@pytest.fixture
def ids(lite):
    return fill(lite, "D", [3] * 7)


def desk_of(store, ids, size, fits=None, **view):
    with store.database.reading() as session:
        dataset = session.get_one(Face, ids[0]).dataset_id
    return Desk(store, ReviewFilter(dataset, "Kim", **view), size, fits)


def tell(desk, **answers):
    desk.receive(
        {"batch": f"{desk.revision}-{len(desk.behind)}-{sorted(answers)}", "have": desk.key, "events": [], **answers}
    )
    return desk.page.face_ids


def turn(desk, to):
    return tell(desk, turn={"to": to, "from": desk.key})


def test_pages_are_turned_forth_and_back(lite, ids):
    desk = desk_of(lite, ids, 3)
    assert desk.page.face_ids == ids[:3] and not desk.is_empty
    assert turn(desk, "next") == ids[3:6] and page_data(desk, {}, "")["page"]["number"] == 2
    assert turn(desk, "next") == ids[6:]
    assert turn(desk, "previous") == ids[3:6]
    assert turn(desk, "previous") == ids[:3]
    assert turn(desk, "previous") == ids[:3], "nothing lies before the first page"
    assert desk.behind == []


def test_after_the_last_page_comes_the_first(lite, ids):
    desk = desk_of(lite, ids, 5)
    assert turn(desk, "next") == ids[5:]
    assert turn(desk, "next") == ids[:5] and len(desk.behind) == 2


def decide_all(desk):
    """Decide every face of the page, as the grid does before it turns."""
    shared = {"emotion": 3, "page": desk.page.id, "action": str(uuid4())}
    tell(desk, events=[event("decide", face=face, **shared) for face in desk.page.face_ids])


def undo(desk):
    return tell(desk, events=[event("undo")])


def number(desk):
    return page_data(desk, {}, "")["page"]["number"]


@pytest.mark.parametrize("state", ["all", "undecided"])
def test_pages_keep_their_numbers_while_faces_are_decided(lite, ids, state):
    desk = desk_of(lite, ids, 3, state=state)
    decide_all(desk)
    assert (turn(desk, "next"), number(desk)) == (ids[3:6], 2)
    decide_all(desk)
    assert (turn(desk, "previous"), number(desk)) == (ids[:3], 1)
    assert (turn(desk, "next"), number(desk)) == (ids[3:6], 2), "the page that was left, though it is decided"
    last = ids[6:] + (ids[:2] if state == "all" else [])
    assert (turn(desk, "next"), number(desk)) == (last, 3)


def test_after_the_last_page_the_numbers_begin_again(lite, ids):
    desk = desk_of(lite, ids, 5)
    seen = [(turn(desk, to), number(desk)) for to in ("next", "next", "next", "previous", "previous", "previous")]
    assert seen == [(ids[5:], 2), (ids[:5], 1), (ids[5:], 2), (ids[:5], 1), (ids[5:], 2), (ids[:5], 1)]


def test_an_undo_leads_to_its_page_under_its_number(lite, ids):
    desk = desk_of(lite, ids, 2)
    decide_all(desk)
    turn(desk, "next")
    decide_all(desk)
    turn(desk, "previous")
    assert (undo(desk), number(desk)) == (ids[2:4], 2), "a page ahead"
    turn(desk, "next")
    assert (turn(desk, "next"), number(desk)) == ([ids[6], ids[0]], 4)
    assert (undo(desk), number(desk)) == (ids[:2], 1), "three pages back at once"
    assert (turn(desk, "next"), number(desk)) == (ids[2:4], 2)


def test_an_undo_after_a_reload_begins_to_count_there(lite, ids):
    desk = desk_of(lite, ids, 3)
    decide_all(desk)
    again = desk_of(lite, ids[:3], 2)
    turn(again, "next")
    assert (undo(again), number(again)) == (ids[:3], 1)
    assert (turn(again, "next"), number(again)) == (ids[3:5], 2)


def test_a_turn_of_another_page_is_none(lite, ids):
    desk = desk_of(lite, ids, 3)
    assert tell(desk, turn={"to": "next", "from": "old/1"}) == ids[:3]


@pytest.mark.parametrize(
    ("size", "fits", "guesses", "faces"),
    [
        pytest.param(3, None, False, 3, id="a size of one's own"),
        pytest.param(3, 5, False, 3, id="whatever the window shows"),
        pytest.param(0, 5, False, 5, id="as many as the window shows"),
        pytest.param(0, None, True, 4, id="a guess, until the window has said so"),
    ],
)
def test_how_many_faces_are_on_a_page(lite, ids, monkeypatch, size, fits, guesses, faces):
    monkeypatch.setattr(room, "GUESS", 4)
    monkeypatch.setattr(payload, "GUESS", 4)
    desk = desk_of(lite, ids, size, fits)
    page = page_data(desk, {}, "")["page"]
    assert (desk.guesses, len(desk.page.face_ids)) == (guesses, faces)
    assert (page["guessed"], page["fit"], len(page["tiles"])) == (4 if guesses else None, size == 0, faces)
    message = tell(desk, fits=6)
    assert len(message) == (size or 6) and not desk.guesses


def test_what_the_grid_is_given(lite, ids):
    desk = desk_of(lite, ids, 3)
    given = page_data(desk, {"next": "Next"}, "box")
    page = given.pop("page")
    assert given == {
        **{"words": {"next": "Next"}, "outbox": "box", "note": "", "ack": None, "detail": None, "photo": None}
    }
    assert [tile["id"] for tile in page.pop("tiles")] == ids[:3]
    assert page == {
        **{"key": desk.key, "id": desk.page.id, "number": 1, "guessed": None, "fit": False, "offered": False},
        **{"left": 7, "total": 7, "at": None},
    }
    tell(desk, focus=ids[1])
    again = page_data(desk, {}, "")
    assert again["page"]["tiles"] is None, "it has them"
    assert again["detail"]["id"] == ids[1] and again["detail"]["near"] == []


def test_a_desk_without_a_face_is_empty(lite, ids):
    desk = desk_of(lite, ids, 3, state="rejected")
    assert desk.is_empty and not desk.look_again()
    assert page_data(desk, {}, "")["page"]["tiles"] == [] and turn(desk, "next") == [] and desk.behind == []


def test_a_message_is_answered_once(lite, ids):
    desk = desk_of(lite, ids, 3)
    message = {"batch": "b1", "have": desk.key, "events": [], "turn": {"to": "next", "from": desk.key}}
    desk.receive(message)
    first = desk.page.face_ids
    desk.receive({**message, "have": desk.key, "turn": {"to": "next", "from": desk.key}})
    assert desk.page.face_ids == first == ids[3:6] and desk.ack["batch"] == "b1"

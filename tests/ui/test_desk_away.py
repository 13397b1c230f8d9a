"""A desk whose database is away, and one that is led back to a page."""

import pytest
from sqlalchemy.exc import OperationalError

from fercore.errors import StoredDataError
from fercore.services.review.event_batch import CommitResult
from fercore.ui.review_grid import desk as room
from fercore.ui.review_grid.payload import page_data
from tests.ui.test_desk import desk_of, tell, turn
from tests.ui.test_desk import ids as ids

AWAY = OperationalError("select", {}, OSError("gone"))
GONE = StoredDataError("The database's file was replaced.")


@pytest.mark.parametrize(
    ("error", "words"), [(AWAY, "The database does not answer."), (GONE, "The database's file was replaced.")]
)
def test_where_the_database_is_away_the_grid_is_told(lite, ids, monkeypatch, error, words):
    desk = desk_of(lite, ids, 3)

    def away(*_, **__):
        raise error

    monkeypatch.setattr(room.grid, "tiles", away)
    given = page_data(desk, {}, "")
    assert given["ack"] == {"batch": None, "stored": {}, "away": words}
    assert given["page"]["tiles"] is None and given["detail"] is None
    monkeypatch.setattr(room.grid, "commit", away)
    desk.receive({"batch": "b1", "have": desk.key, "events": []})
    assert desk.ack == {"batch": "b1", "stored": {}, "away": words}
    desk.leave()


@pytest.mark.parametrize(
    ("turns", "undone", "same", "number"),
    [
        pytest.param(1, slice(0, 3), True, 1, id="the page before"),
        pytest.param(2, slice(0, 3), True, 1, id="an earlier one"),
        pytest.param(2, slice(3, 6), False, 2, id="the second of three"),
        pytest.param(1, slice(1, 3), False, 1, id="one that was laid out otherwise"),
    ],
)
def test_an_undo_leads_back_to_its_page(lite, ids, monkeypatch, turns, undone, same, number):
    desk = desk_of(lite, ids, 3)
    first = desk.page
    for _ in range(turns):
        turn(desk, "next")
    done = CommitResult(undid=True, led_back=True, undone_page=ids[undone], undone_face=ids[1])
    monkeypatch.setattr(room.grid, "commit", lambda *_: done)
    assert tell(desk) == ids[undone] and desk.at == ids[1]
    assert (desk.page is first, page_data(desk, {}, "")["page"]["number"]) == (same, number)


@pytest.mark.parametrize("page", [None, "the same"])
def test_an_undo_on_the_same_page_draws_it_anew(lite, ids, monkeypatch, page):
    desk = desk_of(lite, ids, 3)
    before, revision = desk.page, desk.revision
    done = CommitResult(undid=True, led_back=True, undone_page=ids[:3] if page else None)
    monkeypatch.setattr(room.grid, "commit", lambda *_: done)
    tell(desk)
    assert desk.page is before and desk.revision == revision + 1 and desk.counted


@pytest.mark.parametrize(
    ("lost", "left"), [([0], [1, 2]), ([0, 1, 2], [3, 4, 5])], ids=["some", "all: the next page is opened"]
)
def test_faces_that_went_to_another_person_are_taken_from_the_page(lite, ids, lost, left):
    desk = desk_of(lite, ids, 3)
    desk._put_without({ids[item] for item in lost})
    assert desk.page.face_ids == ([ids[item] for item in left] if len(left) < 3 else ids[:3])


def test_new_faces_stand_beside_the_old_ones(lite, ids, monkeypatch):
    desk = desk_of(lite, ids, 3)
    following = desk.page.following
    monkeypatch.setattr(room.grid, "commit", lambda *_: CommitResult(cut={ids[0]: ids[5]}, added={ids[2]: [ids[6]]}))
    assert tell(desk) == [ids[0], ids[5], ids[1], ids[2], ids[6]]
    assert (desk.at, desk.page.following) == (ids[6], following)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param(
            CommitResult(stored={"e": 1}, refused={4: "b", 1: "a"}, problem="No photo."),
            {"stored": {"e": 1}, "refused": [{"at": 1, "why": "a"}, {"at": 4, "why": "b"}], "problem": "No photo."},
            id="why events are refused, in their order",
        ),
        pytest.param(CommitResult(skipped={"e": 999}), {"skipped": ["e"], "tiles": []}, id="a face of another page"),
    ],
)
def test_what_a_batch_is_answered(lite, ids, monkeypatch, answer, message):
    desk = desk_of(lite, ids, 3)
    monkeypatch.setattr(room.grid, "commit", lambda *_: answer)
    tell(desk)
    plain = {"stored": {}, "refused": [], "problem": None, "skipped": [], "tiles": []}
    assert {name: value for name, value in desk.ack.items() if name != "batch"} == plain | message


def test_a_page_with_faces_decided_elsewhere_stays(lite, ids, monkeypatch):
    desk = desk_of(lite, ids, 3)
    monkeypatch.setattr(room.grid, "commit", lambda *_: CommitResult(skipped={"e": ids[1]}))
    assert turn(desk, "next") == ids[:3]
    assert [tile["id"] for tile in desk.ack["tiles"]] == [ids[1]] and desk.ack["stays"]


@pytest.mark.parametrize(("decided", "undid", "left", "total"), [(2, False, 5, 7), (0, False, 7, 7), (0, True, 7, 7)])
def test_what_is_left_is_counted_on(lite, ids, monkeypatch, decided, undid, left, total):
    desk = desk_of(lite, ids, 3)
    monkeypatch.setattr(room.grid, "commit", lambda *_: CommitResult(decided=decided, undid=undid))
    tell(desk)
    assert (desk.left, desk.total, desk.counted, desk.left_at_first) == (left, total, not undid, 7)


@pytest.mark.parametrize(
    ("state", "remarked", "counted"),
    [("flagged", True, False), ("noted", True, False), ("all", True, True), ("flagged", False, True)],
)
def test_a_remark_moves_faces_of_its_own_filters_alone(lite, ids, monkeypatch, state, remarked, counted):
    desk = desk_of(lite, ids, 3, state=state)
    monkeypatch.setattr(room.grid, "commit", lambda *_: CommitResult(remarked=remarked))
    tell(desk)
    assert desk.counted == counted


@pytest.mark.parametrize(
    ("size", "fits", "turned", "again"),
    [(0, 5, False, True), (0, 4, False, False), (0, 5, True, False), (3, 5, False, False)],
)
def test_a_page_is_laid_out_anew_once_the_window_has_another_size(lite, ids, monkeypatch, size, fits, turned, again):
    desk = desk_of(lite, ids, size, 4)
    begun = []
    monkeypatch.setattr(desk, "_begin", lambda: begun.append(True))
    tell(desk, fits=fits, **({"turn": {"to": "next", "from": "old/1"}} if turned else {}))
    assert bool(begun) == again and desk.fits == fits

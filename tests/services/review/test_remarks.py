"""Flags and notes: through the grid's events, undone, seen blind and by others, filtered."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from fercore.curation.review_filter import BLIND_STATES, Cursor
from fercore.services.review import face_detail, grid, reviewers
from fercore.store.tables import Mark
from fercore.ui.review_grid.desk import Desk
from tests.services.review.recrops import event, undo, view_of
from tests.services.review.remarks import NOTE, by, events, flag, note, send, tiles


def test_a_flag_and_a_note_are_seen_and_leave_the_decision_alone(store, faces):
    result = send(store, flag(faces[0]), note(faces[1]))
    assert set(result.stored.values()) == {0} and result.decided == 0 and result.remarked
    assert tiles(store, faces[:3]) == [(True, False, ""), (False, False, NOTE), (False, False, "")]
    assert tiles(store, faces[:2], "Lee") == [(True, False, ""), (False, True, "")]
    states = [tile["state"] for tile in grid.tiles(store, view_of(store), faces)]
    assert states == ["undecided"] * 4 and grid.counts(store, view_of(store)) == (4, 4)


def test_one_key_press_flags_many_and_is_undone_as_one(store, faces):
    action = str(uuid4())
    send(store, *[flag(face, action=action) for face in faces[:3]])
    assert [tile[0] for tile in tiles(store, faces)] == [True, True, True, False]
    result = undo(store, {"action": action})
    assert result.undid and result.remarked and [tile[0] for tile in tiles(store, faces)] == [False] * 4


def test_a_note_is_replaced_taken_away_and_undone_step_by_step(store, faces):
    made = [note(faces[0], text) for text in ("one", "two", "  ")]
    send(store, *made)
    assert tiles(store, faces[:1]) == [(False, False, "")]
    undo(store, made[2])
    assert tiles(store, faces[:1]) == [(False, False, "two")]
    undo(store, made[1])
    assert tiles(store, faces[:1]) == [(False, False, "one")]
    assert [text for *_, text in events(store)][:3] == ["one", "two", ""], "the history keeps all of it"


def test_an_undo_without_a_name_takes_the_last_action_back_whatever_it_was(store, faces):
    send(store, event("decide", face=faces[0], emotion=5), flag(faces[1]))
    undo(store)
    assert tiles(store, faces[1:2]) == [(False, False, "")]
    assert grid.tiles(store, view_of(store), faces[:1])[0]["state"] == "relabelled"
    undo(store)
    assert grid.tiles(store, view_of(store), faces[:1])[0]["state"] == "undecided"
    send(store, flag(faces[1]), event("decide", face=faces[0], emotion=5))
    undo(store)
    assert tiles(store, faces[1:2]) == [(True, False, "")]
    assert grid.tiles(store, view_of(store), faces[:1])[0]["state"] == "undecided"


def test_the_same_undo_again_undoes_nothing_more(store, faces):
    send(store, flag(faces[0]), flag(faces[1]))
    again = event("undo", undoes=None)
    for _ in range(3):
        assert send(store, again).refused == {}
    assert [tile[0] for tile in tiles(store, faces[:2])] == [True, False]


def test_two_people_keep_their_own_notes_and_lose_nothing(store, faces):
    by(store, "Kim", note(faces[0], "Kim's"))
    by(store, "Lee", note(faces[0], "Lee's"))
    assert tiles(store, faces[:1], "Kim") == [(False, True, "Kim's")]
    result = face_detail.detail(store, view_of(store), faces[0])
    assert [row["text"] for row in result["notes"]] == ["Lee's"] and "Lee" in result["notes"][0]["by"]
    assert [line.split(" ", 2)[-1].partition(": ")[2] for line in result["history"]] == ["note: Kim's", "note: Lee's"]


def test_a_flag_that_two_set_is_taken_away_whole_and_comes_back_with_the_undo(store, faces):
    by(store, "Kim", flag(faces[0]))
    by(store, "Lee", flag(faces[0]))
    away = flag(faces[0], on=False)
    by(store, "Park", away)
    assert tiles(store, faces[:1]) == [(False, False, "")]
    by(store, "Park", event("undo", undoes=away["action"]))
    with store.database.reading() as session:
        assert [(mark.reviewer, mark.flagged) for mark in session.scalars(select(Mark))] == [
            ("Kim", True),
            ("Lee", True),
        ]
    history = face_detail.detail(store, view_of(store), faces[0])["history"]
    message = ("Kim: flagged", "Lee: flagged", "Park: flag removed", "Park: undone")
    assert [line.endswith(end) for line, end in zip(history, message, strict=True)] == [True] * 4, history


def test_who_works_blind_sees_and_changes_their_own_remarks_only(store, faces):
    by(store, "Lee", flag(faces[0]), note(faces[0], "secret"))
    assert tiles(store, faces[:1], "Kim", blind=True) == [(False, False, "")]
    result = face_detail.detail(store, view_of(store, blind=True), faces[0])
    assert result["notes"] == [] and result["history"] == []
    by(store, "Kim", flag(faces[0]), blind=True)
    by(store, "Kim", flag(faces[0], on=False), blind=True)
    assert tiles(store, faces[:1], "Kim", blind=True) == [(False, False, "")]
    assert tiles(store, faces[:1], "Kim") == [(True, True, "")], "Lee's flag stays"
    for state in ("flagged", "noted"):
        assert state in BLIND_STATES
        assert grid.counts(store, view_of(store, state=state, blind=True))[0] == 0
        assert grid.counts(store, view_of(store, state=state))[0] == 1


@pytest.mark.parametrize(("state", "expected"), [("flagged", [0, 2]), ("noted", [1, 2])])
def test_filters_show_and_count_them(store, faces, state, expected):
    send(store, flag(faces[0]), flag(faces[2]), note(faces[1]), note(faces[2]))
    send(store, event("decide", face=faces[2], emotion=1))
    view = view_of(store, state=state)
    page = grid.open_page(store, view, Cursor(), 10)
    assert sorted(page.face_ids) == [faces[n] for n in expected] and page.face_ids[-1] == faces[2]
    assert grid.counts(store, view) == (2, 1)


def test_the_count_of_a_filter_follows_on_the_next_page(store, faces):
    send(store, *[flag(face) for face in faces])
    desk = Desk(store, view_of(store, state="flagged"), 2)
    assert desk.total == 4
    desk.receive({"batch": "1", "have": desk.key, "events": [flag(faces[0], on=False)]})
    desk.receive({"batch": "2", "have": desk.key, "turn": {"to": "next", "from": desk.key}})
    assert desk.total == 3 and desk.page.face_ids == faces[2:]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        pytest.param({"type": "flag", "on": 1}, "'on'", id="a number for a truth"),
        pytest.param({"type": "flag"}, "'on'", id="no word"),
        pytest.param({"type": "flag", "on": True, "face": "1"}, "'face'", id="a word for a face"),
        pytest.param({"type": "note"}, "'text'", id="no text"),
        pytest.param({"type": "note", "text": 7}, "'text'", id="a number for a text"),
        pytest.param({"type": "note", "text": "x" * 501}, "'text'", id="too long"),
        pytest.param({"type": "note", "text": "x" * 1_500_000}, "'text'", id="megabytes"),
        pytest.param({"type": "note", "text": "a\x00b"}, "'text'", id="a null byte"),
        pytest.param({"type": "note", "text": "\ud800"}, "'text'", id="half a character"),
        pytest.param({"type": "note", "text": "x", "face": 2**31 - 1}, "not in this dataset", id="an absent face"),
        pytest.param({"type": "note", "text": "x", "action": None}, "'action'", id="no action"),
    ],
)
def test_what_cannot_be_stored_is_told_and_keeps_nothing_else_from_it(store, faces, bad, why):
    given = {"id": str(uuid4()), "action": str(uuid4()), "face": faces[0]} | bad
    good = note(faces[1])
    result = send(store, given, good)
    assert list(result.stored) == [good["id"]] and why in result.refused[0] and len(result.refused[0]) < 200
    assert [text for *_, text in events(store)] == [NOTE]


@pytest.mark.parametrize("text", ["x" * 500, "가" * 500, "=1+1", "'; DROP TABLE faces;--", "👩‍👩‍👧 é", "a\nb\tc"])
def test_any_text_comes_back_as_it_was(store, faces, text):
    send(store, note(faces[0], text))
    assert tiles(store, faces[:1])[0][2] == text


@pytest.mark.parametrize(
    "change", [{"on": False}, {"face": 1}, {"type": "note", "text": "x"}, {"action": str(uuid4())}]
)
def test_a_number_stands_for_one_content(store, faces, change):
    first = flag(faces[0])
    other = first | change | ({"face": faces[1]} if "face" in change else {})
    assert "another decision" in send(store, first, other).refused[1]
    assert "another decision" in send(store, other).refused[0] and len(events(store)) == 1


def test_the_same_event_again_is_stored_once_and_another_persons_number_refused(store, faces):
    made = [flag(faces[0], on=False), note(faces[1])]
    by(store, "Lee", flag(faces[0]))
    for _ in range(2):
        assert set(send(store, *made).stored) == {item["id"] for item in made}
    assert len(events(store)) == 4
    assert len(by(store, "Park", made[1], note(faces[2], action=made[1]["action"])).refused) == 2


def test_another_persons_remark_cannot_be_undone(store, faces):
    made = flag(faces[0])
    by(store, "Lee", made)
    assert "no decision of yours" in undo(store, made).refused[0]
    assert tiles(store, faces[:1])[0][0]


def test_a_renamed_person_keeps_their_remarks(store, faces):
    made = note(faces[0])
    by(store, "Lee", made, flag(faces[1]))
    reviewers.rename(store, "Lee", "Lee Sun")
    assert tiles(store, faces[:1], "Lee Sun") == [(False, False, NOTE)]
    by(store, "Lee Sun", event("undo", undoes=made["action"]))
    assert tiles(store, faces[:1], "Lee Sun") == [(False, False, "")]

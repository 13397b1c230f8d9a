"""Whatever a browser sends is answered: what is acknowledged is stored, and one bad event keeps no other from it."""

from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from fercore.services.review import grid, grid_commit
from fercore.store.tables import Decision, Remark
from fercore.ui.review_grid.desk import Desk
from fercore.ui.review_grid.payload import page_data
from tests.conftest import fill
from tests.services.review.recrops import event, view_of


@pytest.fixture
def faces(store):
    return fill(store, "D", [3, 5, 1, 0])


def stored(store):
    with store.database.reading() as session:
        rows = session.execute(select(Decision.id, Decision.face_id, Decision.emotion).order_by(Decision.sequence))
        return [tuple(row) for row in rows]


def send(desk, events, **more):
    desk.receive({"batch": str(uuid4()), "have": desk.key, "events": events} | more)
    return desk.ack


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        pytest.param({"emotion": 99}, "'emotion'", id="no such emotion"),
        pytest.param({"emotion": True}, "'emotion'", id="a truth as emotion"),
        pytest.param({"emotion": 2.0}, "'emotion'", id="a fraction as emotion"),
        pytest.param({"emotion": "2"}, "'emotion'", id="a word as emotion"),
        pytest.param({"emotion": 2, "reason": "blurred"}, "either", id="emotion and reason"),
        pytest.param({"emotion": None}, "either", id="neither"),
        pytest.param({"emotion": None, "reason": "ugly"}, "'reason'", id="no such reason"),
        pytest.param({"emotion": None, "reason": "x" * 1_000_000}, "'reason'", id="a megabyte as reason"),
        pytest.param({"face": True}, "'face'", id="a truth as face"),
        pytest.param({"face": -1}, "'face'", id="a negative face"),
        pytest.param({"face": 10**30}, "'face'", id="a face beyond the database"),
        pytest.param({"face": 2**31 - 1}, "not in this dataset", id="an absent face"),
        pytest.param({"face": None}, "'face'", id="no face"),
        pytest.param({"id": "x" * 1_000_000}, "'id'", id="a megabyte as id"),
        pytest.param({"id": None}, "'id'", id="no id"),
        pytest.param({"action": "\ud800"}, "'action'", id="half a character"),
        pytest.param({"page": "x" * 1_000_000}, "'page'", id="a megabyte as page"),
        pytest.param({"page": {"a": 1}}, "'page'", id="an object as page"),
        pytest.param({"note": "a\x00b"}, "'note'", id="a null byte"),
        pytest.param({"note": "x" * 501}, "'note'", id="a long note"),
        pytest.param({"seen": -5}, "'seen'", id="a negative number"),
        pytest.param({"type": "delete"}, "neither a decision", id="another type"),
        pytest.param({"type": ["decide"]}, "neither a decision", id="a list as type"),
        pytest.param({"type": "undo", "undoes": "x"}, "'undoes'", id="undo of no number"),
        pytest.param({"type": "undo", "undoes": str(uuid4())}, "no decision of yours", id="undo of nothing"),
    ],
)
def test_a_bad_event_is_told_and_keeps_none_from_being_stored(store, faces, bad, why):
    desk = Desk(store, view_of(store), 4)
    good = [event("decide", face=face, emotion=2) for face in faces[:2]]
    ack = send(desk, [good[0], event("decide", face=faces[2], emotion=2) | bad, good[1]])
    assert ack["stored"] == {item["id"]: 1 for item in good}
    assert [(item["at"], why in item["why"]) for item in ack["refused"]] == [(1, True)], ack["refused"]
    assert len(ack["refused"][0]["why"]) < 200
    assert [face for _, face, _ in stored(store)] == faces[:2]


@pytest.mark.parametrize("bad", [None, 7, "x", [], [[]], True, {}, float("nan")])
def test_an_event_that_is_no_object(store, faces, bad):
    good = event("decide", face=faces[0], emotion=2)
    ack = send(Desk(store, view_of(store), 4), [bad, good])
    assert ack["stored"] == {good["id"]: 1} and [item["at"] for item in ack["refused"]] == [0]


def test_a_face_of_another_dataset_is_absent_here(store, faces):
    [other] = fill(store, "E", [3], start=50)
    ack = send(Desk(store, view_of(store), 4), [event("decide", face=other, emotion=2)])
    assert ack["stored"] == {} and "not in this dataset" in ack["refused"][0]["why"]


@pytest.mark.parametrize(
    "change", [{"emotion": 4}, {"face": 1}, {"emotion": None, "reason": "blurred"}, {"action": str(uuid4())}]
)
@pytest.mark.parametrize("together", [True, False], ids=["in one message", "later"])
def test_a_number_stands_for_one_content(store, faces, change, together):
    desk = Desk(store, view_of(store), 4)
    first = event("decide", face=faces[0], emotion=2)
    other = first | change | ({"face": faces[1]} if "face" in change else {})
    answers = [send(desk, [first, other])] if together else [send(desk, [first]), send(desk, [other])]
    assert answers[0]["stored"] == {first["id"]: 1}
    assert "another decision" in answers[-1]["refused"][0]["why"]
    assert stored(store) == [(first["id"], faces[0], 2)]


def test_the_same_event_again_is_acknowledged_and_stored_once(store, faces):
    desk = Desk(store, view_of(store), 4)
    sent = [event("decide", face=faces[0], emotion=2), event("decide", face=faces[1], emotion=None, reason="not sure")]
    back = event("undo", undoes=sent[0]["action"])
    for _ in range(2):
        ack = send(desk, [*sent, back])
        assert ack["stored"] == {item["id"]: 1 for item in (*sent, back)} and ack["refused"] == []
    assert len(stored(store)) == 3


def test_another_person_s_numbers_are_refused(store, faces):
    theirs = event("decide", face=faces[0], emotion=2)
    grid.commit(store, view_of(store), [theirs])
    lee = Desk(store, view_of(store).__class__(view_of(store).dataset_id, "Lee"), 4)
    ack = send(lee, [theirs, event("decide", face=faces[1], emotion=2, action=theirs["action"])])
    assert ack["stored"] == {} and len(ack["refused"]) == 2 and len(stored(store)) == 1


@pytest.mark.parametrize(
    ("count", "padding"), [pytest.param(2001, 0, id="events"), pytest.param(3, 800_000, id="megabytes")]
)
def test_too_large_a_message_stores_nothing_and_says_so(store, faces, count, padding):
    desk = Desk(store, view_of(store), 4)
    sent = [event("decide", face=faces[0], emotion=2, extra="감" * (padding // 3)) for _ in range(count)]
    ack = send(desk, sent)
    assert ack["stored"] == {} and "2,000" in ack["too_large"] and stored(store) == []
    assert len(send(desk, sent[:2])["stored"]) == 2


def test_what_the_database_alone_refuses_keeps_no_other_from_being_stored(store, faces, monkeypatch):
    good, bad = (event("decide", face=face, emotion=2) for face in faces[:2])
    record = grid_commit.decisions.record

    def refusing(session, reviewer, wishes, manner):
        if any(request.id == bad["id"] for request in wishes):
            raise IntegrityError("", {}, Exception())
        return record(session, reviewer, wishes, manner)

    monkeypatch.setattr(grid_commit.decisions, "record", refusing)
    ack = send(Desk(store, view_of(store), 4), [good, bad])
    assert ack["stored"] == {good["id"]: 1} and [item["at"] for item in ack["refused"]] == [1]


def test_a_bad_wish_beside_good_events_is_left_out(store, faces):
    desk = Desk(store, view_of(store), 4)
    good = event("decide", face=faces[0], emotion=2)
    ack = send(desk, [good], focus="x", photo=[1], turn={"to": "up"}, near=3, fits=-4)
    assert ack["stored"] == {good["id"]: 1}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
numbers = st.uuids().map(str) | json_values


def near_events(faces):
    """Objects that look like events, with any value in any place."""
    return st.fixed_dictionaries(
        {"type": st.sampled_from(["decide", "undo", "recut", "add", "flag", "note"]) | json_values},
        optional={
            "id": numbers,
            "action": numbers,
            "face": st.sampled_from(faces) | json_values,
            "emotion": st.integers(0, 6) | json_values,
            "reason": st.sampled_from(["blurred", "not sure"]) | json_values,
            "page": numbers,
            "seen": st.integers(0, 9) | json_values,
            "bulk": st.booleans() | json_values,
            "note": json_values,
            "on": st.booleans() | json_values,
            "text": st.text(max_size=510) | json_values,
            "box": st.lists(st.integers(0, 100), min_size=4, max_size=4) | json_values,
            "photo": st.integers(0, 3) | json_values,
            "undoes": numbers,
        },
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(data=st.data())
def test_any_json_is_answered_and_a_good_decision_follows(store, faces, data):
    desk = Desk(store, view_of(store), 4)
    message = data.draw(
        json_values
        | st.fixed_dictionaries(
            {"events": st.lists(near_events(faces) | json_values, max_size=5) | json_values},
            optional={
                name: json_values for name in ("batch", "have", "focus", "near", "photo", "turn", "fits", "looks")
            },
        )
    )
    desk.receive(message)
    with store.database.reading() as session:
        known = set(session.scalars(select(Decision.id))) | set(session.scalars(select(Decision.action)))
        remarked = set(session.scalars(select(Remark.id)))
    assert {number for number, rows in desk.ack["stored"].items() if rows} <= known, "acknowledged means stored"
    given = message.get("events") if isinstance(message, dict) else None
    marks = [
        item
        for item in (given if isinstance(given, list) else [])
        if isinstance(item, dict) and item.get("type") in ("flag", "note")
    ]
    sent = {mark["id"] for mark in marks if isinstance(mark.get("id"), str)} & set(desk.ack["stored"])
    assert {str(UUID(number)) for number in sent} <= remarked
    good = event("decide", face=faces[0], emotion=2)
    before = len(stored(store))
    assert send(desk, [good])["stored"] == {good["id"]: 1}
    assert len(stored(store)) == before + 1
    page_data(desk, {}, "")


def test_the_count_of_faces_is_right_after_bad_events(store, faces):
    desk = Desk(store, view_of(store), 4)
    send(desk, [event("decide", face=faces[0], emotion=99), event("decide", face=faces[0], emotion=2)])
    assert desk.left == 3
    with store.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 1

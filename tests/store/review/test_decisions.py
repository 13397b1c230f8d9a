"""Decisions become votes and labels, come once, and can be undone."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from fercore.store.review import decisions
from fercore.store.review.decisions import DecisionRequest
from fercore.store.tables import Decision, Face
from tests.conftest import fill

ANGRY, HAPPY, SAD = 0, 3, 5


def decide(store, who, face_id, emotion=None, reason=None, action=None, event=None):
    action = action or str(uuid4())
    with store.database.writing() as session:
        request = DecisionRequest(event or str(uuid4()), action, face_id, emotion, reason)
        decisions.record(session, who, [request])
    return action


def undo(store, who, action, event=None):
    with store.database.writing() as session:
        return decisions.undo(session, who, event or str(uuid4()), action)


def label(store, face_id):
    with store.database.reading() as session:
        face = session.get_one(Face, face_id)
        return face.emotion, face.state, face.reason


@pytest.mark.parametrize(
    ("source", "steps", "expected"),
    [
        pytest.param(HAPPY, [], (HAPPY, "undecided", None), id="nothing yet"),
        pytest.param(HAPPY, [("a", HAPPY)], (HAPPY, "confirmed", None), id="same as before"),
        pytest.param(HAPPY, [("a", SAD)], (SAD, "relabelled", None), id="another emotion"),
        pytest.param(HAPPY, [("a", SAD), ("a", HAPPY)], (HAPPY, "confirmed", None), id="back to the source's own"),
        pytest.param(None, [("a", SAD)], (SAD, "relabelled", None), id="unlabelled gets an emotion"),
        pytest.param(HAPPY, [("a", "blurred")], (HAPPY, "rejected", "blurred"), id="rejected keeps its emotion"),
        pytest.param(HAPPY, [("a", "blurred"), ("a", ANGRY)], (ANGRY, "relabelled", None), id="taken back in"),
        pytest.param(HAPPY, [("a", SAD), ("b", SAD)], (SAD, "confirmed", None), id="second person agrees"),
        pytest.param(HAPPY, [("a", SAD), ("b", ANGRY)], (ANGRY, "relabelled", None), id="the latest vote counts"),
    ],
)
def test_label(store, source, steps, expected):
    [face] = fill(store, "D", [source])
    for who, what in steps:
        given = {"reason": what} if isinstance(what, str) else {"emotion": what}
        decide(store, who, face, **given)
    assert label(store, face) == expected


def test_the_source_label_is_never_overwritten(store):
    [face] = fill(store, "D", [HAPPY])
    decide(store, "a", face, emotion=SAD)
    with store.database.reading() as session:
        assert session.get_one(Face, face).source_emotion == HAPPY


def test_the_same_event_twice_is_stored_once(store):
    [face] = fill(store, "D", [HAPPY])
    event = str(uuid4())
    for _ in range(3):
        decide(store, "a", face, emotion=SAD, event=event, action=event)
    with store.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 1


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param([], (HAPPY, "undecided", None), id="to the source's label"),
        pytest.param([("a", ANGRY)], (ANGRY, "relabelled", None), id="to the own earlier vote"),
        pytest.param([("b", ANGRY)], (ANGRY, "relabelled", None), id="to another person's vote"),
    ],
)
def test_undo_goes_back(store, before, expected):
    [face] = fill(store, "D", [HAPPY])
    for who, emotion in before:
        decide(store, who, face, emotion=emotion)
    action = decide(store, "a", face, emotion=SAD)
    assert undo(store, "a", action) == [face]
    assert label(store, face) == expected


def test_undo_takes_a_whole_action_back_once(store):
    faces = fill(store, "D", [HAPPY, SAD, ANGRY])
    action, event = str(uuid4()), str(uuid4())
    for face in faces:
        decide(store, "a", face, emotion=SAD, action=action)
    assert sorted(undo(store, "a", action, event)) == faces
    assert sorted(undo(store, "a", action, event)) == faces, "the same undo again tells the same"
    assert undo(store, "a", action) == [], "another undo of it finds nothing"
    with store.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 6


def test_nobody_undoes_what_another_decided(store):
    [face] = fill(store, "D", [HAPPY])
    action = decide(store, "a", face, emotion=SAD)
    assert undo(store, "b", action) == []
    assert label(store, face) == (SAD, "relabelled", None)


def test_last_action_skips_what_was_undone(store):
    first, second = fill(store, "D", [HAPPY, SAD])
    stored = decide(store, "a", first, emotion=SAD)
    undo(store, "a", decide(store, "a", second, emotion=SAD))
    with store.database.reading() as session:
        dataset_id = session.get_one(Face, first).dataset_id
        assert decisions.last_action(session, "a", dataset_id)[0] == stored
        assert decisions.last_action(session, "b", dataset_id) is None

"""The faces that an address or a task asks for, and why none is shown."""

from types import SimpleNamespace

import pytest

from fercore.store.tables import Task
from fercore.ui.review import face_filters


@pytest.mark.parametrize(
    ("query", "works", "task"),
    [
        pytest.param({}, False, 4, id="no wish"),
        pytest.param({"task": "7"}, False, 7, id="another task"),
        pytest.param({"task": "0"}, False, 0, id="no task"),
        pytest.param({"task": "9"}, False, 4, id="a task of others"),
        pytest.param({"task": "x"}, False, 4, id="no number"),
        pytest.param({"dataset": "D"}, False, 0, id="a dataset"),
        pytest.param({"cell": "1.2.3"}, False, 0, id="a cell"),
        pytest.param({"faces": "1-5"}, False, 0, id="faces"),
        pytest.param({"dataset": "D"}, True, 4, id="a dataset, once somebody works"),
        pytest.param({"dataset": "D", "task": "7"}, False, 7, id="a task and a dataset"),
    ],
)
def test_the_task_that_an_address_asks_for(monkeypatch, query, works, task):
    monkeypatch.setattr("streamlit.query_params", query)
    monkeypatch.setattr("streamlit.session_state", {"desk": None} if works else {})
    assert face_filters._task_of_address((4, 7)) == task


@pytest.mark.parametrize(("blind", "source"), [(True, "hidden"), (False, "shown")])
@pytest.mark.parametrize("instructions", ["", "Look at the *mouth*."])
def test_the_faces_of_a_task(monkeypatch, blind, source, instructions):
    messages = []
    monkeypatch.setattr("streamlit.text", messages.append)
    monkeypatch.setattr(face_filters, "reviewer", lambda: "Kim")
    task = Task(id=5, dataset_id=3, blind=blind, source=source, instructions=instructions)
    view = face_filters.of_task(task)
    assert (view.dataset_id, view.reviewer, view.task, view.blind, view.source) == (3, "Kim", 5, blind, source)
    assert messages == [instructions] * bool(instructions)


@pytest.mark.parametrize(
    ("task", "met", "held", "words"),
    [
        (None, True, 3, "Nothing is left to review here"),
        (4, True, 3, "You have made all decisions"),
        (4, False, 1, "The last face is being reviewed by another person"),
        (4, False, 3, "The last 3 faces are being reviewed by others"),
        (4, False, 0, "You have finished your part of this task"),
    ],
)
def test_why_no_face_is_shown(monkeypatch, task, met, held, words):
    messages = []
    for kind in ("success", "info"):
        monkeypatch.setattr(f"streamlit.{kind}", lambda text, **_: messages.append(text))
    monkeypatch.setattr(face_filters, "store", lambda: None)
    monkeypatch.setattr(face_filters.selections, "of_task", lambda store, task: None)
    monkeypatch.setattr(face_filters.assignments, "quota_is_met", lambda store, task, person: met)
    monkeypatch.setattr(face_filters.assignments, "in_hand", lambda store, task: held)
    face_filters.nothing_left(SimpleNamespace(task=task, reviewer="Kim"))
    assert len(messages) == 1 and messages[0].startswith(words)

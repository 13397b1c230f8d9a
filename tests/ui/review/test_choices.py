"""What is chosen for review: emotion, size, task, order, a model; and what is on a person's desk."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from fercore.clock import now
from fercore.curation.review_filter import BLIND_STATES, ORDERS, STATES, ReviewFilter
from fercore.emotions import EMOTIONS
from fercore.errors import NotFoundError
from fercore.services.plain import plain
from fercore.services.review.my_work import Work
from fercore.services.review.task_summary import TaskSummary
from fercore.store.tables import Task
from fercore.ui.review import cell_banner, face_filters, model_predictions, my_work
from tests.services.comparison.test_table import evaluated


@pytest.fixture(autouse=True)
def no_store(monkeypatch):
    for room in (cell_banner, face_filters, model_predictions, my_work):
        monkeypatch.setattr(room, "store", lambda: None)
    for room in (face_filters, my_work):
        monkeypatch.setattr(room, "reviewer", lambda: "Kim")


@pytest.mark.parametrize(("chosen", "number"), [("all", None), ("Angry", 0), ("Surprise", 6)])
@pytest.mark.parametrize("bound", [False, True])
def test_an_emotion(stage, chosen, number, bound):
    drawn = stage(Emotion=chosen)
    assert face_filters.emotion_box(drawn, "e", bound) == number
    [(given, named)] = drawn.of("selectbox")
    assert given[1] == ["all", *EMOTIONS] and named["bind"] == ("query-params" if bound else None)
    assert [named["format_func"](item) for item in ("all", "Sad")] == ["all", "Sad"]


@pytest.mark.parametrize(("chosen", "size"), [("fit", 0), ("30", 30)])
def test_the_size_of_a_page(stage, chosen, size):
    drawn = stage(Faces_per_page=chosen)
    assert face_filters.size_box(drawn) == size
    [(given, named)] = drawn.of("selectbox")
    assert given[1][0] == "fit" and [named["format_func"](item) for item in ("fit", "30")] == ["fit the window", "30"]


TASKS = [SimpleNamespace(id=4, name="first", dataset="D"), SimpleNamespace(id=7, name="second", dataset="D 2")]


@pytest.mark.parametrize(
    ("offered", "held", "chosen", "task", "expected"),
    [
        pytest.param([], None, None, None, None, id="none is offered"),
        pytest.param(TASKS, None, 4, 4, 4, id="the first"),
        pytest.param(TASKS, 7, 7, 7, 7, id="the one worked on"),
        pytest.param(TASKS, 9, 4, 4, 4, id="one that is over"),
        pytest.param(TASKS, 0, 0, None, 0, id="no task"),
    ],
)
def test_the_task_worked_on(stage, monkeypatch, offered, held, chosen, task, expected):
    import streamlit as st

    drawn = stage(Work_on=chosen)
    if held is not None:
        st.session_state["task"] = held
    monkeypatch.setattr(face_filters.offered_tasks, "offered", lambda store, person: offered)
    result = face_filters.task_box(drawn)
    assert (result.id if result else None, st.session_state.get("task")) == (task, expected)
    for given, named in drawn.of("selectbox"):
        words = [named["format_func"](item) for item in given[1]]
        assert words == ["first · D", "second · D 2", "no task: browse a dataset"]
        assert st.query_params["task"] == str(chosen)


@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize("shown", [False, True])
@pytest.mark.parametrize(
    ("cell", "chosen", "faces"), [(None, None, None), ("7.3.5", (8, 9), (1, 2)), (None, (8, 9), (8, 9))]
)
def test_faces_by_filters(stage, monkeypatch, blind, shown, cell, chosen, faces):
    import streamlit as st

    drawn, messages = stage(Dataset="E", Show="rejected", Emotion="Sad", Order="random"), []
    st.session_state["blind"] = blind
    if cell:
        st.query_params["cell"] = cell
    monkeypatch.setattr(face_filters.confusion_cell, "faces_of_cell", lambda store, name: (1, 2))
    monkeypatch.setattr(face_filters.cell_banner, "banner", messages.append)
    monkeypatch.setattr(face_filters.face_list, "chosen", lambda: chosen)
    monkeypatch.setattr(face_filters.face_banner, "draw", messages.append)
    monkeypatch.setattr(face_filters.model_predictions, "box", lambda place, name, number: (3, shown))
    monkeypatch.setattr(face_filters.model_predictions, "ordering", lambda *given: given)
    view = face_filters.browsed(drawn, {"D": 1, "E": 2})
    expected = ReviewFilter(2, "Kim", "rejected", 5, faces, (2, "random", 3), 3 if shown else None, blind=blind)
    named = [cell or len(chosen)] if faces else []
    assert view == expected and messages == named
    offered = [given[1] for given, _ in drawn.of("selectbox")]
    assert offered[1] == (BLIND_STATES if blind else STATES) and offered[3] == ORDERS


@pytest.mark.parametrize("given", [face_filters.state_names, face_filters.order_names, face_filters.ruling_names])
def test_every_state_and_order_has_its_own_name(given):
    known = {face_filters.state_names: STATES, face_filters.order_names: ORDERS}.get(given, ("disputed", "all"))
    names = given()
    assert set(names) == set(known) and len(set(names.values())) == len(names)


ADVISORS = [SimpleNamespace(run=3, title="Run 3"), SimpleNamespace(run=5, title="Run 5")]


@pytest.mark.parametrize(
    ("offered", "held", "opinion", "chosen", "waits", "answers"),
    [
        pytest.param([], None, False, None, False, (None, False), id="no run"),
        pytest.param(ADVISORS, None, False, 0, False, (None, False), id="nobody is asked"),
        pytest.param(ADVISORS, 9, True, 0, False, (None, False), id="a run that is gone"),
        pytest.param(ADVISORS, 5, False, 5, True, (5, False), id="asked, not shown"),
        pytest.param(ADVISORS, 5, True, 5, False, (5, True), id="asked and shown"),
    ],
)
def test_the_model_that_is_asked(stage, monkeypatch, offered, held, opinion, chosen, waits, answers):
    import streamlit as st

    drawn, polled = stage(Ask_a_model=chosen), []
    st.session_state |= {"opinion-shown": opinion} | ({} if held is None else {"advisor": held})
    monkeypatch.setattr(model_predictions.model_predictions, "advisors", lambda store: offered)
    monkeypatch.setattr(model_predictions.model_predictions, "is_asked", lambda store, run, dataset: waits)
    monkeypatch.setattr(
        model_predictions, "fragment", lambda part, *given, run_every: polled.append((given, run_every))
    )
    assert model_predictions.box(drawn, "D", 2) == answers
    if offered:
        assert st.session_state["advisor"] == (held if held in (3, 5) else 0)
        assert drawn.of("popover")[0][1]["type"] == ("primary" if answers[1] else "secondary")
    assert polled == ([((chosen, 2, "D"), 2.0 if waits else None)] if chosen else [])


@pytest.mark.parametrize(
    ("count", "wanted", "pressed", "words"),
    [(0, False, True, "0 faces"), (1, True, False, "1 face "), (1200, False, False, "1,200 faces")],
)
def test_a_model_is_asked_about_the_others(stage, monkeypatch, count, wanted, pressed, words):
    label = "Predicting…" if wanted else "Predict the others"
    drawn, submitted = stage(**{label: pressed}), []
    room = model_predictions.model_predictions
    monkeypatch.setattr(room, "count", lambda store, run, dataset: count if (run, dataset) == (3, 2) else None)
    monkeypatch.setattr(room, "is_asked", lambda store, run, dataset: wanted)
    monkeypatch.setattr(room, "ask", lambda store, *given: submitted.append(given))
    model_predictions._standing(3, 2, "D")
    assert words in drawn.said("caption")[0] and submitted == [(3, "D")] * pressed
    assert drawn.of("button") == [((label,), {"disabled": wanted, "key": "ask-advisor"})]


@pytest.mark.parametrize(
    ("order", "advisor", "offered", "pressed", "anew", "message"),
    [
        ("imported", None, [], True, False, []),
        ("random", None, [], True, False, []),
        ("poor picture", None, [], False, False, []),
        ("poor picture", None, [], True, True, []),
        ("suspicious", 3, ADVISORS, True, True, []),
        ("suspicious", None, ADVISORS, False, None, ["This sort order requires model predictions: open"]),
        ("uncertain", None, [], False, None, ["This sort order requires model predictions, and no"]),
    ],
)
def test_an_order_is_worked_out_or_its_need_told(stage, monkeypatch, order, advisor, offered, pressed, anew, message):
    drawn = stage(Sort_again=pressed)
    monkeypatch.setattr(model_predictions.model_predictions, "advisors", lambda store: offered)
    monkeypatch.setattr(model_predictions, "ordering_of", lambda store, *given: given)
    result = model_predictions.ordering(2, order, advisor)
    assert result == (None if anew is None else (2, order, advisor, anew))
    answers = drawn.said("info", "write")
    assert [text.startswith(words) for words, text in zip(message, answers, strict=True)] == [True] * len(message)


@pytest.mark.parametrize(
    ("decided", "left", "share", "way"),
    [(1, 3, 0.25, "Continue"), (4, 0, 1.0, "done"), (5, 0, 1.0, "done"), (0, 0, 1.0, "done")],
)
def test_my_work(stage, monkeypatch, decided, left, share, way):
    import streamlit as st

    drawn, gone = stage(Continue=True), []
    work = Work(plain(TaskSummary, Task(id=4, name="first")), "D", decided, left)
    monkeypatch.setattr(my_work.my_work, "work_of", lambda store, person: [work])
    monkeypatch.setattr(my_work.record, "links", lambda names: None)
    monkeypatch.setattr(my_work, "switch_page", lambda page, **query: gone.append(query))
    my_work.panel()
    [(given, _)] = drawn.of("progress")
    assert given[0] == share and drawn.said("markdown", "button") == [way]
    assert gone == [{"task": "4"}] * (way == "Continue")
    assert st.session_state == ({"task": 4} if gone else {})


@pytest.mark.parametrize(("days", "word"), [(-1, "overdue since"), (0, "due"), (1, "due")])
def test_work_is_overdue_after_its_day(days, word):
    deadline = now().date() + timedelta(days=days)
    task = plain(TaskSummary, Task(name="t", deadline=deadline))
    assert my_work._words(Work(task, "D", 1, 3)).endswith(f" · {word} {deadline.isoformat()}")


def test_without_work_nothing_is_said(stage, monkeypatch):
    drawn = stage()
    monkeypatch.setattr(my_work.my_work, "work_of", lambda store, person: [])
    my_work.panel()
    assert drawn.drawn == []


def gone(store, number):
    raise NotFoundError("evaluation", str(number))


@pytest.mark.parametrize(
    ("name", "get", "words"),
    [
        pytest.param(
            "7.3.5", lambda store, number: evaluated(number, 0.5, split="train"), "labelled Happy", id="there"
        ),
        pytest.param("7.3.5", gone, None, id="deleted"),
        pytest.param("7.3", gone, None, id="no cell"),
    ],
)
@pytest.mark.parametrize(
    ("others", "shown"),
    [
        pytest.param([], 7, id="itself"),
        pytest.param([(9, 7, "train"), (8, 7, "test"), (6, 5, "train")], 9, id="counted again since"),
    ],
)
def test_the_banner_of_a_cell(stage, monkeypatch, name, get, words, others, shown):
    drawn = stage()
    monkeypatch.setattr(cell_banner.stored_evaluations, "get", get)
    listed = [evaluated(run, 0.5, split=split, id=number) for number, run, split in others]
    monkeypatch.setattr(
        cell_banner.stored_evaluations,
        "listed",
        lambda store, run=None: [each for each in listed if run in (None, each.run)],
    )
    cell_banner.banner(name)
    if words is None:
        assert [kind for kind, *_ in drawn.drawn] == ["warning"]
        return
    assert words in drawn.said("markdown")[0] and "predicted Sad" in drawn.said("markdown")[0]
    links = drawn.of("page_link")
    assert [given[0].rpartition("/")[2] for given, _ in links] == ["snapshots.py", "train.py", "compare.py"]
    assert links[-1][1]["query_params"] == {"evaluation": str(shown)}

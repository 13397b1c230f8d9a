"""The history as a table, the decisions that may be reverted, and reverts."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from fercore.services.review.history import HistoryPage, HistoryQuery
from fercore.store.review.history import PastDecision, RevertedRange
from fercore.ui.review import history

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_store(monkeypatch):
    monkeypatch.setattr(history, "store", lambda: None)
    monkeypatch.setattr(history, "reviewer", lambda: "Lee*")


def past(kind="relabel", of=None, undone=False, **more):
    plain = {"face_id": 7, "reviewer": "Kim", "decided_at": NOW, "kind": kind, "emotion": None, "before": None}
    plain |= {"action": "a", "reason": None, "advisor": None}
    return PastDecision(**plain | more, dataset="D 2", identity="a/1.png", undone=undone, of=of)


@pytest.mark.parametrize(
    ("of", "words"), [(None, "undo"), ("Kim", "undo"), ("Lee", "undo (Lee)")], ids=["no one", "their own", "another's"]
)
def test_what_was_done(of, words):
    assert history._what(past("undo", of)) == words


@pytest.mark.parametrize(
    ("first", "cells"),
    [
        pytest.param(
            past(emotion=0, before=3),
            {"Emotion": "Angry", "Before": "Happy", "Why": "", "In effect": "yes", "Model shown": ""},
            id="another emotion",
        ),
        pytest.param(
            past("reject", reason="blurred", advisor=0, undone=True),
            {"Emotion": "", "Before": "", "Why": "blurred", "In effect": "no", "Model shown": "0"},
            id="rejected, and undone",
        ),
    ],
)
def test_a_row_of_the_history(first, cells):
    row = history._frame([first]).iloc[0].to_dict()
    plain = {"Reviewer": "Kim", "Dataset": "D 2", "Face": "#7", "Name": "a/1.png"}
    assert {name: row[name] for name in plain | cells} == plain | cells and row["When"] == NOW


@pytest.mark.parametrize(
    ("person", "standing", "can"), [("Kim", 2, True), ("Kim", 1, True), ("Kim", 0, False), (None, 2, False)]
)
@pytest.mark.parametrize("pressed", [False, True])
def test_one_persons_decisions_can_be_reverted(stage, monkeypatch, person, standing, can, pressed):
    label = f"Revert {standing} decision{'' if standing == 1 else 's'}"
    drawn, calls, listed = stage(**{label: pressed}), [], []
    result = HistoryPage([past(), past(face_id=9), past()], 5, standing, 3)
    monkeypatch.setattr(history, "LISTED", 3)
    monkeypatch.setattr(history.history, "look", lambda store, which, limit: result if limit == 3 else None)
    monkeypatch.setattr(history.history, "reverts", lambda store: [])
    monkeypatch.setattr(history, "dialog", lambda title, part, *given: calls.append(given))
    monkeypatch.setattr(history.face_list, "panel", lambda key, faces: listed.append(faces))
    which = HistoryQuery(None, person)
    history.panel(which)
    [(given, named)] = drawn.of("button")
    assert given == (label,) and named["disabled"] != can
    assert calls == [(which, standing, 3)] * pressed and listed == [[7, 9]]
    assert drawn.said("caption") == ["The latest 3 are listed."] and len(drawn.said("dataframe")[0]) == 3


def revert(undone, decisions=2):
    return RevertedRange("a1", "Lee", "Kim_", decisions, NOW, undone)


@pytest.mark.parametrize(
    ("undone", "pressed", "restored"), [(True, True, []), (False, False, []), (False, True, [("a1", "Lee*")])]
)
def test_a_revert_is_undone_once(stage, monkeypatch, undone, pressed, restored):
    drawn, done = stage(Undo_this_revert=pressed), []
    monkeypatch.setattr(history.history, "reverts", lambda store: [revert(undone)])
    monkeypatch.setattr(history.history, "restore", lambda store, *given: done.append(given))
    history._reverts()
    line, *more = drawn.said("markdown")
    assert line.endswith(r" · Lee reverted 2 decisions of Kim\_.") and more == ["undone"] * undone
    assert done == restored and len(drawn.of("rerun")) == len(restored)


@pytest.mark.parametrize("pressed", [False, True])
def test_a_revert_is_asked_for(stage, monkeypatch, pressed):
    drawn, done = stage(Revert_them=pressed), []
    monkeypatch.setattr(history.history, "revert", lambda store, *given: done.append(given))
    which = HistoryQuery("D", "Kim_")
    history._confirm(which, 1, 0)
    [words] = drawn.said("write")
    assert words.startswith(r"1 decision of Kim\_ is reverted under your name, Lee\*.") and "can be undone" in words
    assert done == [(which, "Lee*")] * pressed and len(drawn.of("rerun")) == pressed


@pytest.mark.parametrize(
    ("answers", "query"),
    [
        pytest.param({}, HistoryQuery(), id="any"),
        pytest.param(
            {"Dataset": "D", "Reviewer": "Kim", "Task": 4, "Since": NOW.replace(tzinfo=None), "Before": None},
            HistoryQuery("D", "Kim", NOW.replace(tzinfo=None).astimezone(), None, 4),
            id="chosen",
        ),
        pytest.param(
            {"Before": NOW.replace(tzinfo=None)},
            HistoryQuery(until=NOW.replace(tzinfo=None).astimezone()),
            id="up to a moment",
        ),
    ],
)
def test_what_is_asked_for(stage, monkeypatch, answers, query):
    drawn = stage(**answers)
    task = SimpleNamespace(task=SimpleNamespace(id=4, name="first"), dataset="D")
    monkeypatch.setattr(history.overview, "dataset_ids", lambda store: {"D": 1, "E": 2})
    monkeypatch.setattr(history.assignments, "listed", lambda store: [task])
    assert history.range_boxes(["Kim", "Lee"]) == query
    (datasets, named), (people, _), (tasks, task_names) = drawn.of("selectbox")
    assert datasets[1] == ["", "D", "E"] and people[1] == ["", "Kim", "Lee"] and list(tasks[1]) == [0, 4]
    assert (named["format_func"](""), task_names["format_func"](4)) == ("all", "first · D")


@pytest.mark.parametrize(
    ("decisions", "standing", "words"),
    [
        (0, 0, "**0 decisions** in effect."),
        (1, 1, "**1 decision** in effect."),
        (5, 4, "**4 decisions** in effect, 1 more was undone."),
        (1500, 1200, "**1,200 decisions** in effect, 300 more were undone."),
    ],
)
def test_decisions_are_counted(decisions, standing, words):
    assert history._counted(HistoryPage([], decisions, standing)) == words


@pytest.mark.parametrize(("choice", "shown"), [("", "all"), ("Kim", "Kim")])
def test_any_choice(choice, shown):
    assert history._any(choice) == shown


def test_a_moment_that_was_typed_is_the_servers():
    typed = datetime(2026, 3, 1, 9, 30)
    assert history._here(None) is None
    result = history._here(typed)
    assert result.tzinfo is not None and result.replace(tzinfo=None) == typed


@pytest.mark.parametrize(("crops", "more"), [(0, []), (1, ["1 crop that was"]), (3, ["3 crops that were"])])
def test_a_revert_tells_of_crops_that_go_with_it(monkeypatch, crops, more):
    messages = []
    for kind in ("write", "caption", "warning", "markdown"):
        monkeypatch.setattr(f"streamlit.{kind}", lambda text, **_: messages.append(text))
    monkeypatch.setattr("streamlit.button", lambda *_, **__: False)
    monkeypatch.setattr(history, "reviewer", lambda: "Lee")
    history._confirm(SimpleNamespace(reviewer="Kim", dataset=None), 12, crops)
    result = [text for text in messages if "crop" in text]
    assert [text.startswith(word) for text, word in zip(result, more, strict=True)] == [True] * len(more)
    assert messages[0].startswith("12 decisions of Kim are") and "Lee" in messages[0]

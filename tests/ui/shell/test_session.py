"""What every page stands on: choices kept over a change of language, addresses translated, calm messages."""

import pytest
from sqlalchemy.exc import OperationalError

from fercore import language
from fercore.errors import FercoreError, InputError
from fercore.ui import ticker
from fercore.ui.shell import session


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"a": "Happy", "b": 3}, {"a", "b"}, id="a word and a number"),
        pytest.param({"a": ["x", "y"], "b": ("x", 1)}, {"a", "b"}, id="several choices"),
        pytest.param({"a": True, "b": False, "c": [True]}, set(), id="switches"),
        pytest.param({"a": [], "b": None, "c": {}, "d": 0.5, "e": ["x", None]}, set(), id="no choices"),
    ],
)
def test_choices_are_made_again(stage, monkeypatch, given, expected):
    written = []

    class Noted(dict):
        def __setitem__(self, key, value):
            written.append((key, value))

    monkeypatch.setattr("streamlit.session_state", Noted(given))
    session._keep_choices()
    assert written == [(key, value) for key, value in given.items() if key in expected]


@pytest.mark.parametrize(
    ("before", "code", "again"),
    [(None, "ko", False), ("ko", "ko", False), ("en", "ko", True), ("ko", "en", True)],
)
def test_choices_are_made_again_once_the_language_changes(stage, monkeypatch, before, code, again):
    import streamlit as st

    stage()
    called = []
    st.session_state.update({"language": code} | ({"spoken-language": before} if before else {}))
    monkeypatch.setattr("streamlit.context", type("Browser", (), {"locale": "en", "cookies": {}}))
    monkeypatch.setattr(session, "_keep_choices", lambda: called.append(True))
    session.choose_language()
    assert (st.session_state["spoken-language"], bool(called)) == (code, again)


@pytest.mark.parametrize(
    ("wanted", "here"),
    [
        pytest.param({}, None, id="nothing asked"),
        pytest.param({"state": "거절됨", "dataset": "행복"}, "translated", id="another language's words"),
        pytest.param({"dataset": "행복"}, None, id="names are no words"),
    ],
)
def test_an_address_is_read_once_in_the_language_of_its_tab(stage, monkeypatch, wanted, here):
    class Query(dict):
        def to_dict(self):
            return dict(self)

    stage()
    monkeypatch.setattr("streamlit.query_params", Query(wanted))
    monkeypatch.setattr(language, "translated", lambda word: f"<{word}>")
    expected = {name: f"<{word}>" if name == "state" else word for name, word in wanted.items()} if here else None
    assert session.translated_address() == expected
    assert session.translated_address() is None


def failing(error):
    with session.calm():
        raise error


def test_what_nobody_foresaw_is_told_and_the_log_has_it(stage, monkeypatch, caplog):
    drawn = stage()
    monkeypatch.setattr(session, "LAST_RESORT", (Exception,))
    failing(KeyError("a secret"))
    [words] = drawn.said("error")
    assert "(KeyError)" in words and "secret" not in words
    assert caplog.records[0].exc_info[0] is KeyError


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (OperationalError("select", {}, OSError("away")), "error", "The database does not answer"),
        (InputError("no such name"), "warning", "no such name"),
    ],
)
def test_what_is_foreseen_is_a_calm_message(stage, caplog, error, kind, words):
    drawn = stage()
    failing(error)
    assert [given[0].startswith(words) for given, _ in drawn.of(kind)] == [True]
    assert len(caplog.records) == (kind == "error"), "the log has a database's error"


def test_a_part_that_runs_again_chooses_the_language_first(monkeypatch):
    steps, opened = [], []
    monkeypatch.setattr(session, "choose_language", lambda: steps.append("language"))
    monkeypatch.setattr("streamlit.fragment", lambda part: part)
    monkeypatch.setattr(ticker, "every", lambda seconds, name: opened.append(seconds))
    monkeypatch.setattr(
        "streamlit.dialog", lambda title, width, on_dismiss: opened.append((title, on_dismiss)) or (lambda p: p)
    )
    session.fragment(steps.append, "part", run_every=2.0)
    session.fragment(steps.append, "once")
    session.dialog("Sure?", steps.append, "dialog")
    session.dialog("Sure?", steps.append, "dialog", on_dismiss=steps.clear)
    assert steps == ["language", "part", "language", "once", "language", "dialog", "language", "dialog"]
    assert opened == [2.0, ("Sure?", "ignore"), ("Sure?", steps.clear)]


@pytest.mark.parametrize("query", [{}, {"task": "4", "faces": "1"}])
def test_another_page_is_opened_with_its_own_query(stage, query):
    drawn = stage()
    session.switch_page("pages/a.py", **query)
    assert drawn.of("switch_page") == [(("pages/a.py",), {"query_params": query})]


@pytest.mark.parametrize(
    ("error", "message"),
    [(InputError("a *b*"), ("warning", r"a \*b\*")), (FercoreError("a *b*"), ("error", r"a \*b\*")), (None, None)],
)
def test_foreseen_failures_are_messages(monkeypatch, error, message):
    messages = []
    for kind in ("warning", "error"):
        monkeypatch.setattr(f"streamlit.{kind}", lambda text, icon, kind=kind: messages.append((kind, text)))
    with session.shown_errors():
        if error:
            raise error
    assert messages == ([message] if message else [])

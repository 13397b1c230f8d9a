"""What a tab knows of its visitor: cookies, language, reviewer, the desk that is left."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from fercore import language
from fercore.ui.shell import cookies, session


@pytest.fixture
def visitor(monkeypatch):
    """The cookies and the language of the browser, and the state of its tab."""
    context = SimpleNamespace(cookies={}, locale="en-US")
    monkeypatch.setattr("streamlit.context", context)
    monkeypatch.setattr("streamlit.session_state", {})
    return context


@pytest.mark.parametrize(
    ("cookie", "value"), [(None, None), ("", None), ("Kim", "Kim"), ("%EA%B9%80%20A", "김 A"), ("a%25b", "a%b")]
)
def test_what_a_browser_remembers(visitor, cookie, value):
    visitor.cookies = {"reviewer": "another's"} | ({} if cookie is None else {"fercore_reviewer": cookie})
    assert cookies.remembered("reviewer") == value


def test_only_what_is_new_is_remembered(visitor, monkeypatch):
    messages = []
    visitor.cookies = {"fercore_reviewer": "Kim", "fercore_language": "en"}
    monkeypatch.setattr(cookies, "_component", lambda: lambda **given: messages.append(given["data"]))
    cookies.remember({"reviewer": "Kim", "language": "ko"}, "ko")
    assert messages == [{"cookies": {"fercore_language": "ko"}, "language": "ko"}]


@pytest.mark.parametrize(
    ("chosen", "cookie", "locale", "used"),
    [
        pytest.param(None, None, "ko-KR", "ko", id="the browser's"),
        pytest.param(None, None, "KO", "ko", id="in capitals"),
        pytest.param(None, None, "de-DE", "en", id="one that is not here"),
        pytest.param(None, None, None, "en", id="none"),
        pytest.param(None, "en", "ko-KR", "en", id="chosen earlier"),
        pytest.param(None, "xx", "ko-KR", "ko", id="a cookie of nothing"),
        pytest.param("en", "ko", "ko-KR", "en", id="chosen here"),
    ],
)
def test_the_language_of_a_tab(visitor, chosen, cookie, locale, used):
    import streamlit as st

    visitor.locale = locale
    visitor.cookies = {} if cookie is None else {"fercore_language": cookie}
    if chosen:
        st.session_state["language"] = chosen
    session.choose_language()
    assert language.current() == used == st.session_state["language"]


@pytest.mark.parametrize(
    ("chosen", "cookie", "person"),
    [
        (None, None, "tester"),
        ("Kim", None, "Kim"),
        (None, "Kim", "Kim"),
        ("Lee", "Kim", "Lee"),
        ("Old", None, "Lee"),
        ("Nobody", None, "tester"),
        (None, "Nobody", "tester"),
        (7, None, "tester"),
    ],
)
def test_the_reviewer_of_a_tab(visitor, monkeypatch, chosen, cookie, person):
    import streamlit as st

    settings = SimpleNamespace(settings=SimpleNamespace(user="tester"))
    monkeypatch.setattr(session, "store", lambda: settings)
    monkeypatch.setattr(session.reviewers, "listed", lambda store: ["tester", "Kim", "Lee"])
    monkeypatch.setattr(session.reviewers, "present_name", lambda store, name: "Lee" if name == "Old" else name)
    visitor.cookies = {} if cookie is None else {"fercore_reviewer": cookie}
    if chosen is not None:
        st.session_state["reviewer"] = chosen
    assert session.reviewer() == person


def test_a_desk_is_left_once(visitor):
    import streamlit as st

    left = []
    st.session_state["desk"] = SimpleNamespace(leave=lambda: left.append(datetime.now(UTC)))
    session.leave_desk()
    session.leave_desk()
    assert len(left) == 1 and "desk" not in st.session_state

"""The frame around every page."""

from fercore.ui.shell import layout


def test_where_nothing_is_yet_the_way_on_is_shown(monkeypatch):
    messages = []
    monkeypatch.setattr("streamlit.info", lambda text, **_: messages.append(text))
    monkeypatch.setattr("streamlit.page_link", lambda page, label, **_: messages.append((page, label)))
    monkeypatch.setattr("streamlit.stop", lambda: messages.append("stop"))
    layout.nothing_yet("No run yet.", "pages/models/train.py", "Train")
    assert messages == ["No run yet.", ("pages/models/train.py", "Train"), "stop"]

"""The frame around every page."""

from fercore.ui.shell import layout


def test_where_nothing_is_yet_the_way_on_is_shown(monkeypatch):
    told = []
    monkeypatch.setattr("streamlit.info", lambda text, **_: told.append(text))
    monkeypatch.setattr("streamlit.page_link", lambda page, label, **_: told.append((page, label)))
    monkeypatch.setattr("streamlit.stop", lambda: told.append("stop"))
    layout.nothing_yet("No run yet.", "pages/models/train.py", "Train")
    assert told == ["No run yet.", ("pages/models/train.py", "Train"), "stop"]

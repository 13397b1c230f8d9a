"""Pages' plain parts without a browser: the tables and sentences that they draw."""

from functools import partial

import pandas as pd
import pytest

from fercore.language import use


@pytest.fixture(autouse=True)
def english_afterwards():
    yield
    use("en")


@pytest.fixture
def tables(monkeypatch):
    """The tables and sentences that are drawn, in their order."""
    drawn = []
    monkeypatch.setattr("streamlit.dataframe", lambda data, **_: drawn.append(pd.DataFrame(data)))
    monkeypatch.setattr("streamlit.caption", lambda words, **_: drawn.append(words))
    monkeypatch.setattr("streamlit.download_button", lambda label, data, *_, **__: drawn.append(data()))
    return drawn


KINDS = (
    *("button", "caption", "checkbox", "columns", "container", "dataframe", "download_button", "error", "expander"),
    *("form", "form_submit_button", "info", "markdown", "metric", "multiselect", "page_link", "plotly_chart", "rerun"),
    *("selectbox", "spinner", "subheader", "success", "text", "text_input", "toggle", "warning", "write", "html"),
    *("stop", "popover", "progress", "datetime_input", "switch_page", "title"),
)
PLACES = ("container", "expander", "form", "popover", "spinner")
SWITCHES = ("button", "checkbox", "form_submit_button", "toggle")


class Stage:
    """Stands in for Streamlit: notes what is drawn, in its order, and answers as a test says or with the default."""

    def __init__(self, answers):
        self.answers = answers
        self.drawn = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def __getattr__(self, kind):
        if kind not in KINDS:
            raise AttributeError(kind)
        return partial(self._draw, kind)

    def of(self, *kinds):
        """(positional arguments, keywords) of what was drawn of these kinds."""
        return [(given, named) for kind, given, named in self.drawn if kind in kinds]

    def said(self, *kinds):
        """The first words of what was drawn of these kinds, of progress bars the text."""
        return [given[-1] if kind == "progress" else given[0] for kind, given, _ in self.drawn if kind in kinds]

    def _draw(self, kind, *given, **named):
        self.drawn.append((kind, given, named))
        if kind in PLACES:
            return self
        if kind == "columns":
            return [self] * (given[0] if isinstance(given[0], int) else len(given[0]))
        return self._answer(kind, given, named) if given else None

    def _answer(self, kind, given, named):
        if kind == "selectbox":
            options, index = list(given[1]), given[2] if len(given) > 2 else named.get("index", 0)
            return self.answers.get(given[0], None if index is None else options[index])
        if kind in ("text_input", "datetime_input"):
            return self.answers.get(given[0], given[1] if len(given) > 1 else None)
        if kind in SWITCHES:
            return self.answers.get(given[0], given[1] if kind == "toggle" and len(given) > 1 else False)
        return self.answers.get(given[0], []) if kind == "multiselect" else None


@pytest.fixture
def stage(monkeypatch):
    """Puts a stage in Streamlit's place; `answers` are those of the widgets by label."""

    def begin(**answers):
        made = Stage({name.replace("_", " "): answer for name, answer in answers.items()})
        for kind in KINDS:
            monkeypatch.setattr(f"streamlit.{kind}", partial(made._draw, kind))
        monkeypatch.setattr("streamlit.session_state", {})
        monkeypatch.setattr("streamlit.query_params", {})
        return made

    return begin

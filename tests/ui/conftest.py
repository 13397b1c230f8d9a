"""Pages' plain parts without a browser: the tables and sentences that they draw."""

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

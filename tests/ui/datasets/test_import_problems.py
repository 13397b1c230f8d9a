"""The files and rows that an import could not use."""

import pytest

from fercore.ui.datasets import import_problems


@pytest.mark.parametrize(
    ("expected", "labels"),
    [
        pytest.param([], [], id="none"),
        pytest.param([{"where": "a", "why": "bad"}], ["1 not used"], id="one"),
        pytest.param(
            [{"where": "a", "why": "bad"}, {"where": "f", "why": "more", "more": "1500"}], ["1,501 not used"], id="more"
        ),
        pytest.param(
            [{"where": "a", "why": "new", "kind": "changed"}, {"where": "b", "why": "bad"}],
            ["1 not used", "1 imported again: changed since it was first read"],
            id="changed ones apart",
        ),
        pytest.param(
            [{"where": "a", "why": "new", "kind": "changed"}] * 2,
            ["2 imported again: changed since they were first read"],
            id="changed ones alone",
        ),
    ],
)
def test_what_an_import_could_not_use(monkeypatch, tables, lite, expected, labels):
    messages = []

    class Folded:
        def __init__(self, label):
            messages.append(label)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    monkeypatch.setattr("streamlit.expander", Folded)
    monkeypatch.setattr(import_problems, "store", lambda: lite)
    (lite.logs / "import-7-2026-problems.csv").write_text("where,why\n")
    import_problems.of_import(7, expected)
    assert messages == labels
    assert [table for table in tables if isinstance(table, bytes)] == [b"where,why\n"] * bool(expected), (
        "a file, where there is a problem"
    )

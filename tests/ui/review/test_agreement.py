"""Agreement as tables: figures, intervals, cells in their order, gold faces day by day."""

from types import SimpleNamespace

import pytest

from fercore.curation.agreement import Estimate
from fercore.services.review.agreement import CATEGORY_NAMES, Gold
from fercore.ui.review import agreement

SURE, OPEN = Estimate(12, 0.5, 0.25, 0.75), Estimate(3, None, None, None)


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (0.0, "0.000"), (-0.5, "-0.500"), (0.12345, "0.123"), (1.0, "1.000")]
)
def test_a_coefficient(value, text):
    assert agreement._number(value) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(None, None, "–"), (None, 0.5, "–"), (0.5, None, "–"), (0.0, 1.0, "0.000 – 1.000"), (-0.1, 0.0, "-0.100 – 0.000")],
)
def test_the_interval_of_a_coefficient(low, high, text):
    assert agreement._interval(Estimate(5, 0.5, low, high)) == text


def confused(**cells):
    """The counts of pairs; `Happy_Sad` = 3 is how often one person said one and the other the other."""
    size = len(CATEGORY_NAMES)
    counts = [[0] * size for _ in range(size)]
    for cell, count in cells.items():
        first, other = (CATEGORY_NAMES.index(name) for name in cell.split("_"))
        counts[first][other] = counts[other][first] = count
    return counts


def measured(unsure=0, **cells):
    overall = {"agreeing pairs": SURE, "Gwet's AC1": OPEN}
    pairs = {("Kim", "Lee"): SURE, ("Kim", "Park"): OPEN}
    return SimpleNamespace(
        people=["Kim", "Lee", "Park"],
        overall=overall,
        pairs=pairs,
        by_category={"Happy": SURE, "rejected": OPEN},
        confused=confused(**cells),
        unsure=unsure,
    )


def test_each_pair_of_words_stands_once():
    result = agreement._confused(measured(Happy_Sad=3, Happy_Happy=2))
    assert list(result.index) == list(result.columns) == [*CATEGORY_NAMES]
    assert (result.loc["Happy", "Sad"], result.loc["Sad", "Happy"]) == ("3", "")
    assert (result.loc["Happy", "Happy"], result.loc["Angry", "rejected"]) == ("2", "0")


@pytest.fixture
def panel(stage, monkeypatch):
    """The panel of a dataset as a stage and the faces that it lists."""
    listed = []
    monkeypatch.setattr(agreement, "store", lambda: None)
    monkeypatch.setattr(agreement.exports, "mark", lambda *_: ())
    monkeypatch.setattr(agreement.agreement, "faces_of_cell", lambda store, dataset, *cell: (dataset, *cell))
    monkeypatch.setattr(agreement.face_list, "panel", lambda key, faces: listed.append(faces))

    def drawn(actual, **answers):
        drawn_on = stage(**answers)
        monkeypatch.setattr(agreement, "_agreement", lambda dataset, mark: actual)
        agreement.panel("D")
        return drawn_on, listed

    return drawn


def test_the_panel_shows_each_coefficient(panel):
    drawn, listed = panel(measured(Happy_Sad=1))
    assert [given for given, _ in drawn.of("metric")] == [
        ("agreeing pairs", "0.500", "0.250 – 0.750"),
        ("Gwet's AC1", "–", "–"),
    ]
    assert drawn.said("caption") == [
        "12 faces were decided by at least two people. Ranges are 95 % confidence intervals."
    ]
    pairs, emotions = (frame.to_dict("records") for frame in drawn.said("dataframe")[:2])
    assert pairs == [
        {"People": "Kim · Lee", "Cohen's kappa": "0.500", "95 % interval": "0.250 – 0.750", "Faces": 12},
        {"People": "Kim · Park", "Cohen's kappa": "–", "95 % interval": "–", "Faces": 3},
    ]
    assert [(row["Emotion"], row["Faces"]) for row in emotions] == [("Happy", 12), ("rejected", 3)]
    assert listed == []


@pytest.mark.parametrize(
    ("unsure", "answers"), [(0, ""), (1, " 1 more face was answered"), (1200, " 1,200 more faces were answered")]
)
def test_the_panel_tells_of_faces_left_out(panel, unsure, answers):
    drawn, _ = panel(measured(unsure))
    [caption] = drawn.said("caption")
    assert caption.partition("confidence intervals.")[2].startswith(answers) and ("not sure" in caption) == bool(unsure)


def test_disagreement_is_offered_first_and_its_faces_are_listed(panel):
    cell = (3, 5)
    result = measured(Happy_Sad=2, Angry_Fear=4, Happy_Happy=9, Sad_rejected=1)
    drawn, listed = panel(result, Faces_of_a_cell=cell)
    [(given, named)] = drawn.of("selectbox")
    words = [named["format_func"](item) for item in given[1]]
    assert words == ["Angry ↔ Fear", "Happy ↔ Sad", "Sad ↔ rejected", "Happy ↔ Happy"]
    assert listed == [("D", *cell)]


@pytest.mark.parametrize(
    ("clicked", "chosen"),
    [
        pytest.param([], None, id="nothing"),
        pytest.param([(3, "Sad")], (3, 5), id="a cell with faces"),
        pytest.param([(5, "Happy")], None, id="its lower half"),
        pytest.param([(0, "Fear")], None, id="an empty cell"),
        pytest.param([(3, "elsewhere")], None, id="no column"),
    ],
)
def test_a_click_into_the_table_chooses_a_cell(panel, monkeypatch, clicked, chosen):
    import streamlit as st

    drawn, _ = panel(measured(Happy_Sad=2))
    st.session_state["confused-D"] = SimpleNamespace(selection={"cells": clicked})
    drawn.of("dataframe")[-1][1]["on_select"]()
    assert st.session_state.get("agreement-cell-D") == chosen


@pytest.mark.parametrize(
    ("days", "lines"),
    [
        ([{"2026-01-02": (3, 4)}, {}], None),
        ([{"2026-01-02": (3, 4)}, {"2026-01-01": (1, 2)}], [("Kim", [None, 0.75]), ("Lee", [0.5, None])]),
    ],
)
def test_gold_faces(stage, monkeypatch, days, lines):
    drawn, charts = stage(), []
    result = [
        Gold(name, right, 4, (0.25, 0.95), by_day)
        for name, right, by_day in zip(("Kim", "Lee"), (3, 1), days, strict=True)
    ]
    monkeypatch.setattr(agreement, "store", lambda: None)
    monkeypatch.setattr(agreement.agreement, "gold", lambda store, dataset: result)
    monkeypatch.setattr(agreement, "over_days", lambda lines, days, title: charts.append((lines, days)))
    agreement.gold("D")
    [frame] = drawn.said("dataframe")
    assert frame.to_dict("records")[0] == {
        **{"Reviewer": "Kim", "Right": "75.0%", "95 % interval": "25.0% – 95.0%", "Faces": 4}
    }
    if lines is None:
        assert charts == []
    else:
        [(given, shown)] = charts
        assert shown == ["2026-01-01", "2026-01-02"]
        assert [(line.name, list(line.values)) for line in given] == lines


def test_without_gold_faces_nothing_is_said(stage, monkeypatch):
    drawn = stage()
    monkeypatch.setattr(agreement, "store", lambda: None)
    monkeypatch.setattr(agreement.agreement, "gold", lambda store, dataset: [])
    agreement.gold("D")
    assert drawn.drawn == []

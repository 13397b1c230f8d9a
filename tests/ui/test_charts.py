"""Charts: titles, and a toolbar that lies beside the plot."""

import pytest

from fercore.charts import accuracies, curves, datasets, gaps, ranks
from fercore.charts.theme import TOOLBAR_PX

GAP = gaps.GapPoint("Run 1", "VGG16", 0.3, 0.2, 0.4, 0.5)
LINE = curves.Line("training", [0.1, 0.2])


@pytest.mark.parametrize(
    "figure",
    [
        pytest.param(curves.over_epochs([LINE], "Accuracy"), id="curves"),
        pytest.param(curves.over_days([LINE], ["2026-11-01", "2026-11-02"], "Pace"), id="days"),
        pytest.param(accuracies.by_emotion({"Happy": 0.5}, ["Happy"], "F1"), id="bars by emotion"),
        pytest.param(gaps.by_run([GAP], "Gap"), id="gaps by run"),
        pytest.param(gaps.by_data([GAP], "Gap", "Share"), id="gaps by data"),
        pytest.param(ranks.ranks(["<b>a</b>", "b"], [(1, 1), (1, 2)], "Rank"), id="ranks"),
        pytest.param(datasets.by_split({"train": {"Happy": 1}}), id="splits"),
        pytest.param(datasets.word_flow([("joy", 3, 2)], ["x"] * 7, "unlabelled"), id="words"),
    ],
)
def test_the_toolbar_lies_beside_the_plot(figure):
    """Plotly lays it over the upper right corner, where legends are."""
    assert figure.layout.modebar.orientation == "v" and figure.layout.margin.r == TOOLBAR_PX >= 30


def test_the_bars_by_emotion_have_a_title_and_words_at_nought():
    figure = accuracies.by_emotion({"Happy": 0.0, "Sad": None}, ["Happy", "Sad"], "F1 by emotion")
    assert figure.layout.title.text == "F1 by emotion"
    assert list(figure.data[0].text) == ["0%", "–"] and figure.data[0].textposition == "outside"

"""Curves as they are drawn: few points, both ends, and names that are text."""

import numpy as np
import pytest

from fercore.charts import emotion_curves, subgroups
from fercore.charts.emotion_curves import MOST_POINTS, NamedCurve
from fercore.charts.files.svg import figure_svg
from fercore.charts.subgroups import GroupDot
from fercore.evaluation.one_versus_rest import curve


def named(faces, label="<b>Run</b>", share=0.2):
    chance = np.random.default_rng(faces)
    true = chance.random(faces) < share
    true[:2] = (True, False)
    return NamedCurve(label, 0.7, 0.4, curve(true, chance.random(faces) + true), share)


@pytest.mark.parametrize("faces", [3, 400, 30_000])
@pytest.mark.parametrize("draw", [emotion_curves.roc, emotion_curves.precision_recall])
def test_a_browser_gets_few_points_and_both_ends(faces, draw):
    line = draw([named(faces)], "x", "y").data[-1]
    assert len(line.x) <= MOST_POINTS + 2 and line.x[0] == 0 and line.x[-1] == 1
    assert line.name.startswith("&lt;b&gt;Run")


def test_drawn_points_lie_on_the_curve():
    whole = named(30_000)
    line = emotion_curves.roc([whole], "x", "y").data[-1]
    points = set(zip([0.0, *whole.curve.false_positives], [0.0, *whole.curve.recall], strict=True))
    assert set(zip(line.x, line.y, strict=True)) <= points


def test_lines_are_told_apart_without_colour():
    drawn = emotion_curves.roc([named(50, str(number)) for number in range(5)], "x", "y").data[1:]
    assert len({line.line.dash for line in drawn}) == 5


def test_chance_is_drawn_where_it_is_one_line():
    one = emotion_curves.precision_recall([named(50), named(60)], "x", "y")
    several = emotion_curves.precision_recall([named(50), named(60, share=0.4)], "x", "y")
    assert [shape.y0 for shape in one.layout.shapes] == [0.2] and not several.layout.shapes


def test_groups_have_a_row_each_and_small_ones_are_hollow():
    dots = [
        [GroupDot(0.7, 0.6, 0.8, 90), GroupDot(0.6, 0.5, 0.7, 90)],
        [GroupDot(0.3, 0.1, 0.6, 8, faint=True), None],
    ]
    figure = subgroups.by_group(["female", "<i>male</i>"], ["Run 1", "Run 2"], dots, [0.6, 0.5], "Accuracy")
    assert [list(trace.x) for trace in figure.data] == [[0.7], [0.3], [0.6]]
    assert [trace.marker.symbol for trace in figure.data] == ["circle", "circle-open", "square"]
    assert list(figure.layout.yaxis.ticktext) == ["female", "&lt;i&gt;male&lt;/i&gt;"]
    assert [trace.showlegend for trace in figure.data] == [True, False, True]
    assert "<desc>words</desc>" in figure_svg(figure, "title", "words")

"""Accuracy against cost: ticks of the axis, the front in steps, and the file."""

import pytest

from fercore.charts.costs import CostPoint, against_cost
from fercore.charts.files.svg import figure_svg


def points(*costs):
    return [CostPoint(f"<b>{at}</b>", "VGG16", cost, 0.5 + at / 10, 0.4, 0.9, at != 1) for at, cost in enumerate(costs)]


@pytest.mark.parametrize(
    ("costs", "ticks"),
    [
        pytest.param((2_588_743, 24_098_311), ["5 M", "10 M", "20 M"], id="a decade"),
        pytest.param((300, 600), ["300", "400", "500", "600"], id="within one"),
        pytest.param((0.8, 40), ["1", "2", "5", "10", "20", "50"], id="below one"),
        pytest.param((5e9,), ["4.7 G", "4.8 G", "4.9 G", "5 G", "5.1 G", "5.2 G", "5.3 G"], id="one run"),
    ],
)
def test_ticks_are_round_and_carry_their_size(costs, ticks):
    axis = against_cost(points(*costs), "Cost", "Accuracy", "Front").layout.xaxis
    assert list(axis.ticktext) == ticks and axis.range[0] < axis.range[1]


def test_the_front_is_a_line_in_steps_through_its_runs_and_names_are_text():
    figure = against_cost(points(30, 20, 10), "Cost", "Accuracy", "Front")
    front, group = figure.data
    assert (list(front.x), list(front.y), front.line.shape) == ([10, 30], [0.7, 0.5], "hv")
    assert group.hovertext[0] == "&lt;b&gt;0&lt;/b&gt;: 50.0%, 40.0% – 90.0%"
    assert "<polyline" in figure_svg(figure, "Title", "Words")


def test_whiskers_are_left_out_where_they_would_cover_each_other():
    assert against_cost(points(*range(1, 41)), "Cost", "Accuracy", "Front").data[1].error_y.array is not None
    assert against_cost(points(*range(1, 42)), "Cost", "Accuracy", "Front").data[1].error_y.array is None

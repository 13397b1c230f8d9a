"""Charts as SVG files: complete, well-formed, and each mark where its value belongs."""

import re
from xml.etree import ElementTree

import plotly.graph_objects as go
import pytest

from fercore.charts import accuracies, calibration, gaps
from fercore.charts.files.axis import axis_of, label_of
from fercore.charts.files.svg import figure_svg
from fercore.charts.ranks import ranks
from fercore.evaluation.calibration import Abstention, Bin

HOSTILE = "<script>alert(1)</script> & 서울 “KFE”"
SVG = "{http://www.w3.org/2000/svg}"

SCORES = (0.4, None, 1.0, 0.0, 0.25, 0.5, 0.75)
POINTS = [
    gaps.GapPoint(f"Run {number} · {HOSTILE}", group, value, value - 0.05, value + 0.08, share)
    for number, (group, value, share) in enumerate([("VGG16", -0.2, 0.0), ("Xception", 0.3, 0.5), ("VGG16", 0.1, None)])
]
FIGURES = {
    "gaps by run": gaps.by_run(POINTS, "Gap, points"),
    "gaps by data": gaps.by_data(POINTS, "Gap", "Share"),
    "ranks": ranks([point.name for point in POINTS], [(1, 2), (1, 3), (3, 3)], "Rank"),
    "one run": ranks([HOSTILE], [(1, 1)], "Rank"),
    "by emotion": accuracies.by_emotion(dict(zip("abcdefg", SCORES, strict=True)), ["분노", HOSTILE, *"cdefg"], "F1"),
    "reliability": calibration.reliability({HOSTILE: [Bin(0.3, 0.2, 0.1, 0.4, 40)], "b": []}, "Confidence", "Accuracy"),
    "abstention": calibration.abstention({HOSTILE: [Abstention(0.1, 1.0, 0.9), Abstention(1, 0.6, 0.2)]}, "a", "b"),
}


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_file_is_well_formed_and_inside_its_frame(figure: go.Figure) -> None:
    root = ElementTree.fromstring(figure_svg(figure, HOSTILE, f"Words: {HOSTILE}"))
    assert root.findtext(f"{SVG}title") == HOSTILE
    assert root.findtext(f"{SVG}desc") == f"Words: {HOSTILE}"
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for mark in root.iter():
        for name, most in (("x", width), ("x1", width), ("x2", width), ("cx", width), ("y", height), ("cy", height)):
            assert 0 <= float(mark.get(name, 0)) <= most


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_the_same_figure_makes_the_same_file(figure: go.Figure) -> None:
    assert figure_svg(figure, "a", "b") == figure_svg(go.Figure(figure.to_dict()), "a", "b")


def test_names_are_text_as_they_were_given() -> None:
    texts = [
        text.text for text in ElementTree.fromstring(figure_svg(FIGURES["reliability"], "t", "w")).iter(f"{SVG}text")
    ]
    assert HOSTILE in texts


def test_marks_stand_at_their_values() -> None:
    figure = go.Figure(go.Scatter(x=[0, 5, 10], y=[0, 1, 0.5], mode="markers"))
    figure.update_xaxes(range=[0, 10]).update_yaxes(range=[0, 1])
    circles = [
        (float(circle.attrib["cx"]), float(circle.attrib["cy"]))
        for circle in ElementTree.fromstring(figure_svg(figure, "t", "w")).iter(f"{SVG}circle")
    ]
    (x0, bottom), (x1, top), (x2, middle) = circles
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)
    assert middle == pytest.approx((top + bottom) / 2, abs=0.2)
    assert bottom > top


def test_bars_are_as_long_as_their_values() -> None:
    root = ElementTree.fromstring(figure_svg(FIGURES["by emotion"], "t", "w"))
    heights = [float(bar.attrib["height"]) for bar in list(root.iter(f"{SVG}rect"))[1:]]
    known = [score for score in SCORES if score is not None]  # an emotion without a value has no bar
    assert heights == pytest.approx([max(heights) * score for score in known], abs=0.2)


def test_whiskers_reach_to_the_ends_of_the_interval() -> None:
    figure = go.Figure(go.Scatter(x=[0.0], y=[50.0], mode="markers", error_y={"array": [25.0], "arrayminus": [50.0]}))
    figure.update_yaxes(range=[0, 100])
    text = figure_svg(figure, "t", "w")
    (y,) = (float(each) for each in re.findall(r'cy="([\d.]+)"', text))
    stems = [
        tuple(map(float, each))
        for each in re.findall(r'y1="([\d.]+)" x2="[\d.]+" y2="([\d.]+)" stroke="#0072B2"', text)
    ]
    low, high = max(sum(stems, ())), min(sum(stems, ()))
    assert (low - y) == pytest.approx(2 * (y - high), abs=0.3)


@pytest.mark.parametrize(
    ("value", "tickformat", "label"),
    [
        (0.5, ".0%", "50%"),
        (-0.125, ".1%", "−12.5%"),
        (0.30000000000000004, None, "0.3"),
        (-20, None, "−20"),
        (1e-17, None, "0"),
        (138_357_544, None, "138 M"),
        (15.5e9, None, "15.5 G"),
    ],
)
def test_ticks_are_read_without_noise(value: float, tickformat: str | None, label: str) -> None:
    assert label_of(value, tickformat) == label


def test_a_log_axis_has_even_decades() -> None:
    axis = axis_of(go.Figure(layout={"xaxis": {"type": "log"}}).layout.xaxis, [1e5, 1e8], margin=False).between(0, 300)
    first, second, third = (axis.place(10.0**power) for power in (5, 6, 7))
    assert second - first == pytest.approx(third - second)


def test_another_kind_of_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="sankey"):
        figure_svg(go.Figure(go.Sankey()), "t", "w")

"""Shares with their intervals, a row for each name."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fercore.charts.theme import MARKS, SERIES, dressed, plain

ROW_PX = 28


@dataclass(frozen=True)
class Interval:
    """A named share with its interval; `group` gives colour and mark."""

    name: str
    group: str
    value: float
    low: float
    high: float


def by_name(intervals: Sequence[Interval], title: str) -> go.Figure:
    """One row for each share: a dot, and a whisker over its interval; the first on top."""
    figure = go.Figure()
    for at, group in enumerate(dict.fromkeys(each.group for each in intervals)):
        part = [(row, each) for row, each in enumerate(intervals) if each.group == group]
        figure.add_scatter(
            x=[each.value for _, each in part],
            y=[row for row, _ in part],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [each.high - each.value for _, each in part],
                "arrayminus": [each.value - each.low for _, each in part],
            },
            mode="markers",
            marker={"color": SERIES[at % len(SERIES)], "symbol": MARKS[at % len(MARKS)], "size": 10},
            name=plain(group),
            hovertext=[f"{plain(each.name)}: {each.value:.1%} ({each.low:.1%} … {each.high:.1%})" for _, each in part],
            hoverinfo="text",
        )
    labels = [plain(each.name) for each in intervals]
    figure.update_yaxes(autorange="reversed", tickvals=list(range(len(labels))), ticktext=labels, automargin=True)
    figure.update_xaxes(title=title, tickformat=".0%")
    return dressed(figure, 120 + ROW_PX * len(labels)).update_layout(hovermode="closest")

"""Accuracy against cost, with the Pareto front."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from fercore.charts.theme import MARKS, SERIES, dressed, plain

WHISKERS: Final = 40  # with more runs they would cover each other
_FRONT: Final = "#8C8C8C"


@dataclass(frozen=True)
class CostPoint:
    """A run: its cost, its accuracy with its interval, its group, and whether it stands on the front."""

    name: str
    group: str
    cost: float
    accuracy: float
    low: float
    high: float
    is_front: bool


def against_cost(points: Sequence[CostPoint], cost: str, accuracy: str, front: str) -> go.Figure:
    """Dots by cost on a logarithmic axis, a colour and a mark for each group; the front is a line in steps, ringed."""
    figure = go.Figure()
    best = sorted((point for point in points if point.is_front), key=lambda point: (point.cost, point.accuracy))
    figure.add_scatter(
        x=[point.cost for point in best],
        y=[point.accuracy for point in best],
        mode="lines+markers",
        line={"color": _FRONT, "width": 1.5, "shape": "hv", "dash": "dot"},
        marker={"symbol": "circle-open", "size": 20, "color": _FRONT},
        name=front,
        hoverinfo="skip",
    )
    for at, name in enumerate(dict.fromkeys(point.group for point in points)):
        part = [point for point in points if point.group == name]
        figure.add_scatter(
            x=[point.cost for point in part],
            y=[point.accuracy for point in part],
            error_y=_whiskers(part) if len(points) <= WHISKERS else None,
            mode="markers",
            marker={"color": SERIES[at % len(SERIES)], "symbol": MARKS[at % len(MARKS)], "size": 10},
            name=plain(name),
            hovertext=[f"{plain(each.name)}: {each.accuracy:.1%}, {each.low:.1%} – {each.high:.1%}" for each in part],
            hoverinfo="text",
        )
    figure.update_xaxes(title=cost, type="log")
    figure.update_yaxes(title=accuracy, tickformat=".0%")
    return dressed(figure, 420).update_layout(hovermode="closest")


def _whiskers(points: Sequence[CostPoint]) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [point.high - point.accuracy for point in points],
        "arrayminus": [point.accuracy - point.low for point in points],
    }

"""Accuracy against cost, with the Pareto front."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from fercore.charts.theme import MARKS, SERIES, WHISKERS, dressed, plain

_FRONT: Final = "#8C8C8C"
_FEW: Final = 3
_FINE: Final = tuple(round(1 + step / 10, 1) for step in range(90))
_PARTS: Final = ((1, 2, 5), (1, 1.5, 2, 3, 4, 5, 6, 7, 8), _FINE)


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
    figure.update_xaxes(title=cost, type="log", **_log_axis([point.cost for point in points]))
    figure.update_yaxes(title=accuracy, tickformat=".0%")
    return dressed(figure, 420).update_layout(hovermode="closest")


def _log_axis(costs: Sequence[float]) -> dict[str, object]:
    """Ticks at 1, 2 and 5 of each decade (or finer where these are few), and a range with room at both ends."""
    low, high = math.log10(min(costs)), math.log10(max(costs))
    room = max((high - low) * 0.06, 0.03)
    low, high = low - room, high + room
    for parts in _PARTS:
        values = [part * 10.0**decade for decade in range(math.floor(low), math.ceil(high) + 1) for part in parts]
        shown = [value for value in values if low <= math.log10(value) <= high]
        if len(shown) >= _FEW:
            break
    return {"range": [low, high], "tickvals": shown, "ticktext": [_amount(value) for value in shown]}


def _amount(value: float) -> str:
    """A round number with k, M or G."""
    for size, sign in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:g}{sign}"
    return f"{value:g}"


def _whiskers(points: Sequence[CostPoint]) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [point.high - point.accuracy for point in points],
        "arrayminus": [point.accuracy - point.low for point in points],
    }

"""The gap between Western and East Asian faces: by run, and against the share of East Asian training faces."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fercore.charts.theme import MARKS, SERIES, WHISKERS, dressed, plain

ROW_PX = 28


@dataclass(frozen=True)
class GapPoint:
    """A run's gap with its interval, all as shares; `group` gives colour and mark, `x` is a share or None."""

    name: str
    group: str
    value: float
    low: float
    high: float
    x: float | None = None


def by_run(points: Sequence[GapPoint], title: str) -> go.Figure:
    """One line for each run: its gap in points as a dot, its interval as a whisker, and zero where there is no gap."""
    figure = go.Figure()
    places = {id(point): at for at, point in enumerate(points)}
    for name, part, colour, mark in _groups(points):
        figure.add_scatter(
            x=[point.value * 100 for point in part],
            y=[places[id(point)] for point in part],
            error_x=_whiskers(part),
            **_dots(name, part, colour, mark),
        )
    labels = [plain(point.name) for point in points]
    figure.update_yaxes(autorange="reversed", tickvals=list(range(len(points))), ticktext=labels, automargin=True)
    figure.add_vline(x=0, line_width=1, line_color="#8C8C8C")
    figure.update_xaxes(title=title)
    return dressed(figure, 120 + ROW_PX * len(points)).update_layout(hovermode="closest")


def by_data(points: Sequence[GapPoint], title: str, data: str) -> go.Figure:
    """The gap in points against the share of East Asian training faces, coloured by group; many have no whiskers."""
    figure = go.Figure()
    points = [point for point in points if point.x is not None]
    for name, part, colour, mark in _groups(points):
        figure.add_scatter(
            x=[point.x for point in part],
            y=[point.value * 100 for point in part],
            error_y=_whiskers(part) if len(points) <= WHISKERS else None,
            **_dots(name, part, colour, mark),
        )
    figure.add_hline(y=0, line_width=1, line_color="#8C8C8C")
    figure.update_xaxes(title=data, tickformat=".0%")
    figure.update_yaxes(title=title)
    return dressed(figure, 380).update_layout(hovermode="closest")


def _dots(name: str, part: Sequence[GapPoint], colour: str, mark: str) -> dict[str, object]:
    """The looks of one group's dots, wherever they stand."""
    return {
        "mode": "markers",
        "marker": {"color": colour, "symbol": mark, "size": 10},
        "name": plain(name),
        "hovertext": [_hover(point) for point in part],
        "hoverinfo": "text",
    }


def _groups(points: Sequence[GapPoint]) -> list[tuple[str, list[GapPoint], str, str]]:
    names = list(dict.fromkeys(point.group for point in points))
    return [
        (name, [point for point in points if point.group == name], SERIES[at % len(SERIES)], MARKS[at % len(MARKS)])
        for at, name in enumerate(names)
    ]


def _whiskers(points: Sequence[GapPoint]) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [(point.high - point.value) * 100 for point in points],
        "arrayminus": [(point.value - point.low) * 100 for point in points],
    }


def _hover(point: GapPoint) -> str:
    return f"{plain(point.name)}: {point.value * 100:.1f} ({point.low * 100:.1f} … {point.high * 100:.1f})"

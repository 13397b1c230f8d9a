"""Learning curves of one run or several, and recall by emotion."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from fercore.charts.theme import DASHES, SERIES, dressed, plain, titled
from fercore.emotions import ALL, EMOTIONS

BESIDE_TITLE: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One named line over epochs; None where there is no value."""

    name: str
    values: Sequence[float | None]
    dash: str = "solid"
    colour: str | None = None


def over_epochs(lines: Sequence[Line], title: str, share: bool = False, marked: int | None = None) -> go.Figure:
    """Lines over epochs 1…n, shares from 0 to 1 in percent; a line goes through the `marked` epoch."""
    figure = go.Figure()
    for number, line in enumerate(lines):
        colour = line.colour or SERIES[number % len(SERIES)]
        if any(value is not None for value in line.values):
            figure.add_scatter(
                x=list(range(1, len(line.values) + 1)),
                y=list(line.values),
                name=plain(line.name),
                mode="lines+markers",
                line={"color": colour, "dash": line.dash, "width": 2},
            )
    if marked is not None:
        figure.add_vline(marked, line={"width": 1, "dash": "dot", "color": "#8C8C8C"})
    figure.update_layout(title=titled(title))
    figure.update_xaxes(dtick=1 if all(len(line.values) <= 15 for line in lines) else None)
    figure.update_yaxes(tickformat=".0%" if share else None, exponentformat="e", rangemode="tozero")
    return dressed(figure, 280).update_layout(legend=_legend(len(figure.data)))


def over_days(lines: Sequence[Line], days: Sequence[str], title: str) -> go.Figure:
    """Shares from 0 to 1, one point for each day on which there is one."""
    figure = over_epochs(lines, title, share=True)
    for drawn in figure.data:
        drawn.x = list(days)
    return figure.update_xaxes(type="category", dtick=1)


def _legend(lines: int) -> dict[str, float | str]:
    """At the right end of the title's line where no title reaches it, below the plot where it would."""
    if lines <= BESIDE_TITLE:
        return {"x": 1, "xanchor": "right"}
    return {"y": -0.15, "yanchor": "top"}


def recalls(by_epoch: Sequence[Sequence[float | None] | None], names: Sequence[str], title: str) -> go.Figure:
    """Seven lines over epochs, in the emotions' own colours, dashed in turn: never told apart by colour alone."""
    lines = [
        Line(
            names[index],
            [None if row is None else row[index] for row in by_epoch],
            DASHES[index % len(DASHES)],
            ALL[index].colour,
        )
        for index in range(len(EMOTIONS))
    ]
    return over_epochs(lines, title, share=True)

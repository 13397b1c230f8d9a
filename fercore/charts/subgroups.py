"""A measure by groups of faces: dots with intervals, a row for each group, a mark for each run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from fercore.charts.theme import SERIES, dressed, plain

ROW_PX: Final = 24
_MARKS: Final = ("circle", "square", "diamond", "triangle-up")
_APART: Final = 0.25  # rows between the marks of two runs


@dataclass(frozen=True)
class GroupDot:
    """A run's figure on one group with its interval; faint where the group is too small to be tested."""

    value: float
    low: float
    high: float
    n: int
    faint: bool = False


def by_group(
    names: Sequence[str],
    runs: Sequence[str],
    dots: Sequence[Sequence[GroupDot | None]],
    overall: Sequence[float],
    title: str,
) -> go.Figure:
    """`dots` are by group and run; a dotted line is each run's figure on all faces."""
    figure = go.Figure()
    for at, run in enumerate(runs):
        colour = SERIES[at % len(SERIES)]
        shift = (at - (len(runs) - 1) / 2) * _APART
        for faint in (False, True):
            rows = [(row, dot) for row, each in enumerate(dots) if (dot := each[at]) is not None and dot.faint == faint]
            if rows:
                mark = _MARKS[at % len(_MARKS)]
                figure.add_scatter(
                    x=[dot.value for _, dot in rows],
                    y=[row + shift for row, _ in rows],
                    error_x={
                        "type": "data",
                        "symmetric": False,
                        "array": [dot.high - dot.value for _, dot in rows],
                        "arrayminus": [dot.value - dot.low for _, dot in rows],
                        "thickness": 1.5,
                    },
                    mode="markers",
                    name=plain(run),
                    legendgroup=str(at),
                    showlegend=len(runs) > 1 and not faint,
                    marker={"color": colour, "symbol": f"{mark}-open" if faint else mark, "size": 9},
                    hovertext=[_hover(names[row], run, dot) for row, dot in rows],
                    hoverinfo="text",
                )
        figure.add_vline(x=overall[at], line={"width": 1, "dash": "dot", "color": colour})
    labels = [plain(name) for name in names]
    figure.update_yaxes(
        range=[len(names) - 0.4, -0.6], tickvals=list(range(len(names))), ticktext=labels, automargin=True
    )
    figure.update_xaxes(title=title, tickformat=".0%")
    return dressed(figure, 120 + ROW_PX * len(names)).update_layout(hovermode="closest")


def _hover(name: str, run: str, dot: GroupDot) -> str:
    return f"{plain(name)} · {plain(run)}: {dot.value:.1%} ({dot.low:.1%} – {dot.high:.1%}), n {dot.n:,}"

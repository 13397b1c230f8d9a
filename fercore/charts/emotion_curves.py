"""ROC and precision-recall curves, of the emotions of one run or of two runs on one emotion."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import plotly.graph_objects as go

from fercore.charts.theme import DASHES, SERIES, dressed, plain
from fercore.evaluation.one_versus_rest import Curve

MOST_POINTS: Final = 400
_GRAY: Final = "#8C8C8C"


@dataclass(frozen=True)
class NamedCurve:
    """Both curves of one emotion, with their name and the areas under them; `prevalence` is the emotion's share."""

    label: str
    auc: float
    average_precision: float
    curve: Curve
    prevalence: float
    colour: str | None = None


def roc(curves: Sequence[NamedCurve], false_positives: str, recall: str) -> go.Figure:
    """The share of the emotion's faces that pass each threshold against that of all others; chance is the diagonal."""
    figure = go.Figure()
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", line={"color": _GRAY, "width": 1}, showlegend=False)
    for at, each in enumerate(curves):
        x, y = np.append(0.0, each.curve.false_positives), np.append(0.0, each.curve.recall)
        kept = _thinned(x, y)
        figure.add_scatter(x=x[kept], y=y[kept], name=f"{plain(each.label)} {each.auc:.3f}", **_looks(at, each.colour))
    figure.update_xaxes(title=false_positives, tickformat=".0%", range=[0, 1])
    figure.update_yaxes(title=recall, tickformat=".0%", range=[0, 1.02])
    return _placed(figure)


def precision_recall(curves: Sequence[NamedCurve], recall: str, precision: str) -> go.Figure:
    """The precision at each recall, in steps; a dotted line is what chance gives, the emotion's share of the faces."""
    figure = go.Figure()
    for at, each in enumerate(curves):
        x = np.append(0.0, each.curve.recall)
        y = np.append(each.curve.precision[:1], each.curve.precision)
        kept = _thinned(x, y)
        figure.add_scatter(
            x=x[kept], y=y[kept], name=f"{plain(each.label)} {each.average_precision:.3f}", **_looks(at, each.colour)
        )
        figure.data[-1].line.shape = "vh"
    shares = {each.prevalence for each in curves}
    if len(shares) == 1:
        figure.add_hline(y=shares.pop(), line={"color": _GRAY, "width": 1, "dash": "dot"})
    figure.update_xaxes(title=recall, tickformat=".0%", range=[0, 1])
    figure.update_yaxes(title=precision, tickformat=".0%", range=[0, 1.02])
    return _placed(figure)


def _looks(at: int, colour: str | None) -> dict[str, object]:
    return {
        "mode": "lines",
        "line": {"color": colour or SERIES[at % len(SERIES)], "dash": DASHES[at % len(DASHES)], "width": 2},
        "hovertemplate": "%{x:.1%} → %{y:.1%}",
    }


def _placed(figure: go.Figure) -> go.Figure:
    """The legend below the plot: seven names with figures take several lines."""
    below = {"orientation": "h", "yanchor": "top", "y": -0.16, "x": 0}
    return dressed(figure, 480).update_layout(hovermode="closest", legend=below)


def _thinned(x: "np.typing.NDArray[np.float64]", y: "np.typing.NDArray[np.float64]") -> "np.typing.NDArray[np.intp]":
    """The places of at most so many points, evenly along the curve and both ends: a browser draws no more of use."""
    if len(x) <= MOST_POINTS:
        return np.arange(len(x))
    way = np.append(0.0, np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y))))
    wanted = np.linspace(0.0, way[-1], MOST_POINTS)
    return np.unique(np.append(np.searchsorted(way, wanted).clip(0, len(x) - 1), [0, len(x) - 1]))

"""Reliability, and accuracy against coverage."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from fercore.charts.theme import DASHES, SERIES, dressed, plain
from fercore.evaluation.calibration import Abstention, Bin


def reliability(lines: Mapping[str, Sequence[Bin]], confidence: str, accuracy: str) -> go.Figure:
    """Accuracy by confidence, a line for each name, with 95 % intervals; the diagonal is a model that means it."""
    figure = go.Figure()
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", line={"color": "#8C8C8C", "width": 1}, showlegend=False)
    for at, (name, bins) in enumerate(lines.items()):
        figure.add_scatter(
            x=[each.confidence for each in bins],
            y=[each.accuracy for each in bins],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [each.high - each.accuracy for each in bins],
                "arrayminus": [each.accuracy - each.low for each in bins],
            },
            mode="lines+markers",
            name=plain(name),
            line={"color": SERIES[at % len(SERIES)], "dash": DASHES[at % len(DASHES)]},
            hovertext=[f"{each.confidence:.1%} → {each.accuracy:.1%}, n {each.n:,}" for each in bins],
            hoverinfo="text",
        )
    figure.update_xaxes(title=confidence, tickformat=".0%", range=[0, 1])
    figure.update_yaxes(title=accuracy, tickformat=".0%", range=[0, 1.02])
    return dressed(figure, 400).update_layout(hovermode="closest")


def abstention(lines: Mapping[str, Sequence[Abstention]], coverage: str, accuracy: str) -> go.Figure:
    """Accuracy on the faces that are answered, against their share, a line for each name."""
    figure = go.Figure()
    for at, (name, curve) in enumerate(lines.items()):
        figure.add_scatter(
            x=[each.coverage for each in curve],
            y=[each.accuracy for each in curve],
            mode="lines",
            name=plain(name),
            line={"color": SERIES[at % len(SERIES)], "dash": DASHES[at % len(DASHES)]},
        )
    figure.update_xaxes(title=coverage, tickformat=".0%", range=[0, 1])
    figure.update_yaxes(title=accuracy, tickformat=".0%", range=[0, 1.02])
    return dressed(figure, 400)

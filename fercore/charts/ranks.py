"""Ranks of runs as spans."""

from collections.abc import Sequence

import plotly.graph_objects as go

from fercore.charts.theme import SERIES, dressed, plain

ROW_PX = 26


def ranks(names: Sequence[str], spans: Sequence[tuple[int, int]], title: str) -> go.Figure:
    """A bar for each run from its lowest to its highest rank (1 is the best), the first of `names` on top."""
    lows, highs = zip(*spans, strict=True)
    figure = go.Figure(
        go.Bar(
            y=list(range(len(names))),
            x=[high - low + 0.6 for low, high in spans],
            base=[low - 0.3 for low in lows],
            orientation="h",
            marker_color=SERIES[0],
            text=[str(low) if low == high else f"{low}–{high}" for low, high in spans],
            textposition="outside",
            textangle=0,
            cliponaxis=False,
            hovertext=[f"{plain(name)}: {low}–{high}" for name, (low, high) in zip(names, spans, strict=True)],
            hoverinfo="text",
        )
    )
    labels = [plain(name) for name in names]
    figure.update_yaxes(autorange="reversed", tickvals=list(range(len(names))), ticktext=labels, automargin=True)
    figure.update_xaxes(title=title, range=[0.5, max(highs) * 1.08 + 0.5], tick0=1, dtick=max(max(highs) // 12, 1))
    return dressed(figure, 90 + ROW_PX * len(names)).update_layout(hovermode="closest", showlegend=False)

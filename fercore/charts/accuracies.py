"""Accuracy by emotion."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from fercore.charts.theme import dressed, titled
from fercore.emotions import COLOURS


def by_emotion(values: Mapping[str, float | None], names: Sequence[str], title: str) -> go.Figure:
    """One bar per emotion in its own colour, values as shares; a dash where there is none."""
    figure = go.Figure(
        go.Bar(
            x=list(names),
            y=list(values.values()),
            marker_color=list(COLOURS),
            text=["–" if value is None else f"{value:.0%}" for value in values.values()],
            textposition="outside",
            cliponaxis=False,
        )
    )
    figure.update_layout(title=titled(title))
    figure.update_yaxes(tickformat=".0%", range=[0, 1.1])
    return dressed(figure, 280).update_layout(hovermode="closest", showlegend=False)

"""Accuracy by emotion, and the confusion matrix as a picture."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from fercore.charts.theme import dressed, titled
from fercore.emotions import COLOURS


def heatmap(counts: npt.NDArray[np.int64], names: Sequence[str], shares: bool) -> go.Figure:
    """(7, 7) counts, rows true, coloured by row share and labelled by count or share."""
    totals = counts.sum(axis=1, keepdims=True)
    parts = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
    texts = [[f"{value:.0%}" for value in row] for row in parts] if shares else counts.tolist()
    figure = go.Figure(
        go.Heatmap(
            z=parts,
            x=list(names),
            y=list(names),
            text=texts,
            texttemplate="%{text}",
            colorscale="Blues",
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    figure.update_yaxes(autorange="reversed")
    return dressed(figure, 420).update_layout(hovermode="closest")


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

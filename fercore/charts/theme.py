"""Shared looks of charts: colours that are told apart, a ground that suits light and dark."""

from typing import Final

import plotly.graph_objects as go

SERIES: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C8C8C")
DASHES: Final = ("solid", "dot", "dash", "dashdot", "longdash")
MARKS: Final = ("circle", "square", "diamond", "triangle-up", "x", "star", "hexagon")
TOOLBAR_PX: Final = 36  # at the right, where the toolbar lies on neither legend nor curve
TITLE_PX: Final = 14
WHISKERS: Final = 40  # with more points, intervals would cover each other


def titled(text: str) -> dict[str, object]:
    """A title in the size of all charts."""
    return {"text": text, "font": {"size": TITLE_PX}}


def dressed(figure: go.Figure, height: int) -> go.Figure:
    """A transparent ground, even margins, the legend on top."""
    return figure.update_layout(
        height=height,
        margin={"l": 8, "r": TOOLBAR_PX, "t": 32, "b": 8},
        modebar={"orientation": "v", "bgcolor": "rgba(0,0,0,0)", "color": "#8C8C8C", "activecolor": "#0072B2"},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
        hovermode="x unified",
    )


def plain(text: object) -> str:
    """Text from outside, as a name: Plotly would read a few HTML tags and entities in it."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

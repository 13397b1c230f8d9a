"""Emotions of one face over a clip: a band for each, as high as it is probable, named at its left."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from fercore.charts.theme import dressed
from fercore.emotions import COLOURS

_FULL: Final = 0.92  # of a band's height, so that neighbours do not touch
_HEIGHT: Final = 300
_GAP_SECONDS: Final = 1.0  # without a sighting, after which a band ends and begins anew


def timeline(
    seconds: npt.NDArray[np.floating], probabilities: npt.NDArray[np.floating], names: Sequence[str], axis: str
) -> go.Figure:
    """(N,) seconds and (N, 7) probabilities; `names` are the emotions' and `axis` the time's, in the reader's words."""
    figure = go.Figure()
    moments, values = _with_gaps(seconds, probabilities)
    for place, (name, colour) in enumerate(zip(names, COLOURS, strict=True)):
        floor = float(len(names) - 1 - place)
        base = {"x": moments, "mode": "lines", "hoverinfo": "skip", "showlegend": False, "connectgaps": False}
        figure.add_scatter(**base, y=np.full(len(moments), floor), line={"color": "rgba(140,140,140,0.5)", "width": 1})
        figure.add_scatter(
            **{**base, "hoverinfo": "text"},
            y=floor + _FULL * values[:, place],
            line={"color": colour, "width": 2},
            fill="tonexty",
            name=name,
            text=[f"{name} {value:.0%}" if np.isfinite(value) else "" for value in values[:, place]],
        )
    figure.update_xaxes(title=axis, rangemode="tozero", ticksuffix=" s", showgrid=False)
    figure.update_yaxes(
        tickvals=[len(names) - 1 - place + _FULL / 2 for place in range(len(names))],
        ticktext=list(names),
        range=[-0.05, len(names)],
        showgrid=False,
        zeroline=False,
    )
    return dressed(figure, _HEIGHT).update_layout(margin={"l": 8, "r": 8, "t": 4, "b": 8})


def _with_gaps(
    seconds: npt.NDArray[np.floating], probabilities: npt.NDArray[np.floating]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The same with a row of NaN wherever the face was not seen for long."""
    breaks = np.flatnonzero(np.diff(seconds) > _GAP_SECONDS) + 1
    moments = np.insert(np.asarray(seconds, np.float64), breaks, np.asarray(seconds, np.float64)[breaks - 1])
    return moments, np.insert(np.asarray(probabilities, np.float64), breaks, np.nan, axis=0)

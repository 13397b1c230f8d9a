"""Contents of a dataset, as figures."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from fercore.charts.theme import SERIES, dressed, plain, titled
from fercore.emotions import COLOURS

UNLABELLED = "#B8B8B8"
BINS = 40


def by_split(counts: Mapping[str, Mapping[str, int]]) -> go.Figure:
    """Faces by emotion (bars) and split (pieces of a bar); `counts` is split → emotion → number."""
    figure = go.Figure()
    for (split, row), colour in zip(counts.items(), SERIES, strict=False):
        if any(row.values()):
            figure.add_bar(x=list(row), y=list(row.values()), name=split, marker_color=colour)
    figure.update_layout(barmode="stack")
    return dressed(figure, 340)


def bars(counts: Mapping[str, int], title: str) -> go.Figure:
    """One bar for each name."""
    figure = go.Figure(go.Bar(x=list(counts), y=list(counts.values()), marker_color=SERIES[0]))
    figure.update_layout(title=titled(title))
    return dressed(figure, 260)


def histograms(samples: Sequence[tuple[str, Sequence[float]]]) -> go.Figure:
    """The frequencies of each named sample's values, side by side in one figure.

    The bins are counted here, so that the browser gets forty numbers instead of thousands.
    """
    figure = make_subplots(1, len(samples), subplot_titles=[title for title, _ in samples], horizontal_spacing=0.05)
    for column, (_, values) in enumerate(samples, start=1):
        counts, edges = np.histogram(values, bins=BINS)
        bins = go.Bar(x=(edges[:-1] + edges[1:]) / 2, y=counts, width=np.diff(edges), marker_color=SERIES[0])
        figure.add_trace(bins, 1, column)
    figure.update_annotations(font_size=14)
    figure.update_layout(showlegend=False)
    return dressed(figure, 240)


def word_flow(words: Sequence[tuple[str, int | None, int]], names: Sequence[str], unlabelled: str) -> go.Figure:
    """From the source's words to the seven emotions; `words` are (word, emotion or None, faces)."""
    left = sorted({word for word, _, _ in words})
    right = [*names, unlabelled]
    used = sorted({_end(emotion) for _, emotion, _ in words})
    colours = [*COLOURS, UNLABELLED]
    places = {number: len(left) + row for row, number in enumerate(used)}
    flow = go.Sankey(
        node={
            "label": [*map(plain, left), *(right[number] for number in used)],
            "color": ["#9AA5AD"] * len(left) + [colours[number] for number in used],
            "pad": 14,
            "thickness": 16,
        },
        link={
            "source": [left.index(word) for word, _, _ in words],
            "target": [places[_end(emotion)] for _, emotion, _ in words],
            "value": [count for _, _, count in words],
            "color": [_faint(colours[_end(emotion)]) for _, emotion, _ in words],
        },
    )
    return dressed(go.Figure(flow), 340).update_layout(hovermode="closest")


def _end(emotion: int | None) -> int:
    return len(COLOURS) if emotion is None else emotion


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.45)"

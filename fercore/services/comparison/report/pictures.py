"""Charts as pictures of a report."""

import plotly.graph_objects as go

from fercore.charts.files.svg import figure_svg
from fercore.exports.documents.document import Picture


def picture(figure: go.Figure, name: str, title: str, words: str) -> Picture:
    """A figure as a picture; `name` is that of its file, `words` are its text alternative."""
    return Picture(name, title, words, figure_svg(figure, title, words))

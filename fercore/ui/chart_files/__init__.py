"""Charts with their files: SVG, PNG, which the browser makes of it, and the figures as CSV."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from fercore.charts.files.svg import figure_svg
from fercore.ui.shell.text import literal
from fercore.ui.widgets.tables import download

HERE: Final = Path(__file__).parent


def chart(figure: go.Figure, name: str, title: str, words: str, frame: pd.DataFrame | None = None) -> None:
    """Draw a figure, its text alternative below, and its files; `name` is that of these, and the chart's key."""
    st.plotly_chart(figure, key=name)
    st.caption(literal(words))
    with st.container(horizontal=True):
        svg_and_png(partial(figure_svg, figure, title, words), name, words)
        if frame is not None:
            download(frame, f"{name}.csv", "CSV")


def svg_and_png(svg: Callable[[], str], name: str, words: str, of: str = "") -> None:
    """Buttons for a picture as SVG and as PNG with words as its text alternative; `of` tells it from its neighbours."""
    suffix = f" · {of}" if of else ""
    st.download_button(
        f"SVG{suffix}",
        lambda: svg().encode("utf-8"),
        f"{name}.svg",
        "image/svg+xml",
        icon=":material/image:",
        on_click="ignore",
        key=f"svg-{name}",
    )
    data = {"svg": svg(), "name": f"{name}.png", "label": f"PNG{suffix}", "words": words}
    _png_button()(key=f"png-{name}", data=data, width="content")


@st.cache_resource(show_spinner=False)
def _png_button() -> Callable[..., Any]:
    return st.components.v2.component(
        "fercore_png",
        html='<button type="button" class="fcf-png" data-testid="png-button"></button>',
        css=(HERE / "png.css").read_text("utf-8"),
        js=(HERE / "png.js").read_text("utf-8"),
        isolate_styles=False,
    )

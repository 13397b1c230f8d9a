"""A timer for a part of a page that runs again, never in the way of what somebody just asked for.

Streamlit's own timer (`run_every`) names the page that it was drawn on: a run that it asks for right after a click on
a link takes the place of the other page's, and the link does nothing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


def every(seconds: float, name: str) -> None:
    """Run the fragment that this is called in again after so many seconds, while its window is in sight.

    `name` tells its timer from others on the page.
    """
    _component()(key=f"ticker-{name}", data={"seconds": seconds}, on_tick_change=_nothing)


def _nothing() -> None:
    """The run itself is what was asked for."""


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "fercore_ticker", js=(HERE / "ticker.js").read_text("utf-8"), isolate_styles=False
    )

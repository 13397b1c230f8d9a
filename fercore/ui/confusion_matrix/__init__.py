"""A confusion matrix whose cells can be clicked, which Streamlit's Plotly heatmaps cannot."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.language import tr

HERE: Final = Path(__file__).parent


def draw(counts: list[list[int]], key: str, words: Mapping[str, str] | None = None) -> tuple[int, int] | None:
    """Draw 7×7 counts, rows true; returns the (true, predicted) cell that was clicked last.

    `words` are its caption, and what its rows and columns are, where they are no run's.
    """
    chosen = (st.session_state.get(key) or {}).get("cell")
    result = _component()(
        key=key,
        data={
            "counts": counts,
            "emotions": [{"key": name, "name": tr(name)} for name in EMOTIONS],
            "chosen": chosen,
            "words": dict(words or _run_words()),
        },
        on_cell_change=lambda: None,
    )
    cell = result.cell
    return (int(cell[0]), int(cell[1])) if cell else None


def _run_words() -> dict[str, str]:
    return {
        "caption": tr("Rows: the true label and its faces. Columns: what the run said. Click a cell to see them."),
        "true": tr("true"),
        "predicted": tr("predicted"),
    }


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "fercore_confusion_matrix",
        html='<div class="fcm-root"></div>',
        css=(HERE / "matrix.css").read_text("utf-8"),
        js=(HERE / "matrix.js").read_text("utf-8"),
        isolate_styles=False,
    )

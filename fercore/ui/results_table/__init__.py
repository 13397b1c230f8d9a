"""Trained-on × tested-on as a table that is sorted, filtered, opened and walked by the keyboard in the browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import streamlit as st

from fercore.language import tr
from fercore.ui.results_table.rows import TableData

HERE: Final = Path(__file__).parent
SCRIPTS: Final = ("address", "cells", "order", "table")


def draw(data: TableData, key: str) -> Any:
    """Draw the table, with the look that the address names; returns Streamlit's result: `looked` (sort, filter and open
    rows where they have changed) and `pinned` (the run whose training becomes the baseline, 0 for none). A cell that is
    pressed leads to its evaluation by the address.
    """
    return _component()(
        key=key,
        data={"table": data, "words": _words()},
        on_looked_change=lambda: None,
        on_pinned_change=lambda: None,
    )


def _words() -> dict[str, str]:
    return {
        "training": tr("Training"),
        "filter": tr("Filter trainings"),
        "shown": tr("{shown} of {all} trainings", shown="{shown}", all="{all}"),
        "seeds": tr("Show each seed"),
        "pin": tr("Compare all with this training"),
        "unpin": tr("Show figures, no differences"),
        "sort": tr("Sort by {column}", column="{column}"),
        "in_domain": tr("trained on this dataset"),
        "cross_domain": tr("another dataset than it was trained on"),
        "unknown_data": tr("its training data are unknown"),
        "none": tr("No training has these words."),
    }


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "fercore_results_table",
        html='<div class="fcr-root"></div>',
        css=(HERE / "table.css").read_text("utf-8"),
        js="\n".join((HERE / f"{name}.js").read_text("utf-8") for name in SCRIPTS),
        isolate_styles=False,
    )

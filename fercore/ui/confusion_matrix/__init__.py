"""A confusion matrix whose cells can be clicked, which Streamlit's Plotly heatmaps cannot."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.language import tr
from fercore.services.comparison.matrices import Matrix, MatrixCell

HERE: Final = Path(__file__).parent
Cell = tuple[int, int]


def draw(counts: list[list[int]], key: str, words: Mapping[str, str] | None = None) -> Cell | None:
    """Draw 7×7 counts, rows true; returns the (true, predicted) cell that was clicked last.

    `words` are its caption, and what its rows and columns are, where they are no run's.
    """
    show(of_counts(counts, words or _run_words()), key, st.session_state.get(f"{key}-cell"), _keep(key))
    cell: Cell | None = st.session_state.get(f"{key}-cell")
    return cell


def of_counts(counts: Sequence[Sequence[int]], words: Mapping[str, str]) -> Matrix:
    """Counts with the share of each in its row."""
    totals = [sum(row) for row in counts]
    cells = [
        [
            _count(count, totals[i], f"{words['true']} {tr(EMOTIONS[i])}, {words['predicted']} {tr(name)}")
            for name, count in zip(EMOTIONS, row, strict=True)
        ]
        for i, row in enumerate(counts)
    ]
    return Matrix(words["caption"], cells, range(len(EMOTIONS)), totals)


def _count(count: int, total: int, where: str) -> MatrixCell:
    share = count / total if total else 0.0
    small = f"{round(100 * share)} %" if total else "–"
    return MatrixCell(f"{count:,}", small, share, f"{where}: {count}", count)


def show(matrix: Matrix, key: str, chosen: Cell | None, picked: Callable[[Cell], None]) -> None:
    """Draw a matrix; `picked` hears the (true, predicted) cell of a click or of Enter before the page runs again."""

    def received() -> None:
        cell = (st.session_state.get(key) or {}).get("picked")
        if cell:
            picked((int(cell[0]), int(cell[1])))

    _component()(
        key=key,
        data={
            "caption": matrix.caption,
            "emotions": [{"key": name, "name": tr(name)} for name in EMOTIONS],
            "order": list(matrix.order),
            "totals": list(matrix.totals),
            "cells": [[asdict(cell) for cell in row] for row in matrix.cells],
            "chosen": list(chosen) if chosen else None,
        },
        on_picked_change=received,
    )


def _keep(key: str) -> Callable[[Cell], None]:
    def keep(cell: Cell) -> None:
        st.session_state[f"{key}-cell"] = cell

    return keep


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

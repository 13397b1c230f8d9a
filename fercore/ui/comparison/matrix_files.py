"""Confusion matrices as files: CSV, SVG, and PNG, which the browser makes of the SVG."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from fercore.language import tr
from fercore.services.comparison import confusion, matrices
from fercore.services.comparison.confusion import ConfusionPair
from fercore.services.comparison.matrices import Matrix
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui import chart_files
from fercore.ui.comparison import choices
from fercore.ui.widgets.tables import download


def of_run(view: EvaluationView, matrix: Matrix) -> None:
    """The files of one run's matrix, and its largest confusions in words."""
    counts = np.array(view.confusion)
    words = matrices.in_words(counts)
    st.caption(words)
    row = st.container(horizontal=True)
    with row:
        name = f"evaluation-{view.id}-confusion"
        download(pd.DataFrame(confusion.cell_rows(view)), f"{name}.csv", tr("Matrix as CSV"))
        _pictures(matrix, f"{_run(view)} · {choices.place_words(view)}", words, name)


def of_pair(compared: ConfusionPair, drawn: Sequence[Matrix]) -> None:
    """The files of two runs' matrices, or of their difference."""
    views = (compared.a, compared.b)
    words = [f"{_run(view)}: {matrices.in_words(counts)}" for view, counts in zip(views, compared.counts, strict=True)]
    for each in words:
        st.caption(each)
    row = st.container(horizontal=True)
    with row:
        name = f"confusion-{compared.a.run}-{compared.b.run}"
        download(pd.DataFrame(confusion.rows(compared)), f"{name}.csv", tr("Cells with tests as CSV"))
        place = choices.place_words(compared.a)
        if len(drawn) == 1:
            title = tr("Run {a} − run {b}", a=compared.a.run, b=compared.b.run)
            _pictures(drawn[0], f"{title} · {place}", " ".join(words), name)
            return
        for view, matrix, text in zip(views, drawn, words, strict=True):
            _pictures(matrix, f"{_run(view)} · {place}", text, f"evaluation-{view.id}-confusion", _run(view))


def _run(view: EvaluationView) -> str:
    return tr("Run {run}", run=view.run)


def _pictures(matrix: Matrix, title: str, words: str, name: str, of: str = "") -> None:
    """Buttons for the matrix as it is drawn, as SVG and as PNG."""
    chart_files.svg_and_png(partial(matrices.svg, matrix, title, words), name, words, of)

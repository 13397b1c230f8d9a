"""Confusion of one run, of two side by side, or their difference; a chosen cell opens below."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from fercore.evaluation.confusion_shares import Shares
from fercore.language import tr, trn
from fercore.services.comparison import confusion as service
from fercore.services.comparison import matrices
from fercore.services.comparison.confusion import ConfusionPair
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui import confusion_matrix
from fercore.ui.comparison import cell_faces, choices, face_pages, matrix_files, second_look
from fercore.ui.confusion_matrix import Cell
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.widgets import bound_choice

ALONE = 0
SIDE_BY_SIDE, DIFFERENCE = "side", "difference"
COUNTED, NOW = "counted", "now"
FIXED, CLUSTERED = "fixed", "clustered"


@dataclass(frozen=True)
class Look:
    """The choice of figures: their base, the order of the emotions, and of two runs how, and with which labels."""

    other: int
    mode: str
    base: Shares
    clustered: bool
    now: bool


def panel(view: EvaluationView, others: Sequence[EvaluationView]) -> None:
    """The matrices of an evaluation, beside one of `others` on the same split if that is chosen, and a cell's faces."""
    look = _look(view, {other.run: other for other in others})
    other = next((other for other in others if other.run == look.other), None)
    if other is None:
        _alone(view, look)
        cell = _chosen()
        if cell:
            second_look.panel(view, cell, None)
            cell_faces.panel(view, cell)
        return
    with shown_errors():
        compared = service.pair(store(), view, other, look.now)
        _pair(compared, look)
        cell = _chosen()
        if cell:
            st.markdown(f"#### {second_look.claim(compared, cell)}")
            second_look.panel(view, cell, compared)
            cell_faces.panel(view, cell, other)


def _look(view: EvaluationView, others: dict[int, EvaluationView]) -> Look:
    """The choices above the matrices; each stands in the address."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    other, mode, labels = ALONE, SIDE_BY_SIDE, COUNTED
    if others:
        other = bound_choice.box(
            row,
            tr("Beside"),
            [ALONE, *sorted(others, reverse=True)],
            "other",
            lambda run: choices.run_words(others[run]) if run else tr("no other run"),
            width=280,
        )
    if other:
        modes = {SIDE_BY_SIDE: tr("side by side"), DIFFERENCE: tr("difference, tested")}
        mode = bound_choice.box(row, tr("Matrices"), list(modes), "matrices", modes.__getitem__, width=165)
        kinds = {COUNTED: tr("as they were counted"), NOW: tr("of now")}
        labels = bound_choice.box(row, tr("Labels"), list(kinds), "labels", kinds.__getitem__, width=170)
    bases = {Shares.COUNTS: tr("faces"), Shares.ROWS: tr("share of the row"), Shares.COLUMNS: tr("share of the column")}
    base = bound_choice.box(row, tr("Figures"), list(bases), "shares", lambda name: bases[Shares(name)], width=165)
    orders = {FIXED: tr("as everywhere"), CLUSTERED: tr("by confusion")}
    order = bound_choice.box(row, tr("Order of emotions"), list(orders), "emotions", orders.__getitem__, width=150)
    return Look(other, mode, Shares(base), order == CLUSTERED, labels == NOW)


def _alone(view: EvaluationView, look: Look) -> None:
    counts = np.array(view.confusion)
    order = service.order([counts], look.clustered)
    matrix = matrices.of_run(counts, look.base, order, _run_caption())
    confusion_matrix.show(matrix, f"matrix-{view.id}", _chosen(), _picked)
    matrix_files.of_run(view, matrix)


def _pair(compared: ConfusionPair, look: Look) -> None:
    order = service.order(compared.counts, look.clustered)
    for note in _notes(compared):
        st.caption(note)
    if look.mode == DIFFERENCE:
        matrix = matrices.of_pair(compared, look.base, order, _difference_caption(compared))
        confusion_matrix.show(matrix, f"difference-{compared.a.id}-{compared.b.id}", _chosen(), _picked)
        matrix_files.of_pair(compared, [matrix])
        return
    drawn = []
    for place, view, counts in zip(st.columns(2), (compared.a, compared.b), compared.counts, strict=True):
        with place:
            st.markdown(f"**{tr('Run {run}', run=view.run)}** · {counts.trace() / counts.sum():.1%}")
            drawn.append(matrices.of_run(counts, look.base, order, _run_caption()))
            confusion_matrix.show(drawn[-1], f"matrix-{view.id}-beside", _chosen(), _picked)
    matrix_files.of_pair(compared, drawn)


def _notes(compared: ConfusionPair) -> list[str]:
    faces = trn("{count} face that both runs read.", "{count} faces that both runs read.", compared.faces.n)
    if compared.faces.labels_of_now:
        faces += " " + tr("Both count with the labels of now.")
    if compared.faces.clustered:
        faces += " " + tr("Faces of one person and copies are alike: no p is smaller than over groups of them.")
    return [faces]


def _run_caption() -> str:
    return tr("Rows: the true label and its faces. Columns: what the run said. Click a cell to see them.")


def _difference_caption(compared: ConfusionPair) -> str:
    return trn(
        "Run {a} − run {b}. Blue: run {a} says so more often, orange: run {b}. Below: McNemar's mid-p after Holm "
        "over {count} cell; a dashed frame where it is below 5 %.",
        "Run {a} − run {b}. Blue: run {a} says so more often, orange: run {b}. Below: McNemar's mid-p after Holm "
        "over {count} cells; a dashed frame where it is below 5 %.",
        compared.tests.tests,
        a=compared.a.run,
        b=compared.b.run,
    )


def _picked(cell: Cell) -> None:
    """A cell was clicked: it is named in the address, and its faces are shown from the first one."""
    st.session_state["picked-cell"] = cell
    face_pages.first_page()


def _chosen() -> Cell | None:
    """The cell that was clicked or that the address names as `true-predicted`."""
    picked: Cell | None = st.session_state.pop("picked-cell", None)
    if picked:
        st.query_params["cell"] = f"{picked[0]}-{picked[1]}"
    return cell_faces.parsed(st.query_params.get("cell", ""))

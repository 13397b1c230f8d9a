"""The faces of a confusion cell: filtered, sorted, in pages, and sent to review."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

import pandas as pd
import streamlit as st

from fercore.curation.quality_bands import QualityBand
from fercore.emotions import EMOTIONS
from fercore.language import tr, trn
from fercore.services.comparison import confusion_cell
from fercore.services.comparison.confusion_cell import CellFace, CellFilter, CellOrder
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui.comparison import face_pages, filter_words, send_form
from fercore.ui.comparison.face_pages import ANY
from fercore.ui.confusion_matrix import Cell
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice, face_wall
from fercore.ui.widgets.tables import NOTHING, download

STEP: Final = 5
OF_A, OF_B, ONLY_A, ONLY_B = "a", "b", "only-a", "only-b"
T = TypeVar("T", str, int)


def parsed(name: str) -> Cell | None:
    """The cell that an address names as `true-predicted`."""
    match = re.fullmatch(r"([0-6])-([0-6])", name)
    return (int(match[1]), int(match[2])) if match else None


def panel(view: EvaluationView, cell: Cell, other: EvaluationView | None = None) -> None:
    """The faces of a cell of one run, or of either of two."""
    view, apart = _side(view, other)
    every = confusion_cell.cell(store(), view.id, *cell)
    st.markdown(_heading(view, cell, len(every)))
    if not every:
        return
    wanted, order = _filters(every, apart)
    faces = confusion_cell.ordered(confusion_cell.filtered(store(), view.id, *cell, wanted), order)
    if not faces:
        st.info(tr("No face of this cell fits these filters."), icon=":material/filter_alt_off:")
        return
    send_form.panel(view, cell, wanted, faces)
    _table(view, cell, faces)
    _wall(face_pages.page(faces, len(every)), cell)


def _side(view: EvaluationView, other: EvaluationView | None) -> tuple[EvaluationView, int | None]:
    """The run whose cell is shown, and the evaluation whose faces are left out of it."""
    if other is None:
        return view, None
    words = {
        OF_A: tr("of run {run}", run=view.run),
        OF_B: tr("of run {run}", run=other.run),
        ONLY_A: tr("of run {run} only", run=view.run),
        ONLY_B: tr("of run {run} only", run=other.run),
    }
    side = bound_choice.segments(st.container(), tr("Faces"), list(words), "faces-of", words.__getitem__)
    shown, left = (view, other) if side in (OF_A, ONLY_A) else (other, view)
    return shown, left.id if side in (ONLY_A, ONLY_B) else None


def _heading(view: EvaluationView, cell: Cell, count: int) -> str:
    return trn(
        "**{count} face labelled {label}, predicted {predicted}** by run {run}",
        "**{count} faces labelled {label}, predicted {predicted}** by run {run}",
        count,
        label=literal(tr(EMOTIONS[cell[0]])),
        predicted=literal(tr(EMOTIONS[cell[1]])),
        run=view.run,
    )


def _filters(faces: Sequence[CellFace], apart: int | None) -> tuple[CellFilter, CellOrder]:
    """The filters that these faces allow, and their order; each stands in the address."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    orders = {
        CellOrder.SUREST: tr("surest first"),
        CellOrder.LEAST_SURE: tr("least sure first"),
        CellOrder.CLOSEST: tr("true label nearly as likely"),
        CellOrder.NUMBER: tr("as imported"),
    }
    order = bound_choice.box(
        row, tr("Order"), list(orders), "faces-order", lambda name: orders[CellOrder(name)], width=200
    )
    lows, highs = list(range(0, 100, STEP)), list(range(100, 0, -STEP))
    low = bound_choice.box(row, tr("Confidence from"), lows, "from", lambda share: f"{share} %", width=130)
    high = bound_choice.box(row, tr("to"), highs, "to", lambda share: f"{share} %", width=100)
    subjects = _known(face.subject for face in faces)
    genders = _known(face.gender for face in faces)
    ages = _known(face.age for face in faces)
    subject = _any_of(row, tr("Person"), subjects, "subject", str)
    gender = _any_of(row, tr("Gender"), genders, "gender", tr)
    age = _any_of(row, tr("Age"), ages, "age", lambda decade: f"{decade}–{int(decade) + 9}")
    bands = filter_words.bands()
    quality = _any_of(row, tr("Picture"), list(bands), "quality", lambda name: bands[QualityBand(name)])
    wanted = CellFilter(
        low / 100,
        high / 100,
        (subject,) if subject else (),
        gender,
        int(age) if age else None,
        QualityBand(quality) if quality else None,
        apart,
    )
    return wanted, CellOrder(order)


def _known(values: Iterable[T | None]) -> list[T]:
    return sorted({value for value in values if value is not None})


def _any_of(
    row: "st.delta_generator.DeltaGenerator", label: str, options: Sequence[T], key: str, words: Callable[[str], str]
) -> str | None:
    """One of these, or None for all; nothing is asked where there is no choice."""
    if not options:
        return None
    names = [ANY, *map(str, options)]
    chosen = bound_choice.box(row, label, names, key, lambda name: tr("all") if name == ANY else words(name), width=150)
    return None if chosen == ANY else chosen


def _wall(faces: Sequence[CellFace], cell: Cell) -> None:
    """Tiles with the probabilities of the guess and of the true label."""
    label, predicted = (tr(EMOTIONS[index]) for index in cell)
    captions = {
        face.face_id: " · ".join(
            [
                f"{predicted} {face.guessed:.0%}",
                *[f"{label} {face.true:.0%}"] * (face.unchanged and cell[0] != cell[1]),
                *[tr("relabelled")] * (not face.unchanged),
            ]
        )
        for face in faces
    }
    face_wall.wall(list(captions), captions, wide=True)


def _table(view: EvaluationView, cell: Cell, faces: Sequence[CellFace]) -> None:
    """The same faces with all seven probabilities."""
    rows = [
        {tr("Face"): face.face_id}
        | {tr(name): share for name, share in zip(EMOTIONS, face.probabilities, strict=True)}
        | {tr("Person"): face.subject, tr("Gender"): face.gender and tr(face.gender), tr("Age"): face.age}
        for face in faces
    ]
    frame = pd.DataFrame(rows).dropna(axis="columns", how="all")
    with st.expander(tr("All seven probabilities"), icon=":material/table:"):
        formats = {tr(name): st.column_config.NumberColumn(tr(name), format="percent") for name in EMOTIONS}
        st.dataframe(frame, hide_index=True, width="stretch", column_config=formats, placeholder=NOTHING)
        names = f"{EMOTIONS[cell[0]]}-{EMOTIONS[cell[1]]}".lower()
        download(frame, f"evaluation-{view.id}-{names}.csv", tr("Faces as CSV"))

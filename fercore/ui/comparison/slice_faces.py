"""The test faces of a slice: misread, right or all, in pages, and sent to review."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.language import tr
from fercore.services.comparison import slice_faces as service
from fercore.services.comparison.selected_faces import Reason
from fercore.services.comparison.slice_faces import Shown, SliceFace
from fercore.services.comparison.slices import Slices, TestedSlice
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui.comparison import face_pages, second_look, send_form
from fercore.ui.shell.session import store
from fercore.ui.widgets import bound_choice, face_wall
from fercore.ui.widgets.tables import NOTHING, download


def panel(found: Slices, chosen: TestedSlice) -> None:
    """The test faces of a slice."""
    view = found.choice.tested_on
    kinds = {Shown.MISREAD: tr("misread"), Shown.RIGHT: tr("read rightly"), Shown.ALL: tr("all")}
    shown = Shown(
        bound_choice.segments(
            st.container(),
            tr("Faces"),
            list(kinds),
            "slice-faces",
            lambda name: kinds[Shown(name)],
            on_change=face_pages.first_page,
        )
    )
    faces = service.of_evaluation(store(), view, chosen.face_ids, shown)
    if not faces:
        st.info(tr("There is no such face in this slice."), icon=":material/filter_alt_off:")
        return
    send_form.of_faces([service.chosen(store(), found, chosen, shown)])
    second_look.of_reason(view.dataset_id, view.split, Reason.SLICE, [view.run])
    _table(view, faces)
    _wall(face_pages.page(faces, len(chosen.face_ids)))


def _wall(faces: Sequence[SliceFace]) -> None:
    captions = {face.face_id: _caption(face) for face in faces}
    face_wall.wall(list(captions), captions, wide=True)


def _caption(face: SliceFace) -> str:
    said = f"{tr(EMOTIONS[face.predicted])} {face.probabilities[face.predicted]:.0%}"
    words = f"{tr(EMOTIONS[face.label])} → {said}" if face.is_misread else said
    return words if face.unchanged else f"{words} · {tr('relabelled')}"


def _table(view: EvaluationView, faces: Sequence[SliceFace]) -> None:
    """The same faces with all seven probabilities."""
    frame = pd.DataFrame(
        [
            {
                tr("Face"): face.face_id,
                tr("Label"): tr(EMOTIONS[face.label]),
                tr("Prediction"): tr(EMOTIONS[face.predicted]),
            }
            | {tr(name): share for name, share in zip(EMOTIONS, face.probabilities, strict=True)}
            for face in faces
        ]
    )
    with st.expander(tr("All seven probabilities"), icon=":material/table:"):
        formats = {tr(name): st.column_config.NumberColumn(tr(name), format="percent") for name in EMOTIONS}
        st.dataframe(frame, hide_index=True, width="stretch", column_config=formats, placeholder=NOTHING)
        download(frame, f"run-{view.run}-slice.csv", tr("Faces as CSV"))

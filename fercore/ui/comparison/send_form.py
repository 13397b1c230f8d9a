"""The faces of a confusion cell, sent to review as a task."""

from collections.abc import Sequence

import streamlit as st

from fercore.language import tr, trn
from fercore.services.comparison import selections
from fercore.services.comparison.confusion_cell import ALL_FACES, CellFace, CellFilter
from fercore.services.comparison.selections import Selected, SelectionPlan
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.review import reviewers
from fercore.ui.confusion_matrix import Cell
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal

REVIEW = "pages/curate/review.py"


def panel(view: EvaluationView, cell: Cell, wanted: CellFilter, faces: Sequence[CellFace]) -> None:
    """The form of a task of these faces, and its start."""
    _sent()
    count = sum(face.unchanged for face in faces)
    if not count:
        st.caption(tr("All of these faces have another label by now: recount the evaluation."))
        return
    with st.expander(tr("Send these to review"), icon=":material/send:"):
        st.caption(_consequences(view, cell, count))
        left, middle, right = st.columns([3, 3, 1])
        name = left.text_input(tr("Name of the task"), selections.default_name(view), 100, key="send-name")
        people = middle.multiselect(
            tr("Participants"), reviewers.listed(store()), key="send-people", placeholder=tr("everyone")
        )
        seed = right.number_input(tr("Seed"), 0, 2**31 - 1, 0, key="send-seed")
        label = trn("Send {count} face", "Send {count} faces", count)
        if st.button(label, type="primary", key="send", disabled=not name.strip()):
            with shown_errors():
                plan = SelectionPlan(view.id, *cell, name, wanted, people, int(seed))
                st.session_state["sent"] = selections.send(store(), plan)
                st.rerun()
    if view.split == selections.LEARNED and wanted == ALL_FACES:
        st.page_link(
            REVIEW,
            label=tr("Review these faces"),
            icon=":material/grid_view:",
            query_params={"dataset": view.dataset, "cell": f"{view.id}.{cell[0]}.{cell[1]}"},
        )


def _consequences(view: EvaluationView, cell: Cell, count: int) -> str:
    reason = tr("The task records its reason: the run, the cell and the filters.")
    if view.split == selections.LEARNED:
        return reason
    control = trn(
        "{count} control face from outside of the cell is mixed in, and no label is shown: correcting only what one "
        "model got wrong would flatter it.",
        "{count} control faces from outside of the cell are mixed in, and no label is shown: correcting only what one "
        "model got wrong would flatter it.",
        min(count, view.n - view.confusion[cell[0]][cell[1]]),
    )
    return f"{control} {reason}"


def _sent() -> None:
    """The task that was just made."""
    made: Selected | None = st.session_state.pop("sent", None)
    if made is None:
        return
    faces = trn("{count} face of the cell", "{count} faces of the cell", made.faces)
    control = trn("{count} control face", "{count} control faces", made.control)
    st.success(literal(tr("The task was made: {faces}, {control}.", faces=faces, control=control)))
    st.page_link(REVIEW, label=tr("Work on it"), icon=":material/grid_view:", query_params={"task": str(made.task)})

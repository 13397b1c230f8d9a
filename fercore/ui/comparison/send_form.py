"""Faces that runs chose, sent to review as a task."""

from collections.abc import Callable, Sequence

import streamlit as st

from fercore.language import tr, trn
from fercore.services.audit.finding_tasks import FindingTask
from fercore.services.comparison import selected_faces, selections
from fercore.services.comparison.confusion_cell import ALL_FACES, CellFace, CellFilter
from fercore.services.comparison.selected_faces import LEARNED, Chosen, Selected, Sending
from fercore.services.comparison.selections import SelectionPlan
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.review import reviewers
from fercore.ui.confusion_matrix import Cell
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal

REVIEW = "pages/curate/review.py"


def panel(view: EvaluationView, cell: Cell, wanted: CellFilter, faces: Sequence[CellFace]) -> None:
    """The form of a task of a confusion cell's faces, and its start."""
    made_tasks("sent")
    count = sum(face.unchanged for face in faces)
    if not count:
        st.caption(tr("All of these faces have another label by now: recount the evaluation."))
        return

    def send(sending: Sending) -> list[Selected]:
        plan = SelectionPlan(view.id, *cell, sending.name, wanted, sending.people, sending.seed)
        return [selections.send(store(), plan)]

    _form(
        selected_faces.default_name(view.dataset, view.split),
        count,
        _control(0 if view.split == LEARNED else min(count, view.n - view.confusion[cell[0]][cell[1]])),
        tr("The task records its reason: the run, the cell and the filters."),
        send,
    )
    if view.split == LEARNED and wanted == ALL_FACES:
        st.page_link(
            REVIEW,
            label=tr("Review these faces"),
            icon=":material/grid_view:",
            query_params={"dataset": view.dataset, "cell": f"{view.id}.{cell[0]}.{cell[1]}"},
        )


def of_faces(parts: Sequence[Chosen], reason: str | None = None) -> None:
    """The form of a task for each dataset of faces that were chosen otherwise, split by split, and its start; `reason`
    says what the task records.
    """
    made_tasks("sent")
    count = sum(len(chosen.faces) for chosen in parts)
    if not count:
        st.caption(tr("All of these faces have another label by now."))
        return
    datasets = list(dict.fromkeys(chosen.dataset for chosen in parts))
    name = selected_faces.default_name_of(datasets)
    if len(parts) == 1:
        name = selected_faces.default_name(parts[0].dataset, parts[0].split)
    _form(
        name,
        count,
        _control(sum(selected_faces.control_count(parts, dataset) for dataset in datasets)),
        reason or tr("The task records its reason: the runs and the filters."),
        lambda sending: selected_faces.write_each(store(), parts, sending),
    )


def _form(name: str, count: int, control: str, reason: str, send: Callable[[Sending], list[Selected]]) -> None:
    with st.expander(tr("Send these to review"), icon=":material/send:"):
        st.caption(f"{control} {reason}")
        left, middle, right = st.columns([3, 3, 1])
        name = left.text_input(tr("Name of the task"), name, 100, key="send-name")
        people = middle.multiselect(
            tr("Participants"), reviewers.listed(store()), key="send-people", placeholder=tr("everyone")
        )
        seed = right.number_input(tr("Seed"), 0, 2**31 - 1, 0, key="send-seed")
        label = trn("Send {count} face", "Send {count} faces", count)
        if st.button(label, type="primary", key="send", disabled=not name.strip()):
            with shown_errors():
                st.session_state["sent"] = send(Sending(name, people, int(seed)))
                st.rerun()


def _control(count: int) -> str:
    """The control faces that are mixed in; on training faces there are none."""
    if not count:
        return ""
    return trn(
        "{count} control face from outside of these is mixed in, and no label is shown: correcting only what a model "
        "got wrong would flatter it.",
        "{count} control faces from outside of these are mixed in, and no label is shown: correcting only what a model "
        "got wrong would flatter it.",
        count,
    )


def made_tasks(key: str) -> None:
    """The tasks that were just made, once; the session keeps them under this key."""
    tasks: Sequence[Selected | FindingTask] = st.session_state.pop(key, ())
    for made in tasks:
        faces = trn("{count} chosen face", "{count} chosen faces", made.faces)
        control = trn("{count} control face", "{count} control faces", made.control)
        st.success(literal(tr("The task was made: {faces}, {control}.", faces=faces, control=control)))
        query = {"task": str(made.task)}
        st.page_link(REVIEW, label=tr("Work on it"), icon=":material/grid_view:", query_params=query)

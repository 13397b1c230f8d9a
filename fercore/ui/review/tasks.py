"""Review tasks as a lead makes and watches them."""

import pandas as pd
import streamlit as st

from fercore.clock import now
from fercore.curation.review_filter import ORDERS, TASK_STATES, ReviewState, SourceLabels
from fercore.language import tr, trn
from fercore.language.dates import moment
from fercore.services.review import assignments, reviewers
from fercore.services.review import task_editing as task_changes
from fercore.services.review.assignments import TaskPlan, TaskStatus
from fercore.ui.review import face_filters, reviewer_record, second_look, task_editing
from fercore.ui.shell.session import dialog, shown_errors, store, switch_page
from fercore.ui.shell.text import literal
from fercore.ui.widgets.tables import show


def form(datasets: list[str], expanded: bool) -> None:
    """Everything that a lead decides, and the start."""
    with st.expander(tr("New task"), icon=":material/add:", expanded=expanded):
        first, second, third, fourth = st.columns(4)
        dataset = first.selectbox(tr("Dataset"), datasets, key="task-dataset")
        names = face_filters.state_names() | {
            ReviewState.ALL: tr("all"),
            ReviewState.UNDECIDED: tr("not decided by anyone"),
        }
        state = second.selectbox(tr("Show"), TASK_STATES, format_func=names.__getitem__, key="task-state")
        emotion = face_filters.emotion_box(third, "task-emotion")
        orders = face_filters.order_names()
        order = fourth.selectbox(tr("Order"), ORDERS, 1, format_func=orders.__getitem__, key="task-order")
        people = st.multiselect(
            tr("Participants"),
            reviewers.listed(store()),
            key="task-people",
            placeholder=tr("everyone"),
            help=tr("People add themselves in the side bar."),
        )
        first, second, third, fourth = st.columns(4)
        twice = _percent(first, tr("Seen by two, %"), "twice", tr("Independent answers show how far people agree."))
        thrice = _percent(second, tr("Seen by three, %"), "thrice", None)
        control = _percent(
            third, tr("Control faces, %"), "control", tr("Random faces of the dataset among those that were chosen.")
        )
        gold = _percent(
            fourth,
            tr("Gold faces, %"),
            "gold",
            tr("Adjudicated faces: everyone gets them, so that accuracy can be measured."),
        )
        first, second, third, fourth = st.columns(4)
        seed = first.number_input(tr("Seed"), 0, 2**31 - 1, 0, key="task-seed")
        source = task_editing.source_box(second, SourceLabels.OVERLAP, "task-source")
        quota, deadline = task_editing.goal_boxes(third, fourth, None, None, "task")
        blind = not st.toggle(tr("Show what others decided"), key="task-open")
        instructions = st.text_area(
            tr("Instructions"), key="task-instructions", placeholder=tr("Shown above the faces.")
        )
        name, button = st.columns([4, 1], vertical_alignment="bottom")
        title = name.text_input(tr("Name of the task"), key="task-name")
        with shown_errors():
            if button.button(tr("Start the task"), type="primary", disabled=not title.strip(), width="stretch"):
                plan = TaskPlan(
                    title,
                    dataset,
                    state,
                    emotion,
                    order,
                    int(seed),
                    people,
                    twice,
                    thrice,
                    control,
                    gold,
                    instructions,
                    blind,
                    source=source,
                    quota=quota,
                    deadline=deadline,
                )
                with st.spinner(tr("Assigning faces")):
                    assignments.create(store(), plan)
                st.rerun()


def _percent(place: "st.delta_generator.DeltaGenerator", label: str, key: str, help_text: str | None) -> float:
    return float(place.number_input(label, 0, 100, 0, 5, key=f"task-{key}", help=help_text)) / 100


def card(status: TaskStatus) -> None:
    """One task: how far it is, who did what, and its end."""
    task = status.task
    with st.container(border=True):
        row = st.container(horizontal=True, vertical_alignment="center")
        share = status.done / status.wanted if status.wanted else 0.0
        row.progress(min(share, 1.0), _words(status))
        if status.is_open and row.button(tr("Work on it"), key=f"work-{task.id}", icon=":material/grid_view:"):
            st.session_state["task"] = task.id
            switch_page("pages/curate/review.py", task=str(task.id))
        _buttons(row, status)
        second_look.reason(task.id)
        if status.parts:
            show(_parts(status))
            reviewer_record.links([part.reviewer for part in status.parts])
        else:
            st.caption(tr("No one has started yet."))


def _buttons(row: "st.delta_generator.DeltaGenerator", status: TaskStatus) -> None:
    """Actions on a task; closing and deleting ask first."""
    number = status.task.id
    if row.button(tr("Edit"), key=f"edit-{number}", icon=":material/edit:"):
        dialog(tr("Edit the task"), task_editing.form, number)
    if status.task.closed_at is None:
        if row.button(tr("Close"), key=f"close-{number}", help=tr("No more faces are handed out; decisions stay.")):
            dialog(tr("Close this task?"), task_editing.confirm_close, status)
        return
    if row.button(tr("Reopen"), key=f"reopen-{number}", icon=":material/undo:"):
        task_changes.reopen(store(), number)
        st.rerun()
    if row.button(tr("Delete"), key=f"delete-{number}", icon=":material/delete:"):
        dialog(tr("Delete this task?"), task_editing.confirm_removal, number)


def _words(status: TaskStatus) -> str:
    done = trn(
        "{done} of {wanted} decision",
        "{done} of {wanted} decisions",
        status.wanted,
        done=f"{status.done:,}",
        wanted=f"{status.wanted:,}",
    )
    words = [f"**{literal(status.task.name)}**", literal(status.dataset), done]
    if status.task.closed_at is not None:
        words.append(tr("closed"))
    elif finish := status.finish(now()):
        words.append(tr("done about {when}", when=moment(finish)))
    if status.task.closed_at is None and status.task.deadline is not None:
        words.append(tr("due {day}", day=status.task.deadline.isoformat()))
    return " · ".join(words)


def _parts(status: TaskStatus) -> pd.DataFrame:
    return pd.DataFrame(
        {
            tr("Reviewer"): part.reviewer,
            tr("Decided"): part.decided,
            tr("Being reviewed"): part.in_hand,
            tr("An hour"): f"{pace:,.0f}" if (pace := assignments.pace(part)) else "–",
            tr("Last"): moment(part.last) if part.last else "–",
        }
        for part in status.parts
    )

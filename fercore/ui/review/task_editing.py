"""Task editing: the form, and the questions before a task is closed or deleted."""

from datetime import date
from typing import cast

import streamlit as st

from fercore.curation.review_filter import SourceLabels
from fercore.language import tr, trn
from fercore.services.review import assignments, reviewers, task_editing
from fercore.services.review.assignments import TaskStatus
from fercore.services.review.task_editing import TaskChanges
from fercore.ui.shell.session import shown_errors, store


def source_names() -> dict[str, str]:
    """On which faces the source's label is shown, as people read it."""
    return {
        SourceLabels.SHOWN: tr("shown on all faces"),
        SourceLabels.OVERLAP: tr("hidden on shared faces"),
        SourceLabels.HIDDEN: tr("hidden on all faces"),
    }


def source_box(place: "st.delta_generator.DeltaGenerator", present: str, key: str) -> SourceLabels:
    """The choice of the faces on which the source's label is shown."""
    names = source_names()
    chosen = place.selectbox(
        tr("Source's labels"),
        list(names),
        list(names).index(present),
        format_func=names.__getitem__,
        key=key,
        help=tr(
            "Shared faces are seen by several people. Agreement measures something only where people decide without "
            "seeing a label."
        ),
    )
    return cast(SourceLabels, chosen)


def goal_boxes(
    place: "st.delta_generator.DeltaGenerator",
    beside: "st.delta_generator.DeltaGenerator",
    quota: int | None,
    deadline: date | None,
    key: str,
) -> tuple[int | None, date | None]:
    """Quota per person in one place and deadline in another; None without."""
    count = place.number_input(
        tr("Decisions per person"), 0, 10_000_000, quota or 0, key=f"{key}-quota", help=tr("0: as many as there are.")
    )
    return int(count) or None, beside.date_input(tr("Deadline"), deadline, key=f"{key}-deadline")


def form(task_id: int) -> None:
    """The form of a task that is under way."""
    task = assignments.get(store(), task_id)
    name = st.text_input(tr("Name of the task"), task.name, key="edit-name")
    gone = reviewers.retired(store())
    present = [person for person in task.people if person not in gone]
    people = st.multiselect(
        tr("Participants"),
        sorted({*reviewers.listed(store()), *present}),
        present,
        key="edit-people",
        placeholder=tr("everyone"),
    )
    source = source_box(st.container(), task.source, "edit-source")
    quota, deadline = goal_boxes(st.container(), st.container(), task.quota, task.deadline, "edit")
    instructions = st.text_area(tr("Instructions"), task.instructions, key="edit-instructions")
    with shown_errors():
        if st.button(tr("Save"), type="primary", disabled=not name.strip()):
            task_editing.edit(store(), task_id, TaskChanges(name, instructions, people, source, quota, deadline))
            st.rerun()


def confirm_close(status: TaskStatus) -> None:
    """Ask before a task is closed."""
    held = sum(part.in_hand for part in status.parts)
    st.write(
        " ".join(
            [
                trn(
                    "{done} of {wanted} decision is made.",
                    "{done} of {wanted} decisions are made.",
                    status.wanted,
                    done=f"{status.done:,}",
                    wanted=f"{status.wanted:,}",
                ),
                trn("{count} face is being reviewed.", "{count} faces are being reviewed.", held),
                tr("Closing hands out no more faces; all decisions stay, and it can be reopened."),
            ]
        )
    )
    if st.button(tr("Close it"), type="primary"):
        assignments.close(store(), status.task.id)
        st.rerun()


def confirm_removal(task_id: int) -> None:
    """Ask before a task is deleted."""
    st.write(tr("The task and its assignments are deleted. All decisions stay."))
    if st.button(tr("Delete it"), type="primary"):
        assignments.remove(store(), task_id)
        st.rerun()

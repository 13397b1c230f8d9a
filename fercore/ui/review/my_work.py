"""My work: the open tasks of this person, on Home."""

import streamlit as st

from fercore.clock import now
from fercore.language import tr, trn
from fercore.services.review import my_work
from fercore.services.review.my_work import Work
from fercore.ui.review import reviewer_record as record
from fercore.ui.shell.session import reviewer, store, switch_page
from fercore.ui.shell.text import literal


def panel() -> None:
    """Each open task that this person takes part in, and the way to it; nothing where there is none."""
    works = my_work.work_of(store(), reviewer())
    if not works:
        return
    st.subheader(tr("My work"), anchor=False)
    record.links([reviewer()])
    for work in works:
        row = st.container(border=True, horizontal=True, vertical_alignment="center")
        row.progress(min(work.decided / work.goal, 1.0) if work.goal else 1.0, _words(work))
        if work.decided >= work.goal:
            row.markdown(tr("done"))
        elif row.button(tr("Continue"), key=f"my-work-{work.task.id}", icon=":material/grid_view:"):
            st.session_state["task"] = work.task.id
            switch_page("pages/curate/review.py", task=str(work.task.id))


def _words(work: Work) -> str:
    done = trn(
        "{done} of {goal} decision",
        "{done} of {goal} decisions",
        work.goal,
        done=f"{work.decided:,}",
        goal=f"{work.goal:,}",
    )
    words = [f"**{literal(work.task.name)}**", literal(work.dataset), done]
    if work.task.deadline is not None:
        overdue = work.task.deadline < now().date() and work.decided < work.goal
        day = work.task.deadline.isoformat()
        words.append(tr("overdue since {day}", day=day) if overdue else tr("due {day}", day=day))
    return " · ".join(words)

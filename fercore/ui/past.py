"""Decisions in the past: chosen by filters, listed, and taken back."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.language import tr
from fercore.services import overview, reverting, tasking
from fercore.services.reverting import Asked
from fercore.store.history import Past
from fercore.ui.frames import download, show
from fercore.ui.session import dialog, shown_errors, store
from fercore.ui.text import literal

ANY = ""
NO_TASK = 0


def asked(reviewers: Sequence[str]) -> Asked:
    """What somebody wants to see."""
    row = st.container(horizontal=True, vertical_alignment="bottom")  # goes on below where a window is narrow
    known = [ANY, *overview.dataset_ids(store())]
    dataset = row.selectbox(tr("Dataset"), known, format_func=_any, key="past-dataset", bind="query-params", width=180)
    people = [ANY, *reviewers]
    reviewer = row.selectbox(
        tr("Reviewer"), people, format_func=_any, key="past-reviewer", bind="query-params", width=180
    )
    names = {NO_TASK: tr("all")} | {one.task.id: f"{one.task.name} · {one.dataset}" for one in tasking.listed(store())}
    task = row.selectbox(tr("Task"), names, format_func=names.__getitem__, key="past-task", width=180)
    since = row.datetime_input(tr("Since"), None, key="past-since", step=60, width=220)
    until = row.datetime_input(tr("Up to before"), None, key="past-until", step=60, width=220)
    return Asked(dataset or None, reviewer or None, _here(since), _here(until), task or None)


def _any(choice: str) -> str:
    return choice or tr("all")


def _here(moment: datetime | None) -> datetime | None:
    """A moment as it was typed: in the server's time."""
    return None if moment is None else moment.astimezone()


def panel(which: Asked) -> None:
    """The decisions, and the button that takes them back."""
    found = reverting.look(store(), which)
    row = st.container(horizontal=True, vertical_alignment="center")
    row.markdown(
        tr(
            "**{decisions} decisions**, of which {standing} stand.",
            decisions=f"{found.decisions:,}",
            standing=f"{found.standing:,}",
        )
    )
    label = tr("Take {count} back", count=f"{found.standing:,}")
    can = bool(which.reviewer) and found.standing > 0
    if row.button(label, icon=":material/undo:", disabled=not can, help=tr("Choose whose decisions first.")):
        dialog(tr("Take these decisions back?"), _confirm, which, found.standing)
    if found.decisions > len(found.latest):
        st.caption(tr("The latest {count} are listed.", count=len(found.latest)))
    frame = _frame(found.latest)
    show(frame)
    download(frame, "history.csv", tr("These as CSV"))


def _confirm(which: Asked, count: int) -> None:
    st.write(
        tr(
            "{count} decisions of {reviewer} are taken back. They stay in the history, and so does this.",
            count=f"{count:,}",
            reviewer=literal(which.reviewer),
        )
    )
    if st.button(tr("Take them back"), type="primary"):
        with shown_errors():
            reverting.revert(store(), which)
            st.rerun()


def _frame(latest: Sequence[Past]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            tr("When"): past.decision.decided_at,
            tr("Reviewer"): past.decision.reviewer,
            tr("Dataset"): past.dataset,
            tr("Face"): past.identity,
            tr("What"): tr(past.decision.kind),
            tr("Emotion"): "" if past.decision.emotion is None else tr(EMOTIONS[past.decision.emotion]),
            tr("Before"): "" if past.decision.before is None else tr(EMOTIONS[past.decision.before]),
            tr("Why"): tr(past.decision.reason) if past.decision.reason else "",
            tr("Taken back"): tr("yes") if past.undone else "",
            tr("Saw model"): "" if past.decision.advisor is None else str(past.decision.advisor),
        }
        for past in latest
    )

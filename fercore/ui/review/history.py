"""Decisions in the past: chosen by filters, listed, and reverted."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from fercore.curation.votes import shown_kind
from fercore.emotions import EMOTIONS
from fercore.language import tr, trn
from fercore.language.dates import moment
from fercore.services.review import assignments, history
from fercore.services.review.history import HistoryPage, HistoryQuery, PastDecision
from fercore.services.system import overview
from fercore.ui.shell.session import dialog, reviewer, shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice, face_list
from fercore.ui.widgets.tables import download, show

ANY = ""
LISTED = 500
NO_TASK = 0


def range_boxes(reviewers: Sequence[str]) -> HistoryQuery:
    """The choices of a history."""
    row = st.container(horizontal=True, vertical_alignment="bottom")  # goes on below where a window is narrow
    known = [ANY, *overview.dataset_ids(store())]
    dataset = bound_choice.box(row, tr("Dataset"), known, "past-dataset", _any, "dataset", width=180)
    people = [ANY, *reviewers]
    person = bound_choice.box(row, tr("Reviewer"), people, "past-reviewer", _any, width=180)
    names = {NO_TASK: tr("all")} | {
        status.task.id: f"{status.task.name} · {status.dataset}" for status in assignments.listed(store())
    }
    task = bound_choice.box(row, tr("Task"), list(names), "past-task", names.__getitem__, width=180)
    since = row.datetime_input(tr("Since"), None, key="past-since", step=60, width=220)
    until = row.datetime_input(tr("Before"), None, key="past-until", step=60, width=220)
    return HistoryQuery(dataset or None, person or None, _here(since), _here(until), task or None)


def _any(choice: str) -> str:
    return choice or tr("all")


def _here(moment: datetime | None) -> datetime | None:
    """A moment as it was typed: in the server's time."""
    return None if moment is None else moment.astimezone()


def panel(which: HistoryQuery) -> None:
    """The decisions, the button that reverts them, and the reverts."""
    page = history.look(store(), which, LISTED)
    row = st.container(horizontal=True, vertical_alignment="center")
    row.markdown(_counted(page), width="content")
    label = trn("Revert {count} decision", "Revert {count} decisions", page.standing)
    can = bool(which.reviewer) and page.standing > 0
    if row.button(label, icon=":material/undo:", disabled=not can, help=tr("Choose a reviewer first.")):
        dialog(tr("Revert these decisions?"), _confirm, which, page.standing, page.crops)
    if len(page.latest) == LISTED:
        st.caption(trn("The latest {count} is listed.", "The latest {count} are listed.", len(page.latest)))
    frame = _frame(page.latest)
    face_list.panel("past", list(dict.fromkeys(past.face_id for past in page.latest)))
    show(frame)
    download(frame, "history.csv", tr("These as CSV"))
    _reverts()


def _counted(page: HistoryPage) -> str:
    standing = trn("**{count} decision** in effect", "**{count} decisions** in effect", page.standing)
    undone = page.decisions - page.standing
    more = trn("{count} more was undone", "{count} more were undone", undone)
    return f"{standing}, {more}." if undone else f"{standing}."


def _confirm(which: HistoryQuery, count: int, crops: int) -> None:
    st.write(
        trn(
            "{count} decision of {reviewer} is reverted under your name, {by}. The history keeps both.",
            "{count} decisions of {reviewer} are reverted under your name, {by}. The history keeps both.",
            count,
            reviewer=literal(which.reviewer),
            by=literal(reviewer()),
        )
        + " "
        + tr("A revert can be undone on this page.")
    )
    if crops:
        st.write(
            trn(
                "{count} crop that was redrawn with them is withdrawn.",
                "{count} crops that were redrawn with them are withdrawn.",
                crops,
            )
        )
    if st.button(tr("Revert them"), type="primary"):
        with shown_errors():
            history.revert(store(), which, reviewer())
            st.rerun()


def _reverts() -> None:
    """The latest reverts, each with a button that undoes it."""
    done = history.reverts(store())
    if not done:
        return
    st.subheader(tr("Reverts"), anchor=False)
    for reverted in done:
        text, button = st.columns([5, 1], vertical_alignment="center")
        words = trn(
            "{by} reverted {count} decision of {of}.",
            "{by} reverted {count} decisions of {of}.",
            reverted.decisions,
            by=literal(reverted.by),
            of=literal(reverted.of),
        )
        text.markdown(f"{moment(reverted.at)} · {words}")
        if reverted.undone:
            button.markdown(tr("undone"))
        elif button.button(tr("Undo this revert"), key=f"restore-{reverted.action}"):
            history.restore(store(), reverted.action, reviewer())
            st.rerun()


def _what(past: PastDecision) -> str:
    """The kind of event; of one that undoes another person's decision, with that person's name."""
    kind = tr(shown_kind(past.kind, past.before))
    return f"{kind} ({past.of})" if past.of and past.of != past.reviewer else kind


def _frame(latest: Sequence[PastDecision]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            tr("When"): past.decided_at,
            tr("Reviewer"): past.reviewer,
            tr("Dataset"): past.dataset,
            tr("Face"): f"#{past.face_id}",
            tr("Name"): past.identity,
            tr("Decision"): _what(past),
            tr("Emotion"): "" if past.emotion is None else tr(EMOTIONS[past.emotion]),
            tr("Before"): "" if past.before is None else tr(EMOTIONS[past.before]),
            tr("Why"): tr(past.reason) if past.reason else "",
            tr("In effect"): tr("no") if past.undone else tr("yes"),
            tr("Model shown"): "" if past.advisor is None else str(past.advisor),
        }
        for past in latest
    )

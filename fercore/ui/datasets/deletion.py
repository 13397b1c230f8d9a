"""Data that a deletion takes along, and the export of the decisions before that."""

from functools import partial

import streamlit as st

from fercore.language import tr, trn
from fercore.services.review import decision_transfer, remark_files
from fercore.services.review.decision_transfer import DecisionScope
from fercore.ui.shell.session import store


def going_along(which: DecisionScope, decisions: int, crops: int, remarks: int = 0) -> None:
    """The decisions, crops and remarks that are deleted with these faces; they can be downloaded first."""
    if crops:
        st.write(
            trn(
                "{count} crop that was redrawn by hand is deleted, too.",
                "{count} crops that were redrawn by hand are deleted, too.",
                crops,
            )
        )
    if remarks:
        st.write(
            trn(
                "{count} face has a flag or a note that is deleted, too.",
                "{count} faces have a flag or a note that is deleted, too.",
                remarks,
            )
        )
        st.download_button(
            tr("Download flags and notes as CSV"),
            partial(remark_files.exported, store(), "csv", which),
            "notes.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    if not decisions:
        st.write(tr("No decision is lost."))
        return
    st.warning(
        trn(
            "{count} decision is deleted with them. Download it first: "
            "once the same faces are imported again, it can be brought in again on the page History.",
            "{count} decisions are deleted with them. Download them first: "
            "once the same faces are imported again, they can be brought in again on the page History.",
            decisions,
        ),
        icon=":material/history:",
    )
    st.download_button(
        tr("Download the decisions as CSV"),
        partial(decision_transfer.exported, store(), "csv", which),
        "decisions.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )

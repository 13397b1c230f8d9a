"""What a deletion takes along, and the export of the decisions before that."""

from functools import partial

import streamlit as st

from fercore.language import tr, trn
from fercore.services import deciding
from fercore.services.deciding import Faces
from fercore.ui.session import store


def going_along(which: Faces, decisions: int, crops: int) -> None:
    """The decisions and crops that are deleted with these faces; the decisions can be downloaded first."""
    if crops:
        st.write(
            trn(
                "{count} crop that was redrawn by hand is deleted, too.",
                "{count} crops that were redrawn by hand are deleted, too.",
                crops,
            )
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
        partial(deciding.exported, store(), "csv", which),
        "decisions.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )

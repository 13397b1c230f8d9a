"""Find one person's faces and delete them when they ask for it."""

import streamlit as st

from fercore.language import counts, tr
from fercore.services.datasets import erasure
from fercore.services.datasets.erasure import PersonRecords
from fercore.services.review.decision_transfer import DecisionScope
from fercore.ui.datasets import deletion
from fercore.ui.shell.session import dialog, shown_errors, store
from fercore.ui.widgets.tables import NOTHING


def panel() -> None:
    """A field for the person's hash, and what is found."""
    with st.expander(tr("Find a person"), icon=":material/person_search:"):
        st.caption(tr("Search by the source's hash or name of a person; all of their data can be deleted."))
        subject = st.text_input(tr("Person"), key="person").strip()
        if not subject:
            return
        with shown_errors():
            records = erasure.find(store(), subject)
            _holding(records)
            if st.button(tr("Delete everything of this person"), icon=":material/person_remove:"):
                dialog(tr("Delete this person?"), _confirm, records)


def _holding(records: PersonRecords) -> None:
    st.write(
        counts.listed(
            counts.faces(len(records.faces)),
            counts.photos(len(records.photos)),
            counts.decisions(records.decisions),
            counts.predictions(records.probabilities),
        )
    )
    rows = [{tr("Kind"): tr("face"), tr("Name"): name} for name in records.faces]
    rows += [{tr("Kind"): tr("snapshot"), tr("Name"): f"{name} ({count})"} for name, count in records.snapshots.items()]
    rows += [{tr("Kind"): tr("trained run"), tr("Name"): str(run)} for run in records.runs]
    rows += [{tr("Kind"): tr("photo that stays"), tr("Name"): path} for path in records.elsewhere]
    st.dataframe(rows, hide_index=True, width="stretch", placeholder=NOTHING)


def _confirm(records: PersonRecords) -> None:
    st.write(
        tr(
            "Pixels, surroundings, photo copies, decisions and predictions are deleted for good; "
            "snapshots are marked. Photos outside of the data folder and trained models stay. "
            "Importing the same source again restores the person: remove the photos from it, too."
        )
    )
    deletion.going_along(DecisionScope(subject=records.subject), records.decisions, records.crops, records.remarks)
    if st.button(tr("Delete this person's data"), type="primary"):
        with shown_errors():
            erasure.purge(store(), records.subject)
            st.rerun()

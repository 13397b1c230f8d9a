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
        st.caption(tr("By the hash or name that the source gives a person: everything of them can be deleted."))
        subject = st.text_input(tr("Person"), key="person").strip()
        if not subject:
            return
        with shown_errors():
            found = erasure.find(store(), subject)
            _holding(found)
            if st.button(tr("Delete everything of this person"), icon=":material/person_remove:"):
                dialog(tr("Delete this person?"), _confirm, found)


def _holding(found: PersonRecords) -> None:
    st.write(
        counts.listed(
            counts.faces(len(found.faces)),
            counts.photos(len(found.photos)),
            counts.decisions(found.decisions),
            counts.predictions(found.probabilities),
        )
    )
    rows = [{tr("What"): tr("face"), tr("Name"): name} for name in found.faces]
    rows += [{tr("What"): tr("snapshot"), tr("Name"): f"{name} ({count})"} for name, count in found.snapshots.items()]
    rows += [{tr("What"): tr("trained run"), tr("Name"): str(run)} for run in found.runs]
    rows += [{tr("What"): tr("photo that stays"), tr("Name"): path} for path in found.elsewhere]
    st.dataframe(rows, hide_index=True, width="stretch", placeholder=NOTHING)


def _confirm(found: PersonRecords) -> None:
    st.write(
        tr(
            "Pixels, surroundings, photo copies, decisions and predictions go for good; snapshots are marked. "
            "Photos outside of the data folder and trained models stay. Importing the same source again brings "
            "the person back: take the photos out of it, too."
        )
    )
    deletion.going_along(DecisionScope(subject=found.subject), found.decisions, found.crops, found.remarks)
    if st.button(tr("Delete it all"), type="primary"):
        with shown_errors():
            erasure.purge(store(), found.subject)
            st.rerun()

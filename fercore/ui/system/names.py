"""New names for datasets and people, and people who are retired."""

from functools import partial

import streamlit as st

from fercore.language import tr
from fercore.services.datasets import catalogue
from fercore.services.review import reviewers
from fercore.ui.shell.session import dialog, leave_desk, shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import guarded

NEXT = "dataset-next"


def follow() -> None:
    """After a rename, choose the dataset under its new name; before the box that chooses it."""
    if NEXT in st.session_state:
        st.session_state["dataset"] = st.session_state.pop(NEXT)


def dataset_form(name: str, key: int) -> None:
    """A field for a dataset's new name."""
    with st.form(f"rename-{key}", border=False):
        row = st.container(horizontal=True, vertical_alignment="bottom")
        new = row.text_input(tr("Name of the dataset"), name, max_chars=100, key=f"rename-to-{key}")
        if row.form_submit_button(tr("Rename"), icon=":material/edit:"):
            with shown_errors():
                st.session_state[NEXT] = catalogue.rename(store(), name, new)
                leave_desk()
                st.rerun()


def people_panel() -> None:
    """Everybody: renamed, retired, called back."""
    with st.expander(tr("People"), icon=":material/group:"):
        people, gone = reviewers.everybody(store()), reviewers.retired(store())
        person = st.selectbox(
            tr("Person"),
            people,
            format_func=lambda name: tr("{name} (retired)", name=name) if name in gone else name,
            key="person-edited",
        )
        if person is None:
            return
        row = st.container(horizontal=True, vertical_alignment="bottom")
        new = row.text_input(tr("New name"), person, max_chars=reviewers.LONGEST, key=f"person-name-{person}")
        with shown_errors():
            if row.button(tr("Rename"), key="person-rename", icon=":material/edit:", disabled=new == person):
                reviewers.rename(store(), person, new)
                leave_desk()
                st.rerun()
            if person in gone:
                if row.button(tr("Call back"), icon=":material/person_add:"):
                    reviewers.call_back(store(), person)
                    st.rerun()
                return
            refused = guarded.refusal(partial(reviewers.check_retirable, store(), person))
            if row.button(tr("Retire"), icon=":material/person_off:", disabled=bool(refused)):
                dialog(tr("Retire this person?"), _confirm_retire, person)
            if refused:
                st.caption(f":material/info: {literal(refused)}")


def _confirm_retire(person: str) -> None:
    st.write(
        tr(
            "{name} is no longer offered as a reviewer. All decisions stay, and you can call them back.",
            name=literal(person),
        )
    )
    if st.button(tr("Retire them"), type="primary"):
        with shown_errors():
            reviewers.retire(store(), person)
            st.rerun()

"""Reviewer: what one person said of known faces, and how fast they decide."""

import streamlit as st

from fercore.language import tr
from fercore.ui import reviewer
from fercore.ui.page import opening
from fercore.ui.session import shown_errors

opening(tr("Reviewers"), tr("How often a person says what is known, what they confuse, and how fast they decide."))
row = st.container(horizontal=True, vertical_alignment="bottom")  # goes on below where a window is narrow
with shown_errors():
    person = reviewer.person_box(row)
    reviewer.panel(person, reviewer.dataset_box(row, person))

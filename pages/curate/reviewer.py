"""Reviewer: what one person said of known faces, and how fast they decide."""

import streamlit as st

from fercore.language import tr
from fercore.ui.review import reviewer_record
from fercore.ui.shell.layout import opening
from fercore.ui.shell.session import shown_errors

opening(tr("Reviewers"), tr("Each reviewer's accuracy on known answers, confusions and pace."))
row = st.container(horizontal=True, vertical_alignment="bottom")  # goes on below where a window is narrow
with shown_errors():
    person = reviewer_record.person_box(row)
    reviewer_record.panel(person, reviewer_record.dataset_box(row, person))

"""Adjudicate: settle the faces on which votes leave the label open."""

import streamlit as st

from fercore.curation.review_filter import ReviewFilter, ReviewState
from fercore.language import tr
from fercore.services.review import adjudication
from fercore.services.system import overview
from fercore.ui.review import desks, face_filters, label_rule
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import reviewer, store
from fercore.ui.widgets import bound_choice

opening(tr("Adjudicate"), tr("Resolve disputed faces. Votes are shown after your ruling."))
datasets = overview.dataset_ids(store())
if not datasets:
    nothing_yet(tr("There is nothing to settle yet."), "pages/curate/datasets.py", tr("Go to Datasets"))
disputed = adjudication.disputed(store())
row = st.container(horizontal=True, vertical_alignment="bottom")  # goes on below where a window is narrow
name = bound_choice.box(
    row,
    tr("Dataset"),
    sorted(datasets, key=lambda name: name not in disputed),
    "adjudicated",
    lambda name: f"{name} · {disputed.get(name, 0):,}",
    other_key="dataset",
    width=200,
)
label_rule.box(row, name)
state = row.selectbox(
    tr("Show"),
    (ReviewState.DISPUTED, ReviewState.ALL),
    format_func=face_filters.ruling_names().__getitem__,
    key="ruling-state",
    help=tr("Rulings made here serve as gold faces in tasks."),
    width=140,
)
note = row.text_input(
    tr("Why"), key="ruling-note", max_chars=500, placeholder=tr("Stored with your decisions from now on"), width=330
)
desk = desks.desk_for(ReviewFilter(datasets[name], reviewer(), state, adjudicates=True), 0)
desk.note = note.strip()
desks.show(desk, face_filters.nothing_disputed)

"""Review: look at every face, relabel or reject it, with the keyboard."""

import streamlit as st

from fercore.language import tr
from fercore.services import overview
from fercore.ui import desks, face_list, guide, views
from fercore.ui.page import nothing_yet, opening
from fercore.ui.session import store

opening(tr("Review"), tr("Look at every face: give it an emotion or reject it. Every key press is saved at once."))
datasets = overview.dataset_ids(store())
if not datasets:
    nothing_yet(
        tr("There is no face to review yet. Import a dataset or extract faces from photos first."),
        "pages/curate/datasets.py",
        tr("Go to Datasets"),
    )
row = st.container(horizontal=True, vertical_alignment="bottom")  # goes on below where a window is narrow
face_list.arrive()
face_list.find_box(row)
task = views.task_box(row)
view = views.of_task(task) if task else views.browsed(row, datasets)
size = views.size_box(row)

guide.panel(view.dataset_id)
desks.show(desks.desk_for(view, size), views.nothing_left)

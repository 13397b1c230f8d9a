"""Review: look at every face, relabel or reject it, with the keyboard."""

import streamlit as st

from fercore.language import tr
from fercore.services.system import overview
from fercore.ui.review import desks, face_filters, guide
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import store
from fercore.ui.widgets import face_list

opening(tr("Review"), tr("Label or reject each face. Every key press is saved at once."))
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
task = face_filters.task_box(row)
view = face_filters.of_task(task) if task else face_filters.browsed(row, datasets)
size = face_filters.size_box(row)

guide.panel(view.dataset_id)
desks.show(desks.desk_for(view, size), face_filters.nothing_left)

"""Datasets: what there is, more of it, and one dataset in detail."""

import streamlit as st

from fercore.language import tr
from fercore.services import datasets
from fercore.ui import bring_panel, dataset, face_list, jobs, people, renaming
from fercore.ui.frames import counts_frame, download, show
from fercore.ui.page import opening
from fercore.ui.session import store

opening(tr("Datasets"), tr("Bring faces in, see what there is, and take an import back if it was wrong."))

found = datasets.summaries(store())
if found:
    face_list.find_box(st.container())
    frame = counts_frame(found)
    show(frame)
    download(frame, "datasets.csv", tr("Counts as CSV"))
else:
    st.info(tr("No dataset yet. Import one or extract faces below."), icon=":material/lightbulb:")
bring_panel.panel(expanded=not found)
jobs.panel(("import", "extract", "export", "demo", "orders"))
if found:
    people.panel()
    named = {one.name: one for one in found}
    st.subheader(tr("One dataset"), anchor=False)
    renaming.follow()
    chosen = st.selectbox(tr("Dataset"), list(named), key="dataset", bind="query-params")
    dataset.panel(named[chosen])

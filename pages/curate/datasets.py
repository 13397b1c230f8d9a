"""Datasets: bring faces in, see what there is, take imports back."""

import streamlit as st

from fercore.language import tr
from fercore.services import datasets
from fercore.ui import dataset, extracting, importing, jobs, people
from fercore.ui.frames import counts_frame, download, show
from fercore.ui.page import opening
from fercore.ui.session import shown_errors, store

opening(tr("Datasets"), tr("Bring faces in, see what there is, and take an import back if it was wrong."))

found = datasets.summaries(store())
bring_import, bring_extract = st.tabs([tr("Import a dataset"), tr("Extract faces from photos")])
with bring_import, shown_errors():
    importing.form()
with bring_extract, shown_errors():
    extracting.form()
jobs.panel(("import", "extract", "export", "demo", "orders"))

st.subheader(tr("What there is"), anchor=False)
if not found:
    st.info(tr("No dataset yet. Import one or extract faces above."), icon=":material/lightbulb:")
    st.stop()

frame = counts_frame(found)
show(frame)
download(frame, "datasets.csv", tr("Counts as CSV"))

people.panel()
named = {one.name: one for one in found}
st.subheader(tr("One dataset"), anchor=False)
chosen = st.selectbox(tr("Dataset"), list(named), key="dataset", bind="query-params")
dataset.panel(named[chosen])

"""Datasets: what there is, more of it, and one dataset in detail."""

import streamlit as st

from fercore.lanes import DEMO, Lane
from fercore.language import tr
from fercore.services import jobs
from fercore.services.datasets import catalogue
from fercore.ui.datasets import dataset_panel, erasure, import_panel
from fercore.ui.shell.layout import opening
from fercore.ui.shell.session import store
from fercore.ui.system import names
from fercore.ui.widgets import face_list, job_panel
from fercore.ui.widgets.tables import counts_frame, download, show

opening(tr("Datasets"), tr("Import faces, browse your datasets, and undo an import that went wrong."))

summaries = catalogue.summaries(store())
if summaries:
    face_list.find_box(st.container())
    frame = counts_frame(summaries)
    show(frame)
    download(frame, "datasets.csv", tr("Counts as CSV"))
else:
    st.info(tr("No dataset yet. Import one or extract faces below."), icon=":material/lightbulb:")
import_panel.panel(expanded=not summaries)
job_panel.panel((*jobs.of_lane(Lane.DISK), DEMO))
if summaries:
    erasure.panel()
    named = {summary.name: summary for summary in summaries}
    st.subheader(tr("Dataset details"), anchor=False)
    names.follow()
    chosen = st.selectbox(tr("Dataset"), list(named), key="dataset", bind="query-params")
    dataset_panel.panel(named[chosen])

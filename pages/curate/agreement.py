"""Agreement: how far people who decided the same faces say the same."""

import streamlit as st

from fercore.language import tr
from fercore.services.system import overview
from fercore.ui.review import agreement
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import shown_errors, store

opening(tr("Agreement"), tr("Agreement between people who decided the same faces, corrected for chance."))
datasets = list(overview.dataset_ids(store()))
if not datasets:
    nothing_yet(tr("There is nothing to compare yet."), "pages/curate/datasets.py", tr("Go to Datasets"))
chosen = st.selectbox(tr("Dataset"), datasets, key="dataset", bind="query-params")
agreement.people(chosen)
agreement.gold(chosen)
with shown_errors():
    agreement.panel(chosen)

"""Audit: what is wrong with datasets, and how often the audit itself is right."""

import streamlit as st

from fercore.lanes import AUDIT, CROSSVAL
from fercore.language import tr
from fercore.services.audit import score_card
from fercore.services.system import overview
from fercore.ui.audit import run_form, views
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.widgets import job_panel

opening(
    tr("Audit"),
    tr("Find what is wrong with a dataset before a model learns it, and see how often the audit itself is right."),
)
datasets = list(overview.dataset_ids(store()))
if not datasets:
    nothing_yet(tr("There is nothing to audit yet."), "pages/curate/datasets.py", tr("Go to Datasets"))
audits = score_card.listed(store())
newest = audits[0].audit if audits else 0
run_form.form(datasets, newest)
job_panel.panel((AUDIT, CROSSVAL))
if not audits:
    st.info(tr("No audit yet: choose a dataset and start one above."), icon=":material/lightbulb:")
    st.stop()
run_form.arrive(newest)
with shown_errors():
    views.draw(views.choice(audits))

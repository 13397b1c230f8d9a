"""Home: where the pipeline stands and what to do next."""

import streamlit as st

from fercore.language import tr, trn
from fercore.services.system.overview import overview
from fercore.ui.review import face_filters, my_work
from fercore.ui.shell.layout import opening, share
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal
from fercore.ui.system import home
from fercore.ui.widgets import job_panel

opening(
    tr("From faces to a fair comparison"),
    tr("Clean face crops, freeze them, train backbones, and see how each does on each dataset."),
)
now = overview(store())

steps = st.columns(5)
steps[0].metric(tr("Faces"), f"{now.faces:,}", border=True)
steps[1].metric(tr("Reviewed"), share(now.reviewed, now.faces), border=True)
steps[2].metric(tr("Snapshots"), now.snapshots, border=True)
steps[3].metric(tr("Runs"), now.runs, border=True)
with steps[4]:
    home.best_run()

job_panel.panel(ended=0)
my_work.panel()

home.next_step(now)
if now.datasets:
    st.subheader(tr("Datasets"), anchor=False)
    for dataset in now.datasets:
        name, done, link = st.columns([3, 5, 2], vertical_alignment="center")
        name.markdown(f"**{literal(dataset.name)}** · {trn('{count} face', '{count} faces', dataset.faces)}")
        done.progress(
            dataset.reviewed / dataset.faces if dataset.faces else 0.0,
            tr("{share} reviewed", share=share(dataset.reviewed, dataset.faces)),
        )
        link.page_link(
            "pages/curate/review.py",
            label=tr("Review"),
            icon=":material/grid_view:",
            query_params=face_filters.address(dataset.name),
        )
if now.faces:
    with st.expander(tr("Import more faces"), icon=":material/add:"):
        home.ways_to_begin()
job_panel.finished()

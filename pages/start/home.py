"""Home: where the pipeline stands and what to do next."""

import streamlit as st

from fercore.jobs import queue
from fercore.language import tr
from fercore.services.overview import overview
from fercore.ui import jobs
from fercore.ui.page import opening, share
from fercore.ui.session import store

opening(
    tr("From faces to a fair comparison"),
    tr("Clean face crops, freeze them, train backbones on them, and see which one reads whom."),
)
now = overview(store())

steps = st.columns(5)
steps[0].metric(tr("Faces"), f"{now.faces:,}", border=True)
steps[1].metric(tr("Reviewed"), share(now.reviewed, now.faces), border=True)
steps[2].metric(tr("Snapshots"), now.snapshots, border=True)
steps[3].metric(tr("Runs"), now.runs, border=True)
steps[4].metric(
    tr("Best accuracy"),
    f"{now.best.accuracy:.1%}" if now.best else "–",
    border=True,
    help=now.best
    and tr(
        "Run {run}, {backbone} on '{snapshot}', tested on {dataset} ({split})",
        run=now.best.run,
        backbone=now.best.backbone,
        snapshot=now.best.snapshot,
        dataset=now.best.dataset,
        split=tr(now.best.split),
    ),
)

jobs.panel()

st.subheader(tr("Next"), anchor=False)
if not now.faces:
    st.write(tr("There are no faces yet. Three ways to begin:"))
ways = st.columns(3)
with ways[0].container(border=True, height="stretch"):
    st.markdown(f"**{tr('Try it with generated faces')}**")
    st.caption(tr("Draws two styles of faces, trains three models and compares them: the whole loop in minutes."))
    if st.button(tr("Try it with generated faces"), icon=":material/play_arrow:", type="primary"):
        queue.submit(store(), "demo", tr("Demo on generated faces"), {})
        st.rerun()
with ways[1].container(border=True, height="stretch"):
    st.markdown(f"**{tr('Import a dataset')}**")
    st.caption(tr("FER2013's CSV, or folders named after emotions, from this machine or the server."))
    st.page_link("pages/curate/datasets.py", label=tr("Import a dataset"), icon=":material/upload:")
with ways[2].container(border=True, height="stretch"):
    st.markdown(f"**{tr('Extract faces from photos')}**")
    st.caption(tr("A detector cuts every face out of your photos, and you label them in review."))
    st.page_link("pages/curate/datasets.py", label=tr("Extract faces from photos"), icon=":material/crop_free:")

if now.datasets:
    st.subheader(tr("Datasets"), anchor=False)
    for dataset in now.datasets:
        name, done, link = st.columns([3, 5, 2], vertical_alignment="center")
        name.markdown(f"**{dataset.name}** · {tr('{faces} faces', faces=f'{dataset.faces:,}')}")
        done.progress(
            dataset.reviewed / dataset.faces if dataset.faces else 0.0,
            tr("{share} reviewed", share=share(dataset.reviewed, dataset.faces)),
        )
        link.page_link(
            "pages/curate/review.py",
            label=tr("Review"),
            icon=":material/grid_view:",
            query_params={"dataset": dataset.name},
        )

"""Review: look at every face, relabel or reject it, with the keyboard."""

import streamlit as st

from fercore.language import tr
from fercore.services import overview, reviewing
from fercore.ui import review_grid, views
from fercore.ui.page import nothing_yet, opening
from fercore.ui.review_grid.desk import Desk
from fercore.ui.session import fragment, reviewer, store

opening(tr("Review"), tr("Look at every face: give it an emotion or reject it. Every key press is saved at once."))
datasets = overview.dataset_ids(store())
if not datasets:
    nothing_yet(
        tr("There is no face to review yet. Import a dataset or extract faces from photos first."),
        "pages/curate/datasets.py",
        tr("Go to Datasets"),
    )
left, right = st.columns([13, 2])
with left:
    task = views.task_box()
    view = views.of_task(task) if task else views.browsed(datasets)
size = right.selectbox(tr("Faces a page"), reviewing.PAGE_SIZES, index=2, key="size", bind="query-params")

desk = st.session_state.get("desk")
if desk is None or (desk.view, desk.size) != (view, size):
    if desk is not None:
        desk.leave()
    desk = st.session_state["desk"] = Desk(store(), view, size)
desk.have = None  # a full run may have dropped the grid from the browser: give it its tiles again


def grid() -> None:
    """The part that runs again with every message of the grid."""
    if view.task is not None and not desk.page.face_ids and desk.look_again() == waits:
        st.rerun()  # from the grid to waiting for what others leave, or back
    if not desk.page.face_ids:
        views.nothing_left(view)
        return
    review_grid.draw(desk, outbox=f"{reviewer()}/{overview.identity(store(), view.dataset_id)}")


waits = view.task is not None and not desk.page.face_ids
fragment(grid, run_every=5.0 if waits else None)

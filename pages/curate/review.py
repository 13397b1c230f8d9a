"""Review: look at every face, relabel or reject it, with the keyboard."""

import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.language import tr
from fercore.services import evaluating, overview, reviewing
from fercore.store.review import ORDERS, STATES, View
from fercore.ui import review_grid
from fercore.ui.page import opening
from fercore.ui.review_grid.desk import Desk
from fercore.ui.session import fragment, reviewer, store

opening(tr("Review"), tr("Look at every face: give it an emotion or reject it. Every key press is saved at once."))
datasets = overview.dataset_ids(store())
if not datasets:
    st.info(tr("There is no face to review yet. Import a dataset or extract faces from photos first."))
    st.page_link("pages/curate/datasets.py", label=tr("Go to Datasets"), icon=":material/arrow_forward:")
    st.stop()

STATE_NAMES = {
    "all": tr("all, undecided first"),
    "undecided": tr("undecided by me"),
    "decided": tr("decided by me"),
    "rejected": tr("rejected"),
    "unlabelled": tr("unlabelled"),
    "changed": tr("changed by me"),
    "doubtful": tr("maybe no face"),
}
ORDER_NAMES = {"imported": tr("as imported"), "least sure": tr("least sure faces first")}
columns = st.columns([3, 3, 2, 2, 2])
name = columns[0].selectbox(tr("Dataset"), list(datasets), key="dataset", bind="query-params")
state = columns[1].selectbox(tr("Show"), STATES, format_func=STATE_NAMES.__getitem__, key="state", bind="query-params")
emotion = columns[2].selectbox(
    tr("Emotion"),
    ["all", *EMOTIONS],
    format_func=lambda known: tr("all") if known == "all" else tr(known),
    key="emotion",
    bind="query-params",
)
order = columns[3].selectbox(tr("Order"), ORDERS, format_func=ORDER_NAMES.__getitem__, key="order", bind="query-params")
size = columns[4].selectbox(tr("Faces a page"), reviewing.PAGE_SIZES, index=2, key="size", bind="query-params")

cell = st.query_params.get("cell")
view = View(
    datasets[name],
    reviewer(),
    state,
    None if emotion == "all" else EMOTIONS.index(emotion),
    evaluating.faces_of_cell(store(), cell) if cell else None,
    order,
)
if cell:
    st.info(tr("Only the faces of one confusion cell are shown."), icon=":material/filter_alt:")
desk = st.session_state.get("desk")
if desk is None or (desk.view, desk.size) != (view, size):
    desk = st.session_state["desk"] = Desk(store(), view, size)
desk.have = None  # a full run may have dropped the grid from the browser: give it its tiles again


def grid() -> None:
    """The part that runs again with every message of the grid."""
    if not desk.page.face_ids:
        st.success(tr("Nothing here is left to look at: choose another dataset or show all."))
        return
    review_grid.draw(desk, outbox=f"{reviewer()}/{overview.identity(store(), view.dataset_id)}")


fragment(grid)

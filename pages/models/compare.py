"""Compare: trained-on × tested-on, and one evaluation down to its faces."""

import streamlit as st

from fercore.language import tr
from fercore.services import comparing, evaluating
from fercore.ui import comparison, jobs
from fercore.ui.page import nothing_yet, opening
from fercore.ui.session import shown_errors, store

opening(tr("Compare"), tr("Which training reads whom: every run on every dataset, down to the single face."))
with shown_errors():
    comparison.evaluate_form()
jobs.panel(("evaluate", "train"), ended=0)
found = evaluating.listed(store())
if not found:
    nothing_yet(
        tr("No evaluation yet: train a run, then evaluate it on a split above."),
        "pages/models/train.py",
        tr("Go to Train"),
    )

st.subheader(tr("Trained on × tested on"), anchor=False)
splits = [split for split in ("validation", "test", "train") if any(one.split == split for one in found)]
split = st.segmented_control(tr("Split"), splits, default=splits[0], format_func=tr, required=True, key="split")
comparison.cross_table(comparing.cross_table(found, split))
comparison.bars([one for one in found if one.split == split])
with st.expander(tr("The paper's Table III beside it"), icon=":material/menu_book:"):
    comparison.paper_table(found)

st.subheader(tr("One evaluation"), anchor=False)
by_id = {one.id: one for one in reversed(found)}
chosen = st.selectbox(
    tr("Evaluation"),
    list(by_id),
    format_func=lambda i: comparison.title(by_id[i]),
    key="evaluation",
    bind="query-params",
)
comparison.evaluation(by_id[chosen])

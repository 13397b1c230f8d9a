"""Compare: trained-on × tested-on, and one evaluation down to its faces."""

import streamlit as st

from fercore.language import tr
from fercore.services import comparing, evaluations
from fercore.ui import comparison, evaluation, jobs
from fercore.ui.page import nothing_yet, opening
from fercore.ui.session import shown_errors, store

opening(tr("Compare"), tr("See how each model does on each dataset, down to the single face."))
with shown_errors():
    comparison.evaluate_form()
jobs.panel(("evaluate", "train"), ended=0)
found = evaluations.listed(store())
if not found:
    nothing_yet(
        tr("No evaluation yet: train a run, then evaluate it on a split above."),
        "pages/models/train.py",
        tr("Go to Train"),
    )
stale = evaluations.stale(store(), found)
comparison.recounts(found, stale)

st.subheader(tr("Trained on × tested on"), anchor=False)
splits = [split for split in ("validation", "test", "train") if any(one.split == split for one in found)]
split = st.segmented_control(
    tr("Split"), splits, default=splits[0], format_func=comparison.split_names, required=True, key="split"
)
rows = comparing.table(found, split, stale)
comparison.cross_table(rows)
comparison.evaluations_file(found, stale)
comparison.bars(rows)
with st.expander(tr("The paper's Table III beside it"), icon=":material/menu_book:"):
    comparison.paper_table(found, stale)

st.subheader(tr("One evaluation"), anchor=False)
by_id = {one.id: one for one in reversed(found)}
chosen = st.selectbox(
    tr("Evaluation"),
    list(by_id),
    format_func=lambda number: comparison.title(by_id[number], number in stale),
    key="evaluation",
    bind="query-params",
)
evaluation.panel(by_id[chosen], chosen in stale)
evaluation.several(found)

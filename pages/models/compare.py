"""Compare: trained-on × tested-on, and one evaluation down to its faces."""

import streamlit as st

from fercore.lanes import EVALUATION, TRAINING
from fercore.language import tr
from fercore.services.comparison import stored_evaluations, table
from fercore.splits import Split
from fercore.ui.comparison import evaluation
from fercore.ui.comparison import table as table_panel
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.widgets import bound_choice, job_panel

opening(tr("Compare"), tr("See how each model does on each dataset, down to the single face."))
with shown_errors():
    table_panel.evaluate_form()
job_panel.panel((EVALUATION, TRAINING), ended=0)
views = stored_evaluations.listed(store())
if not views:
    nothing_yet(
        tr("No evaluation yet: train a run, then evaluate it on a split above."),
        "pages/models/train.py",
        tr("Go to Train"),
    )
stale = stored_evaluations.stale(store(), views)
table_panel.recounts(views, stale)

st.subheader(tr("Trained on × tested on"), anchor=False)
splits = [split for split in (Split.VALIDATION, Split.TEST, Split.TRAIN) if any(view.split == split for view in views)]
split = st.segmented_control(
    tr("Split"), splits, default=splits[0], format_func=table_panel.split_names, required=True, key="split"
)
rows = table.table(views, split, stale)
table_panel.cross_table(rows)
table_panel.evaluations_file(views, stale)
table_panel.bars(rows)
with st.expander(tr("The paper's Table III beside it"), icon=":material/menu_book:"):
    table_panel.paper_table(views, stale)

st.subheader(tr("Evaluation details"), anchor=False)
by_id = {view.id: view for view in reversed(views)}
chosen = bound_choice.box(
    st.container(),
    tr("Evaluation"),
    list(by_id),
    "evaluation",
    lambda number: table_panel.title(by_id[number], number in stale),
)
evaluation.panel(by_id[chosen], chosen in stale)
evaluation.several(views)

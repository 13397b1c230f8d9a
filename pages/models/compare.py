"""Compare: trained-on × tested-on, and one evaluation down to its faces."""

import streamlit as st

from fercore.lanes import COST, EVALUATION, TRAINING
from fercore.language import tr
from fercore.services.comparison import stored_evaluations
from fercore.ui.comparison import foreign_models, pair, table
from fercore.ui.comparison.views import Stored, choice
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.widgets import job_panel

opening(tr("Compare"), tr("See how each model does on each dataset, down to the single face."))
with shown_errors():
    table.evaluate_form()
    foreign_models.form()
job_panel.panel((EVALUATION, COST, TRAINING), ended=0)
views = stored_evaluations.listed(store())
if not views:
    above, below = st.container(), st.container()
    with below:
        pair.alone()
    with above:
        nothing_yet(
            tr("No evaluation yet: train a run, then evaluate it on a split above."),
            "pages/models/train.py",
            tr("Go to Train"),
        )
stale = frozenset(stored_evaluations.stale(store(), views))
table.recounts(views, stale)
choice().draw(Stored(views, stale))

"""Runs: what was trained, how it went, resume or delete it."""

from functools import partial

import pandas as pd
import streamlit as st

from fercore.language import tr
from fercore.services.training import run_details
from fercore.services.training import runs as run_service
from fercore.services.training.run_details import EPOCH_FIELDS
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import dialog, shown_errors, store
from fercore.ui.training import model_downloads, promotion, run_facts, run_form, runs
from fercore.ui.widgets import guarded
from fercore.ui.widgets.tables import download, show

opening(tr("Runs"), tr("Every training with its curves, log and settings."))
views = run_details.listed_with_epochs(store())
if not views:
    nothing_yet(tr("No run yet: train a backbone first."), "pages/models/train.py", tr("Go to Train"))

table = run_facts.table(views)
show(table, percents=(tr("Held-out accuracy"), tr("Training accuracy")))
st.caption(
    tr(
        "Held-out accuracy was measured while training, on the faces that the recipe holds out: a part of the training "
        "faces, or the validation split. Compare shows whole splits."
    )
)
download(table, "runs.csv", tr("Runs as CSV"))

numbers = [view.run.id for view in views]
with st.expander(tr("Curves of several runs"), icon=":material/stacked_line_chart:"):
    several = st.multiselect(tr("Runs"), numbers, numbers[:3], key="several", max_selections=7)
    if several:
        runs.together(several)
chosen = st.selectbox(tr("Select a run"), numbers, key="run", bind="query-params")
runs.live(chosen)
view = run_details.view(store(), chosen)
epochs = pd.DataFrame([{name: getattr(epoch, name) for name in EPOCH_FIELDS} for epoch in view.epochs])
if len(epochs):
    download(epochs, f"run-{chosen}-epochs.csv", tr("Epochs as CSV"))
model_downloads.panel(view)
promotion.panel(view)
with st.expander(tr("Note and tags"), icon=":material/edit_note:", expanded=bool(view.run.note or view.run.tags)):
    runs.notes(view)
with st.expander(tr("Settings"), icon=":material/tune:"):
    if view.run.params_total:
        st.write(
            tr(
                "{total} parameters, {trainable} trainable.",
                total=f"{view.run.params_total:,}",
                trainable=f"{view.run.params_trainable:,}",
            )
        )
    st.caption(runs.disk_use(view))
    st.json(run_facts.record(view))


def confirm() -> None:
    """Ask before a run goes."""
    st.write(tr("Deleting run {run} also deletes its model, curves and evaluations.", run=chosen))
    if st.button(tr("Delete run {run}", run=chosen), type="primary"):
        with shown_errors():
            run_service.remove(store(), chosen)
            st.rerun()


if view.run.reported_epoch is not None and st.button(
    tr("Continue run {run}", run=chosen),
    icon=":material/fast_forward:",
    help=tr("Start a new run from its model, on a changed snapshot or with another recipe."),
):
    with shown_errors():
        run_form.go_on(run_service.clone(store(), chosen), chosen)
if st.button(tr("Clone run {run}", run=chosen), icon=":material/content_copy:"):
    with shown_errors():
        run_form.clone(run_service.clone(store(), chosen))
check = partial(run_service.check_removable, store(), chosen)
if guarded.button(st.container(), tr("Delete run {run}", run=chosen), check, icon=":material/delete:"):
    dialog(tr("Delete this run?"), confirm)

"""Sweeps: train a whole grid, and see it fill up."""

import streamlit as st

from fercore.language import tr
from fercore.services.training import snapshots as snapshot_service
from fercore.services.training import sweeps as sweep_service
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import store
from fercore.ui.training import sweep_forms, sweeps
from fercore.ui.widgets import bound_choice

opening(
    tr("Sweeps"), tr("Train every combination of backbones, recipes, snapshots and seeds, and see the grid fill up.")
)
sweep_forms.paper()
snapshots = [snapshot.name for snapshot in snapshot_service.listed(store())]
known = sweep_service.listed(store())
if not snapshots and not known:
    nothing_yet(
        tr("A training needs a snapshot: freeze some faces first."),
        "pages/curate/snapshots.py",
        tr("Go to Snapshots"),
    )
if snapshots:
    with st.expander(tr("A new sweep"), icon=":material/add:", expanded=not known):
        sweep_forms.form(snapshots)
if known:
    names = {sweep.id: f"{sweep.id} · {sweep.name}" for sweep in known}
    chosen = bound_choice.box(st.container(), tr("Sweep"), list(names), "sweep", names.__getitem__)
    sweeps.live(chosen)

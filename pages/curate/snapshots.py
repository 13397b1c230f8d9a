"""Snapshots: freeze faces and labels for training, compare and delete frozen lists."""

from functools import partial

import pandas as pd
import streamlit as st

from fercore.lanes import EXPORT, FREEZE
from fercore.language import tr, trn
from fercore.services.datasets.exports import ExportKind
from fercore.services.system import overview
from fercore.services.training import snapshots
from fercore.splits import SPLITS
from fercore.ui.datasets import export_form
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.training import snapshot_changes, snapshot_record
from fercore.ui.training import snapshot_form as freeze_form
from fercore.ui.widgets import guarded, hashes, job_panel
from fercore.ui.widgets.tables import download, show

opening(tr("Snapshots"), tr("Freeze faces, labels and splits, so that a training can be repeated exactly."))
datasets = list(overview.dataset_ids(store()))
if not datasets:
    nothing_yet(tr("There is nothing to freeze yet."), "pages/curate/datasets.py", tr("Go to Datasets"))

freeze_form.form(datasets)
job_panel.panel((FREEZE,))

listed = snapshots.listed(store())
if not listed:
    st.info(tr("No snapshot yet. Give one a name and freeze it above."), icon=":material/lightbulb:")
    st.stop()
rows = pd.DataFrame(
    {
        tr("Snapshot"): s.name,
        tr("Datasets"): snapshots.origin(s),
        tr("Faces"): s.faces,
        **{tr(split): sum(s.counts[split].values()) for split in SPLITS},
        tr("Reviewed only"): s.only_reviewed,
        tr("Frozen"): s.created_at,
        tr("Hash"): hashes.short(s.hash)
        + (f" ({trn('{count} face purged', '{count} faces purged', s.purged)})" if s.purged else ""),
    }
    for s in listed
)
show(rows)
download(rows, "snapshots.csv", tr("Snapshots as CSV"))
with st.popover(tr("Copy a hash"), icon=":material/content_copy:"):
    hashes.copyable({snapshot.name: snapshot.hash for snapshot in listed})

names = [snapshot.name for snapshot in listed]
snapshot_record.panel(listed)
if len(names) > 1:
    snapshot_changes.panel(names)

with st.expander(tr("Export a snapshot"), icon=":material/download:"):
    leaving = st.selectbox(tr("Snapshot"), names, key="export-snapshot")
    export_form.panel(ExportKind.SNAPSHOT, leaving, listed[names.index(leaving)].faces)
job_panel.panel((EXPORT,))

with st.expander(tr("Delete a snapshot"), icon=":material/delete:"), shown_errors():
    doomed = st.selectbox(tr("Snapshot"), names, index=None)
    if doomed:
        check = partial(snapshots.check_removable, store(), doomed)
        label = tr("Delete '{name}' for good", name=literal(doomed))
        if guarded.button(st.container(), label, check):
            snapshots.remove(store(), doomed)
            st.rerun()

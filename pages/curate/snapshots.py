"""Snapshots: freeze faces and labels for training, compare and delete frozen lists."""

import pandas as pd
import streamlit as st

from fercore.language import tr, trn
from fercore.services import freezing, overview
from fercore.store.datasets import SPLITS
from fercore.ui import exporting, jobs
from fercore.ui.frames import download, show
from fercore.ui.page import nothing_yet, opening
from fercore.ui.session import shown_errors, store
from fercore.ui.text import literal

opening(tr("Snapshots"), tr("Freeze faces, labels and splits, so that a training can be repeated exactly."))
datasets = list(overview.dataset_ids(store()))
if not datasets:
    nothing_yet(tr("There is nothing to freeze yet."), "pages/curate/datasets.py", tr("Go to Datasets"))

with st.form("freeze"):
    left, right = st.columns(2)
    name = left.text_input(tr("Name of the snapshot"))
    chosen = right.multiselect(tr("Datasets"), datasets, default=datasets[:1], placeholder=tr("Choose"))
    watched = right.multiselect(
        tr("Validation faces of"),
        datasets,
        placeholder=tr("these datasets' own"),
        help=tr("Datasets that are not learned; their validation faces are watched while others are."),
    )
    only = left.checkbox(tr("Only faces that somebody reviewed"))
    if st.form_submit_button(tr("Freeze"), type="primary", icon=":material/ac_unit:"):
        with shown_errors():
            frozen = freezing.freeze(store(), name, chosen, only, watched)
            st.success(
                trn(
                    "'{name}' holds {count} face. Hash {hash}",
                    "'{name}' holds {count} faces. Hash {hash}",
                    frozen.faces,
                    name=literal(frozen.name),
                    hash=frozen.hash,
                )
            )

found = freezing.listed(store())
if not found:
    st.info(tr("No snapshot yet. Give one a name and freeze it above."), icon=":material/lightbulb:")
    st.stop()
rows = pd.DataFrame(
    {
        tr("Snapshot"): s.name,
        tr("Datasets"): freezing.origin(s),
        tr("Faces"): s.faces,
        **{tr(split): sum(s.counts[split].values()) for split in SPLITS},
        tr("Reviewed only"): s.only_reviewed,
        tr("Frozen"): s.created_at,
        tr("Hash"): s.hash + (f" ({trn('{count} face purged', '{count} faces purged', s.purged)})" if s.purged else ""),
    }
    for s in found
)
show(rows)
download(rows, "snapshots.csv", tr("Snapshots as CSV"))

names = [snapshot.name for snapshot in found]
if len(names) > 1:
    st.subheader(tr("What changed"), anchor=False)
    old_column, new_column = st.columns(2)
    old = old_column.selectbox(tr("From"), names, index=1)
    new = new_column.selectbox(tr("To"), names, index=0)
    change = freezing.difference(store(), old, new)
    st.write(
        trn(
            "{count} face added, {removed} removed, {relabelled} relabelled.",
            "{count} faces added, {removed} removed, {relabelled} relabelled.",
            change["added"],
            removed=change["removed"],
            relabelled=change["relabelled"],
        )
    )
    if change["voted"]:
        st.write(
            trn(
                "{count} kept its label and has other votes.",
                "{count} kept their label and have other votes.",
                change["voted"],
            )
        )
    if change["moves"]:
        moves = [(tr(move["from"]), tr(move["to"]), move["faces"]) for move in change["moves"]]
        show(pd.DataFrame(moves, columns=[tr("From"), tr("To"), tr("Faces")]))

with st.expander(tr("Export a snapshot"), icon=":material/download:"):
    leaving = st.selectbox(tr("Snapshot"), names, key="export-snapshot")
    exporting.panel("snapshot", leaving, found[names.index(leaving)].faces)
jobs.panel(("export",))

with st.expander(tr("Delete a snapshot"), icon=":material/delete:"), shown_errors():
    doomed = st.selectbox(tr("Snapshot"), names, index=None)
    if doomed and st.button(tr("Delete '{name}' for good", name=literal(doomed))):
        freezing.remove(store(), doomed)
        st.rerun()

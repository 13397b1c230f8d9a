"""The form that freezes a snapshot, and what the freeze left out."""

from collections.abc import Sequence

import streamlit as st

from fercore.curation.exclusions import Exclusion
from fercore.language import tr, trn
from fercore.services.datasets import left_out
from fercore.services.training import snapshots
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import face_list, hashes

DONE = "frozen-last"  # stays while somebody looks at what was left out


def form(datasets: Sequence[str]) -> None:
    """Name, datasets, and the button."""
    with st.form("freeze"):
        left, right = st.columns(2)
        name = left.text_input(tr("Name of the snapshot"))
        chosen = right.multiselect(tr("Datasets"), datasets, default=datasets[:1], placeholder=tr("Choose"))
        watched = right.multiselect(
            tr("Validation faces of"),
            datasets,
            placeholder=tr("these datasets' own"),
            help=tr(
                "Datasets for validation only: training is validated on their validation faces and learns none of them."
            ),
        )
        only = left.checkbox(tr("Only reviewed faces"))
        if st.form_submit_button(tr("Freeze"), type="primary", icon=":material/ac_unit:"):
            st.session_state.pop(DONE, None)
            with shown_errors():
                frozen = snapshots.freeze(store(), name, chosen, only, watched)
                gone = snapshots.left_out(store(), chosen, only, watched)
                st.session_state[DONE] = (frozen.name, frozen.faces, frozen.hash, gone)
    if DONE in st.session_state:
        _done(*st.session_state[DONE])


def _done(name: str, faces: int, digest: str, gone: dict[Exclusion, list[int]]) -> None:
    st.success(trn("'{name}' contains {count} face.", "'{name}' contains {count} faces.", faces, name=literal(name)))
    hashes.copyable({name: digest})
    if not gone:
        st.caption(tr("No face was left out."))
        return
    count = sum(map(len, gone.values()))
    st.markdown(trn("**{count} face was left out:**", "**{count} faces were left out:**", count))
    for number, (reason, ids) in enumerate(gone.items()):
        with st.expander(f"{left_out.reasons()[reason]} · {len(ids):,}"):
            face_list.panel(f"left-out-{number}", ids)

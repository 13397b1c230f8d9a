"""The form that freezes a snapshot, and what the freeze left out."""

from collections.abc import Sequence

import streamlit as st

from fercore.curation.exclusions import Exclusion
from fercore.errors import InputError
from fercore.language import tr, trn
from fercore.services import jobs
from fercore.services.audit import rules
from fercore.services.datasets import left_out
from fercore.services.training import snapshots
from fercore.services.training.freeze_job import FreezeJob, named
from fercore.services.training.snapshots import FreezeTerms
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.training import run_form
from fercore.ui.widgets import face_list, hashes

DONE = "frozen-last"  # stays while somebody looks at what was left out


def form(datasets: Sequence[str]) -> None:
    """Name, datasets, terms, and the button."""
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
        without_leaks = left.checkbox(
            tr("Without leaks"),
            help=tr("Drops training faces that a validation or test split has, too: equal, altered, or of one person."),
        )
        tested_on = right.multiselect(
            tr("Also tested on"),
            datasets,
            placeholder=tr("no other dataset"),
            help=tr("Datasets whose held-out faces must not be learned either, where leaks are dropped."),
        )
        reason = run_form.exception_box(left)
        if st.form_submit_button(tr("Freeze"), type="primary", icon=":material/ac_unit:"):
            st.session_state.pop(DONE, None)
            with shown_errors():
                if without_leaks:
                    _submit(name, chosen, watched, only, tested_on, reason)
                    return
                terms = FreezeTerms(rules=rules.of_team(store().settings), exception=reason)
                frozen = snapshots.freeze(store(), name, chosen, only, watched, terms)
                gone = snapshots.left_out(store(), chosen, only, watched)
                st.session_state[DONE] = (frozen.name, frozen.faces, frozen.hash, gone)
    if DONE in st.session_state:
        _done(*st.session_state[DONE])


def _submit(
    name: str, chosen: Sequence[str], watched: Sequence[str], only: bool, tested_on: Sequence[str], reason: str
) -> None:
    """Queue the search for leaks and the freeze."""
    snapshots.check(store(), name, [*chosen, *watched, *tested_on])
    if not chosen:
        raise InputError(tr("Choose a dataset to freeze."))
    jobs.submit(
        store(),
        FreezeJob(
            name=name,
            datasets=named(chosen),
            only_reviewed=only,
            validation_from=named(watched),
            tested_on=named(tested_on),
            exception=reason,
        ),
    )


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

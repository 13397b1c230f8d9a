"""The start of an audit."""

from collections.abc import Sequence

import streamlit as st

from fercore.curation.checks import Check
from fercore.language import tr
from fercore.services import jobs
from fercore.services.audit import dataset_audit, words
from fercore.services.audit.methods import Method
from fercore.services.training import run_details
from fercore.statuses import Status
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.widgets import bound_choice, run_choice


def form(datasets: Sequence[str], has_audit: bool) -> None:
    """The checks, the source of suspicion about labels, and the button."""
    with st.expander(tr("New audit"), icon=":material/troubleshoot:", expanded=not has_audit):
        names = bound_choice.several(tr("Datasets"), datasets, "datasets", placeholder=tr("Choose"))
        titles = words.titles()
        chosen = st.pills(
            tr("Checks"), list(titles), selection_mode="multi", default=list(titles), format_func=titles.__getitem__,
            key="audit-checks",
        )  # fmt: skip
        method, run = _method() if Check.LABELS in chosen else (Method.FEATURES, None)
        if st.button(tr("Audit"), type="primary", icon=":material/play_arrow:", disabled=not (names and chosen)):
            with shown_errors():
                jobs.submit(store(), dataset_audit.request(names, [Check(each) for each in chosen], method, run))
                st.rerun()


def _method() -> tuple[Method, int | None]:
    names = {
        Method.FEATURES: tr("small networks, cross-validated"),
        Method.RUN: tr("a run's predictions of faces that it has not learned"),
        Method.DYNAMICS: tr("the course of a run's training"),
    }
    done = [view for view in run_details.listed(store()) if view.status == Status.DONE]
    methods = list(names) if done else [Method.FEATURES]
    row = st.container(horizontal=True, vertical_alignment="bottom")
    method = row.selectbox(
        tr("Labels are doubted by"), methods, format_func=names.__getitem__, key="audit-method", width=360
    )
    if method == Method.FEATURES:
        return Method.FEATURES, None
    named = run_choice.names(done)
    return Method(method), row.selectbox(
        tr("Run"), list(named), format_func=named.__getitem__, key="audit-run", width=360
    )

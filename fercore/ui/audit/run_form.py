"""The start of an audit."""

from collections.abc import Sequence

import streamlit as st

from fercore.curation.checks import Check
from fercore.language import tr
from fercore.services import jobs
from fercore.services.audit import audit_request, words
from fercore.services.audit.audit_request import BY_FEATURES, Doubt
from fercore.services.audit.methods import EPOCHS, Method
from fercore.services.training import recipes, run_details
from fercore.statuses import Status
from fercore.training.models.backbones import BACKBONES, SMALL_RESNET, STUDY
from fercore.training.models.pretrained import CacheState, InitialWeights, weights_state
from fercore.training.recipes.recipe import MAX_EPOCHS
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.widgets import bound_choice, run_choice

AWAITED = "audit-awaited"  # the number of the last audit before the one that was started here


def form(datasets: Sequence[str], newest: int) -> None:
    """The checks, the source of suspicion about labels, and the button; `newest` is the number of the last audit, 0
    where there is none.
    """
    with st.expander(tr("New audit"), icon=":material/troubleshoot:", expanded=not newest):
        names = bound_choice.several(tr("Datasets"), datasets, "datasets", placeholder=tr("Choose"))
        titles = words.titles()
        chosen = st.pills(
            tr("Checks"), list(titles), selection_mode="multi", default=list(titles), format_func=titles.__getitem__,
            key="audit-checks",
        )  # fmt: skip
        doubt = _doubt() if Check.LABELS in chosen else BY_FEATURES
        why = "" if names and chosen else tr("Choose a dataset and a check.")
        if st.button(tr("Audit"), type="primary", icon=":material/play_arrow:", disabled=bool(why), help=why or None):
            with shown_errors():
                jobs.submit(store(), audit_request.request(names, [Check(each) for each in chosen], doubt))
                st.session_state[AWAITED] = newest
                st.rerun()


def arrive(newest: int) -> None:
    """Show the audit that was started here once it is there."""
    if newest > st.session_state.get(AWAITED, newest):
        del st.session_state[AWAITED]
        for choice in ("audit", "check"):
            bound_choice.forget(choice)


def _doubt() -> Doubt:
    """The method that doubts labels, and what it asks."""
    names = words.methods()
    done = [view for view in run_details.listed(store()) if view.status == Status.DONE]
    methods = [method for method in names if done or not method.asks_a_run]
    row = st.container(horizontal=True, vertical_alignment="bottom")
    method = row.selectbox(
        tr("Labels are doubted by"), methods, format_func=names.__getitem__, key="audit-method", width=360
    )
    if method == Method.FEATURES:
        return BY_FEATURES
    if method == Method.CROSSVAL:
        return _cross_validated(row)
    named = run_choice.names(done)
    run = row.selectbox(tr("Run"), list(named), format_func=named.__getitem__, key="audit-run", width=360)
    return Doubt(Method(method), run)


def _cross_validated(row: "st.delta_generator.DeltaGenerator") -> Doubt:
    backbone = row.selectbox(tr("Backbone"), [SMALL_RESNET, *STUDY], key="audit-backbone", width=180)
    recipe = row.selectbox(tr("Recipe"), list(recipes.listed(store())), 1, key="audit-recipe", width=160)
    epochs = row.number_input(tr("Epochs"), 1, MAX_EPOCHS, EPOCHS, key="audit-epochs", width=110)
    weights = InitialWeights.IMAGENET
    if weights_state(BACKBONES[backbone]) != CacheState.CACHED:
        weights = InitialWeights.NONE
    return Doubt(Method.CROSSVAL, None, backbone, recipe, int(epochs), weights)

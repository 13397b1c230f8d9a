"""A model's opinion in review: which run is asked, whether it is shown, and the orders that come from it."""

from typing import Literal

import streamlit as st

from fercore.curation.review_filter import Order
from fercore.language import tr, trn
from fercore.services.review import model_predictions
from fercore.services.review.dynamics_orders import DYNAMIC
from fercore.services.review.sort_orders import ADVISED
from fercore.services.review.sort_orders import ordering as ordering_of
from fercore.ui.shell.session import fragment, shown_errors, store

NOBODY = 0


def box(place: "st.delta_generator.DeltaGenerator", dataset: str, dataset_id: int) -> tuple[int | None, bool]:
    """(the run that is asked, whether what it says is shown); nothing is shown until somebody switches it on."""
    offered = {predicting.run: predicting for predicting in model_predictions.advisors(store())}
    if not offered:
        return None, False
    if st.session_state.get("advisor") not in (*offered, NOBODY):
        st.session_state["advisor"] = NOBODY
    shown = st.session_state.get("opinion-shown", False) and st.session_state["advisor"] != NOBODY
    icon = ":material/visibility:" if shown else ":material/visibility_off:"
    kind: Literal["primary", "secondary"] = "primary" if shown else "secondary"
    with place.popover(tr("Model"), icon=icon, type=kind, width="content"):
        names = {NOBODY: tr("none")} | {run: predicting.title for run, predicting in offered.items()}
        chosen = st.selectbox(tr("Ask a model"), names, format_func=names.__getitem__, key="advisor")
        if chosen == NOBODY:
            st.caption(tr("A model can point out labels that look wrong and show its own predictions."))
            return None, False
        waits = model_predictions.is_asked(store(), chosen, dataset)
        fragment(_standing, chosen, dataset_id, dataset, run_every=2.0 if waits else None)
        st.toggle(
            tr("Show its prediction beside each face"),
            key="opinion-shown",
            help=tr("Decisions made while predictions are shown are recorded as such."),
        )
    return chosen, shown


def _standing(run: int, dataset_id: int, dataset: str) -> None:
    """Of how many faces the run has an opinion, and the button that asks it."""
    count = model_predictions.count(store(), run, dataset_id)
    words = trn(
        "It has a prediction for {count} face here; faces that it was trained on are left out.",
        "It has predictions for {count} faces here; faces that it was trained on are left out.",
        count,
    )
    st.caption(words)
    is_asked = model_predictions.is_asked(store(), run, dataset)
    label = tr("Predicting…") if is_asked else tr("Predict the others")
    if st.button(label, disabled=is_asked, key="ask-advisor"):
        with shown_errors():
            model_predictions.ask(store(), run, dataset)
            st.rerun()


def _needs_model() -> None:
    """The way to model predictions for a sort order."""
    if model_predictions.advisors(store()):
        st.info(
            tr(
                "This sort order requires model predictions: open Model above, choose a run and let "
                "it predict the faces."
            )
        )
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.write(tr("This sort order requires model predictions, and no run is trained yet: faces stay as imported."))
        st.page_link("pages/models/train.py", label=tr("Train a backbone"), icon=":material/model_training:")


def ordering(dataset_id: int, order: Order, advisor: int | None) -> int | None:
    """The number of an order, worked out where it is missing; as imported, with a word, where it cannot be."""
    if order in ADVISED and advisor is None:
        _needs_model()
        return None
    if order in DYNAMIC and advisor is None:
        st.info(tr("This sort order requires a model's training: open Model above and choose a run."))
        return None
    anew = order not in (Order.IMPORTED, Order.RANDOM) and st.button(
        tr("Sort again"),
        key="sort-again",
        icon=":material/sort:",
        type="tertiary",
        help=tr("The order is fixed while you work; this updates it with all faces and decisions."),
    )
    with shown_errors(), st.spinner(tr("Putting faces in order…"), show_time=True):
        return ordering_of(store(), dataset_id, order, advisor, anew)
    return None

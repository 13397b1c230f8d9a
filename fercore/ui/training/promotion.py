"""A run's place in the demo: it becomes the demo's model after a look at how it does, is shown beside, or taken out."""

import pandas as pd
import streamlit as st

from fercore.language import tr, trn
from fercore.services.comparison.claims import p_words, points
from fercore.services.prediction import demo_model
from fercore.services.prediction.demo_model import DemoPlace, PlaceComparison, Promotion
from fercore.services.training.run_details import RunView
from fercore.statuses import Status
from fercore.ui.shell.session import dialog, shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets.tables import NOTHING, show


def panel(view: RunView) -> None:
    """The place of a run that has a model; nothing for others."""
    if view.status != Status.DONE or view.run.reported_epoch is None:
        return
    with st.expander(tr("Demo"), icon=":material/public:"):
        present = demo_model.promoted(store())
        st.markdown(_state(view, present))
        row = st.container(horizontal=True)
        run = view.run.id
        if view.run.demo_place != DemoPlace.FIRST and row.button(
            tr("Make it the demo's model"), key=f"promote-{run}", icon=":material/star:"
        ):
            dialog(tr("Make run {run} the demo's model?", run=run), _confirm, run, is_wide=True)
        if (
            view.run.demo_place is None
            and present is not None
            and row.button(tr("Show it beside"), key=f"beside-{run}", icon=":material/visibility:")
        ):
            with shown_errors():
                demo_model.show_beside(store(), run)
                st.rerun()
        if view.run.demo_place is not None and row.button(
            tr("Take it out"), key=f"out-{run}", icon=":material/visibility_off:"
        ):
            with shown_errors():
                demo_model.take_out(store(), run)
                st.rerun()


def _state(view: RunView, present: int | None) -> str:
    if view.run.demo_place == DemoPlace.FIRST:
        return tr("**This is the demo's model.** Visitors of Predict are given it, and what is shown beside it.")
    if view.run.demo_place == DemoPlace.BESIDE:
        return tr("Visitors of Predict may choose it beside run {run}, the demo's model.", run=present)
    if present is None:
        return tr("No run is the demo's model: Predict offers every finished run, the best on validation faces first.")
    return tr("Visitors of Predict are given run {run}, and do not see this one.", run=present)


def _confirm(run: int) -> None:
    """The comparison with the present model, and the button."""
    with shown_errors():
        promotion = demo_model.promotion(store(), run)
        _comparison(promotion)
        if st.button(tr("Make run {run} the demo's model", run=run), type="primary", key="promote-now"):
            demo_model.promote(store(), run)
            st.rerun()


def _comparison(promotion: Promotion) -> None:
    if promotion.present is None:
        st.caption(tr("No other run is shown first now."))
    else:
        st.markdown(_claim(promotion))
    if not promotion.places:
        st.warning(
            tr("It was evaluated on no faces that it did not learn: evaluate it first to know how it does."),
            icon=":material/warning:",
        )
    else:
        show(_table(promotion), percents=(tr("Accuracy"), tr("Now")))
        st.caption(
            tr(
                "Whoever chooses a model by test faces has used them: state its accuracy on faces that had no part in "
                "the choice."
            )
        )
    if promotion.missing:
        places = ", ".join(f"{dataset} {tr(split)}" for dataset, split in promotion.missing)
        st.warning(
            literal(tr("Run {run} was not evaluated on: {places}.", run=promotion.run, places=places)),
            icon=":material/warning:",
        )


def _claim(promotion: Promotion) -> str:
    worse = [each for each in promotion.places if each.is_worse]
    better = [each for each in promotion.places if each.is_better]
    compared = sum(each.compared is not None for each in promotion.places)
    if not compared:
        return tr(
            "It cannot be compared with run {run}: both were evaluated on no common faces.", run=promotion.present
        )
    parts = []
    if worse:
        parts.append(tr("**Worse than run {run}** on {places}.", run=promotion.present, places=_names(worse)))
    if better:
        parts.append(tr("Better than run {run} on {places}.", run=promotion.present, places=_names(better)))
    if rest := compared - len(worse) - len(better):
        parts.append(trn("No difference is shown on {count} split.", "No difference is shown on {count} splits.", rest))
    return " ".join(parts)


def _names(places: list[PlaceComparison]) -> str:
    return ", ".join(literal(f"{each.view.dataset} {tr(each.view.split)}") for each in places)


def _table(promotion: Promotion) -> pd.DataFrame:
    return pd.DataFrame([_row(each) for each in promotion.places])


def _row(each: PlaceComparison) -> dict[str, object]:
    compared = each.compared
    row: dict[str, object] = {
        tr("Dataset"): each.view.dataset,
        tr("Split"): tr(each.view.split),
        tr("Faces"): each.view.n if compared is None else compared.faces.n,
        tr("Accuracy"): each.view.accuracy if compared is None else compared.accuracy[0],
        tr("Now"): None if compared is None else compared.accuracy[1],
        tr("Difference in points"): NOTHING,
        tr("After Holm"): NOTHING,
    }
    if compared is not None and each.p_value is not None:
        change = compared.difference
        row[tr("Difference in points")] = f"{points(change.value)} ({points(change.low)} … {points(change.high)})"
        row[tr("After Holm")] = p_words(each.p_value)
    return row

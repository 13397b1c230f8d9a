"""The training faces of a run by their dynamics: columns to sort by, thumbnails, and the way back into review."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.errors import InputError, StoredDataError
from fercore.language import tr, trn
from fercore.services.comparison import training_faces as service
from fercore.services.comparison.selected_faces import LEARNED, Reason
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.comparison.training_faces import DynamicsOrder, TrainingFace, TrainingFaces, TrainingQuery
from fercore.services.review import face_detail
from fercore.ui.comparison import choices, face_pages, filter_words, second_look, send_form
from fercore.ui.comparison.face_pages import ANY
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice, face_wall
from fercore.ui.widgets.tables import NOTHING, download

ROW_PX = 60


def panel(views: Sequence[EvaluationView]) -> None:
    """The choice of a run, and its training faces."""
    by_run = {view.run: view for view in views if not view.is_foreign}
    if not by_run:
        st.info(tr("Training dynamics are known of runs that were trained here."), icon=":material/lightbulb:")
        return
    run = bound_choice.lasting_box(
        st.container(),
        tr("Run"),
        _kept_first(by_run),
        "learning-run",
        lambda run: choices.run_name(by_run[run]),
    )
    row = st.container(horizontal=True, vertical_alignment="bottom")
    orders = filter_words.orders()
    order = DynamicsOrder(
        bound_choice.box(
            row, tr("Order"), list(orders), "dynamics-order", lambda name: orders[DynamicsOrder(name)], width=260
        )
    )
    label = face_pages.emotion(row, tr("Label"), "label")
    dataset = _dataset(row, by_run[run].trained_on)
    try:
        found = service.find(store(), TrainingQuery(run, order, dataset, label, face_pages.count(row)))
    except (InputError, StoredDataError) as error:
        st.info(literal(str(error)), icon=":material/lightbulb:")
        st.page_link("pages/models/train.py", label=tr("Go to Train"), icon=":material/arrow_forward:")
        return
    _shown(found)


def _kept_first(by_run: dict[int, EvaluationView]) -> list[int]:
    """Runs whose dynamics lie here before others."""
    kept = {run for run in by_run if service.is_kept(store(), run)}
    return [*(run for run in by_run if run in kept), *(run for run in by_run if run not in kept)]


def _dataset(row: "st.delta_generator.DeltaGenerator", names: Sequence[str]) -> str | None:
    if len(names) < 2:
        return None
    chosen = bound_choice.box(
        row,
        tr("Dataset"),
        [ANY, *names],
        "dynamics-dataset",
        lambda name: tr("all") if name == ANY else name,
        width=180,
    )
    return None if chosen == ANY else chosen


def _shown(found: TrainingFaces) -> None:
    epochs = trn("{count} epoch", "{count} epochs", found.epochs)
    faces = trn(
        "**{count} training face** over {epochs}",
        "**{count} training faces** over {epochs}",
        found.every,
        epochs=epochs,
    )
    st.markdown(faces)
    if not found.found:
        st.info(tr("No such face fits these filters."), icon=":material/filter_alt_off:")
        return
    st.caption(
        tr(
            "Margin: the label's probability above the highest other one, averaged over the epochs. Forgotten: read "
            "rightly in one epoch and wrongly in the next. A low margin often means a wrong label."
        )
    )
    if found.query.dataset is None and len(found.datasets) > 1:
        st.caption(tr("Choose one dataset to send its faces to review."))
    else:
        chosen = service.chosen(store(), found)
        send_form.of_faces([chosen])
        second_look.of_reason(chosen.dataset_id, LEARNED, Reason.DYNAMICS, chosen.runs)
    _table(face_pages.page(found.found, found.every), len(found.datasets) > 1)
    download(pd.DataFrame(service.rows(found)), f"run-{found.query.run}-dynamics.csv", tr("Faces as CSV"))


def _table(shown: Sequence[TrainingFace], several: bool) -> None:
    """The faces with their figures; a click on a column's head sorts by it."""
    grays = face_detail.grays(store(), [each.face_id for each in shown])
    rows = [
        {
            tr("Thumbnail"): face_wall.picture(grays[each.face_id]) if each.face_id in grays else None,
            tr("Face"): each.face_id,
            **({tr("Dataset"): each.dataset} if several else {}),
            tr("Label"): f"{tr(EMOTIONS[each.label])}{'' if each.unchanged else ' · ' + tr('relabelled')}",
            tr("Mean margin"): each.margin,
            tr("Variability"): each.variability,
            tr("Forgotten"): each.forgetting,
            tr("Last loss"): each.last_loss,
            tr("Mean confidence"): each.confidence,
        }
        for each in shown
    ]
    formats: dict[str, Any] = {tr("Thumbnail"): st.column_config.ImageColumn(tr("Thumbnail"), width="small")}
    for name in (tr("Mean margin"), tr("Variability"), tr("Last loss")):
        formats[name] = st.column_config.NumberColumn(name, format="%.3f")
    formats[tr("Mean confidence")] = st.column_config.NumberColumn(tr("Mean confidence"), format="percent")
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        height=min(ROW_PX * len(rows) + 40, 700),
        row_height=ROW_PX,
        column_config=formats,
        placeholder=NOTHING,
    )

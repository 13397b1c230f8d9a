"""The confusion cell whose faces are reviewed: its name, and the way on to a new training and the same cell again."""

import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.errors import NotFoundError
from fercore.language import tr
from fercore.services.comparison import confusion_cell, stored_evaluations
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.splits import Split
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal


def banner(name: str) -> None:
    """The cell's name and links onward; on test faces the model's answer is shown on demand only."""
    parts = confusion_cell.parsed_cell(name)
    try:
        view = stored_evaluations.get(store(), parts[0]) if parts else None
    except NotFoundError:
        view = None
    if parts is None or view is None:
        st.warning(tr("This link's confusion cell no longer exists."), icon=":material/filter_alt:")
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/filter_alt: {_words(view, parts[1], parts[2])}", width="content")
        _onward(view)
    if view.split != Split.TRAIN:
        st.warning(
            tr(
                "Correcting only what one model got wrong flatters it: send these faces to review from its confusion "
                "matrix, which mixes in control faces and marks the figures."
            ),
            icon=":material/balance:",
        )


def _words(view: EvaluationView, label: int, predicted: int) -> str:
    place = tr(
        "Run {run} ({backbone}) on {dataset}, {split}",
        run=view.run,
        backbone=view.backbone,
        dataset=literal(view.dataset),
        split=tr(view.split),
    )
    if view.split == Split.TEST and not st.toggle(
        tr("Show what the model said"), key="cell-answer", help=tr("The model's prediction is hidden for test faces.")
    ):
        return f"{place}: {tr('the faces of one confusion cell')}"
    answer = tr("labelled {label}, predicted {predicted}", label=tr(EMOTIONS[label]), predicted=tr(EMOTIONS[predicted]))
    return f"{place}: **{answer}**"


def _latest(view: EvaluationView) -> int:
    """The evaluation that stands for this one on Compare: the latest of the same run on the same split."""
    latest = stored_evaluations.of_run(store(), view.run, view.dataset, view.split)
    return latest.id if latest else view.id


def _onward(view: EvaluationView) -> None:
    """Freeze, train again, and look at the same cell."""
    st.page_link("pages/curate/snapshots.py", label=tr("Freeze a snapshot"), icon=":material/ac_unit:")
    st.page_link("pages/models/train.py", label=tr("Train again"), icon=":material/model_training:")
    st.page_link(
        "pages/models/compare.py",
        label=tr("Back to the confusion matrix"),
        icon=":material/compare:",
        query_params={"evaluation": str(_latest(view))},
    )

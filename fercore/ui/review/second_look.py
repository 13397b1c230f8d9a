"""The reason of a task whose faces a run had confused, and the way back to that cell."""

import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.language import tr
from fercore.services.comparison import selections
from fercore.services.comparison.selections import SecondLook
from fercore.ui.comparison import filter_words
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal

COMPARE = "pages/models/compare.py"


def reason(task: int) -> None:
    """The reason of a task, opened on demand: it would tell a labeler what a model said. Nothing for other tasks."""
    look = selections.of_task(store(), task)
    if look is None:
        return
    row = st.expander(tr("Why this task was made (not for its labelers)"), icon=":material/visibility_off:")
    cell = tr(
        "labelled {label}, predicted {predicted}",
        label=tr(EMOTIONS[look.label]),
        predicted=tr(EMOTIONS[look.predicted]),
    )
    filters = filter_words.of(look.filter)
    parts = [tr("Reason: run {run}", run=look.run), tr(look.split), cell, filters]
    row.caption(literal(" · ".join(part for part in parts if part)))
    back(row, look)


def back(row: "st.delta_generator.DeltaGenerator", look: SecondLook) -> None:
    """The link to the cell that a task was made of."""
    row.page_link(
        COMPARE,
        label=tr("Back to the confusion matrix"),
        icon=":material/compare:",
        query_params={"evaluation": str(look.evaluation), "cell": f"{look.label}-{look.predicted}"},
    )

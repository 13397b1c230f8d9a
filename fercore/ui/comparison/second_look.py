"""A cell that was sent to review: what became of its faces, and the same cell before and after a new training."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fercore.evaluation.significance import wilson
from fercore.language import tr
from fercore.language.dates import moment
from fercore.services.comparison import confusion, selections
from fercore.services.comparison.confusion import ConfusionPair
from fercore.services.comparison.selected_faces import Reason
from fercore.services.comparison.selections import SecondLook
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui.comparison import filter_words
from fercore.ui.confusion_matrix import Cell
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import tables

COMPARE = "pages/models/compare.py"


def claim(compared: ConfusionPair, cell: Cell) -> str:
    """The claim on a cell of two runs, as Markdown."""
    looks = selections.of_cell(store(), compared.a, *cell)
    before = selections.chosen_before(store(), looks, compared.b.run)
    return literal(confusion.claim(compared, *cell, chosen_before=before is not None))


def panel(view: EvaluationView, cell: Cell, compared: ConfusionPair | None) -> None:
    """The tasks that were made of a cell, and the way on."""
    made = selections.of_cell(store(), view, *cell)
    if not made:
        return
    st.markdown(f"##### {tr('Second look at this cell')}")
    before = selections.chosen_before(store(), made, compared.b.run) if compared else None
    if before is not None and compared is not None:
        st.success(
            tr(
                "The same cell before and after: it was chosen on {when}, before run {run} was trained, "
                "and needs no adjustment for other cells.",
                when=moment(before.created_at),
                run=compared.b.run,
            ),
            icon=":material/compare_arrows:",
        )
        st.caption(tr("A cell that is picked since it is large tends to shrink by chance, too."))
    for each in made:
        _outcome(each)
    _onward(view, cell, made[0])


def of_reason(dataset_id: int, split: str, reason: Reason, runs: Sequence[int]) -> None:
    """The tasks that were made for the same reason, and the way on."""
    made = selections.of_reason(store(), dataset_id, split, reason, runs)
    if not made:
        return
    with st.expander(tr("Second looks for this reason"), icon=":material/history:"):
        for each in made:
            _outcome(each)
            _work(st.container(horizontal=True), each)


def _outcome(made: SecondLook) -> None:
    """The reason of a selection, and how many labels were changed in it and among its control faces."""
    task = tr("task '{name}'", name=made.task_name) if made.task_name else tr("its task was deleted")
    filters = filter_words.of(made.filter)
    parts = [moment(made.created_at), task, made.created_by, filters]
    st.caption(literal(" · ".join(part for part in parts if part)))
    rows = []
    chosen = tr("of the cell") if made.reason == Reason.CELL else tr("chosen")
    for name, part in ((chosen, made.selected), (tr("control"), made.control)):
        if not part.faces:
            continue
        low, high = wilson(part.changed, part.decided)
        rows.append(
            {
                tr("Faces"): name,
                tr("Sent"): part.faces,
                tr("Decided"): part.decided,
                tr("Labelled otherwise now"): part.changed,
                tr("Share of the decided"): part.changed / part.decided if part.decided else None,
                tr("95 % interval"): f"{low:.1%} – {high:.1%}" if part.decided else "",
            }
        )
    tables.show(pd.DataFrame(rows), [tr("Share of the decided")])


def _onward(view: EvaluationView, cell: Cell, made: SecondLook) -> None:
    """The steps after a second look."""
    row = st.container(horizontal=True, vertical_alignment="center")
    _work(row, made)
    row.page_link("pages/curate/snapshots.py", label=tr("Freeze a snapshot"), icon=":material/ac_unit:")
    row.page_link("pages/models/train.py", label=tr("Train again"), icon=":material/model_training:")
    runs = selections.trained_since(store(), made)
    if runs:
        row.page_link(
            COMPARE,
            label=tr("The same cell before and after"),
            icon=":material/compare_arrows:",
            query_params=before_and_after(view, cell, runs[0]),
        )
    else:
        row.caption(tr("Once a new run is evaluated here, this cell can be compared before and after."))


def _work(row: "st.delta_generator.DeltaGenerator", made: SecondLook) -> None:
    """The link to a task that has faces left."""
    left = made.selected.faces + made.control.faces - made.selected.decided - made.control.decided
    if made.task is not None and left > 0:
        query = {"task": str(made.task)}
        row.page_link("pages/curate/review.py", label=tr("Work on it"), icon=":material/grid_view:", query_params=query)


def before_and_after(view: EvaluationView, cell: Cell, run: int) -> dict[str, str]:
    """The query of an address at which one cell is tested between a run and a newer one, with the labels of now."""
    return {
        "view": "confusion",
        "evaluation": str(view.id),
        "other": str(run),
        "matrices": "difference",
        "labels": "now",
        "cell": f"{cell[0]}-{cell[1]}",
    }

"""The results of all trainings: trained on × tested on, by any measure, with intervals and differences."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.evaluation.measures import ACCURACY, BALANCED, LEAST_FACES, MACRO_F1, MEASURES, RECALL
from fercore.language import tr, trn
from fercore.services.comparison import results as results_service
from fercore.services.comparison.results import Results, TableChoice
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.splits import Split
from fercore.ui import results_table
from fercore.ui.comparison import table
from fercore.ui.results_table.rows import table_data
from fercore.ui.shell.session import store
from fercore.ui.widgets import bound_choice
from fercore.ui.widgets.tables import download

_KEY = "results-table"
LOOK = ("sort", "filter", "open")  # as the table writes them into the address


def panel(views: Sequence[EvaluationView], stale: frozenset[int]) -> None:
    """The table of one split, and the paper's beside it."""
    found = results_service.results(store(), views, _choice(views), stale)
    if not found.rows:
        st.info(tr("No run was evaluated on this split yet."), icon=":material/lightbulb:")
        return
    _explained(found)
    _drawn(found)
    left, right = st.columns(2)
    with left:
        download(frame(found), f"results-{found.split}.csv", tr("Table as CSV"))
    with right:
        table.evaluations_file(views, stale)
    with st.expander(tr("The paper's Table III beside it"), icon=":material/menu_book:"):
        table.paper_table(views, stale)


def measure_words(measure: str) -> str:
    """A measure by its name."""
    names = {ACCURACY: tr("Accuracy"), MACRO_F1: tr("Macro-F1"), BALANCED: tr("Balanced accuracy")}
    return names.get(measure) or tr("Recall of {emotion}", emotion=tr(EMOTIONS[RECALL[measure]]))


def _choice(views: Sequence[EvaluationView]) -> TableChoice:
    splits = [split for split in (Split.VALIDATION, Split.TEST, Split.TRAIN) if any(v.split == split for v in views)]
    part, measured, fresh = st.columns([3, 2, 3], vertical_alignment="bottom")
    split = bound_choice.segments(part, tr("Split"), splits, "split", table.split_names)
    measure = bound_choice.box(measured, tr("Measure"), MEASURES, "measure", measure_words)
    help_text = tr("Faces that also stand in a run's training split, pixel by pixel, are left out of its figures.")
    without_learned = bound_choice.switch(fresh, tr("Without learned faces"), "fresh", help=help_text)
    name = st.query_params.get("baseline", "")
    return TableChoice(split, measure, without_learned, int(name) if name.isascii() and name.isdigit() else None)


def _explained(found: Results) -> None:
    """The contents of the cells, in a line."""
    if found.baseline is None:
        words = tr("Each cell: the figure, its 95 % interval, the spread over seeds, and the number of faces.")
    else:
        words = trn(
            "Each cell: the difference to ★ in points, its 95 % interval, and p after Holm over {count} test. "
            "Underlined: shown at 5 %.",
            "Each cell: the difference to ★ in points, its 95 % interval, and p after Holm over {count} tests. "
            "Underlined: shown at 5 %.",
            found.tests,
        )
    st.caption(words)
    if any(cell.is_few for row in found.rows for cell in row.cells.values() if cell.value is not None):
        st.caption(tr("Few faces: fewer than {least}. Such figures have no colour and stand last.", least=LEAST_FACES))
    st.caption(tr("Framed: tested on a dataset that it was trained on. Press a cell for its confusion matrix."))


def _drawn(found: Results) -> None:
    said = results_table.draw(table_data(found), _KEY)
    if said.looked:  # the browser wrote it itself; without this, the next change of the address here would undo it
        for name in LOOK:
            _write(name, str(said.looked[name]))
    if said.pinned:
        _write("baseline", str(said.pinned["run"] or ""))
        st.rerun()


def _write(name: str, value: str) -> None:
    if value == st.query_params.get(name, ""):
        return
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def frame(found: Results) -> pd.DataFrame:
    """The table as tidy rows, one for each cell."""
    rows = [
        {
            "backbone": row.training.backbone,
            "recipe": row.recipe,
            "trained_on": " + ".join(row.trained_on),
            "snapshot": row.snapshot,
            "snapshot_hash": row.training.snapshot_hash,
            "runs": " ".join(map(str, row.runs)),
            "seeds": " ".join(map(str, row.seeds)),
            "dataset": dataset,
            "split": found.split,
            "measure": found.measure,
            "value": cell.value,
            "low": cell.low,
            "high": cell.high,
            "spread": cell.spread,
            "n": cell.n,
            "in_domain": cell.in_domain if row.trained_on else None,
            "chosen_on": cell.chosen_on,
            "few_faces": cell.is_few,
            "learned_faces": cell.learned,
            "stale": cell.stale,
            "difference": cell.difference and cell.difference.value,
            "difference_low": cell.difference and cell.difference.low,
            "difference_high": cell.difference and cell.difference.high,
            "p_holm": cell.p_value,
        }
        for row in found.rows
        for dataset, cell in row.cells.items()
    ]
    return pd.DataFrame(rows)

"""Agreement as tables: coefficients with their intervals, and what people said of the same face."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from fercore.charts.curves import Line, over_days
from fercore.curation.agreement import Estimate
from fercore.language import tr, trn
from fercore.services.datasets import exports
from fercore.services.review import agreement, reviewer_record
from fercore.services.review.agreement import CATEGORY_NAMES, Agreement
from fercore.ui.review import reviewer_record as reviewer_record_page
from fercore.ui.shell.session import store
from fercore.ui.widgets import face_list
from fercore.ui.widgets.tables import download, show


def gold(dataset: str) -> None:
    """The share of known answers that people give, where tasks have gold faces."""
    people = agreement.gold(store(), dataset)
    if not people:
        return
    st.subheader(tr("Accuracy on gold faces"), anchor=False)
    show(
        pd.DataFrame(
            {
                tr("Reviewer"): person.reviewer,
                tr("Right"): f"{person.right / person.faces:.1%}",
                tr("95 % interval"): f"{person.interval[0]:.1%} – {person.interval[1]:.1%}",
                tr("Faces"): person.faces,
            }
            for person in people
        )
    )
    days = sorted({day for person in people for day in person.days})
    if len(days) > 1:
        shares = {
            person.reviewer: {day: right / faces for day, (right, faces) in person.days.items()} for person in people
        }
        lines = [Line(name, [by_day.get(day) for day in days]) for name, by_day in shares.items()]
        st.plotly_chart(over_days(lines, days, tr("Accuracy on gold faces")), key=f"gold-{dataset}")


def people(dataset: str) -> None:
    """The way to what each person said of known faces, and how fast."""
    names = reviewer_record.people_of(store(), dataset)
    if names:
        st.caption(tr("Each person's accuracy, confusions and pace:"))
        reviewer_record_page.links(names)


def panel(dataset: str) -> None:
    """All that is measured of a dataset."""
    with st.spinner(tr("Measuring …")):
        result = _agreement(dataset, exports.mark(store(), exports.ExportKind.DATASET, dataset))
    overall = list(result.overall.items())
    for column, (name, estimate) in zip(st.columns(len(overall)), overall, strict=True):
        column.metric(
            tr(name), _number(estimate.value), _interval(estimate), delta_color="off", delta_arrow="off", border=True
        )
    counted = trn(
        "{count} face was decided by at least two people. Ranges are 95 % confidence intervals.",
        "{count} faces were decided by at least two people. Ranges are 95 % confidence intervals.",
        overall[0][1].faces,
    )
    st.caption(" ".join([counted, *agreement.left_out(result.unsure)]))
    st.subheader(tr("Pairs of people"), anchor=False)
    pairs = _frame(
        tr("People"), {" · ".join(pair): estimate for pair, estimate in result.pairs.items()}, tr("Cohen's kappa")
    )
    show(pairs)
    download(pairs, f"{dataset}-pairs.csv", tr("Pairs as CSV"))
    st.subheader(tr("Emotions"), anchor=False)
    by_category = {tr(name): estimate for name, estimate in result.by_category.items()}
    show(_frame(tr("Emotion"), by_category, tr("Krippendorff's alpha")))
    st.subheader(tr("Which labels reviewers confuse"), anchor=False)
    _cells(dataset, result)


@st.cache_data(show_spinner=False, max_entries=20)
def _agreement(dataset: str, mark: tuple[object, ...]) -> Agreement:
    """Measured again when `mark` says that something was decided."""
    return agreement.agree(store(), dataset)


def _frame(what: str, estimates: Mapping[str, Estimate], coefficient: str) -> pd.DataFrame:
    rows = [
        {
            what: name,
            coefficient: _number(estimate.value),
            tr("95 % interval"): _interval(estimate),
            tr("Faces"): estimate.faces,
        }
        for name, estimate in estimates.items()
    ]
    return pd.DataFrame(rows)


def _cells(dataset: str, result: Agreement) -> None:
    """The table of pairs, and the faces of a cell that is clicked or chosen."""
    cells = [
        (row, column)
        for row, line in enumerate(result.confused)
        for column, value in enumerate(line)
        if column >= row and value
    ]
    cells.sort(key=lambda cell: (cell[0] == cell[1], -result.confused[cell[0]][cell[1]]))
    key = f"agreement-cell-{dataset}"

    def take() -> None:
        """A click into the table chooses the cell below it."""
        clicked = st.session_state[f"confused-{dataset}"].selection["cells"]
        for row, name in clicked:
            column = names.index(name) if name in names else -1
            if (row, column) in cells:
                st.session_state[key] = (row, column)

    names = [tr(name) for name in CATEGORY_NAMES]
    st.dataframe(
        _confused(result), width="stretch", key=f"confused-{dataset}", on_select=take, selection_mode="single-cell"
    )
    chosen = st.selectbox(
        tr("Faces of a cell"),
        cells,
        index=None,
        format_func=lambda cell: " ↔ ".join(names[category] for category in cell),
        key=key,
        placeholder=tr("Choose a cell here or click one in the table"),
    )
    if chosen is not None:
        face_list.panel(key, agreement.faces_of_cell(store(), dataset, *chosen))


def _confused(result: Agreement) -> pd.DataFrame:
    """The number of pairs of people for each pair of answers; each pair stands once, in the upper half."""
    names = [tr(name) for name in CATEGORY_NAMES]
    cells = [
        ["" if column < row else str(value) for column, value in enumerate(line)]
        for row, line in enumerate(result.confused)
    ]
    return pd.DataFrame(cells, index=names, columns=names)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _interval(estimate: Estimate) -> str:
    return "–" if estimate.low is None or estimate.high is None else f"{estimate.low:.3f} – {estimate.high:.3f}"

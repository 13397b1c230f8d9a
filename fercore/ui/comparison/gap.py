"""The East Asian gap: Western minus East Asian accuracy of each run, how data move it, and whether two runs differ."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fercore.charts import gaps as charts
from fercore.charts import words
from fercore.charts.gaps import GapPoint
from fercore.charts.theme import WHISKERS
from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.evaluation.measures import ACCURACY, BALANCED, MACRO_F1
from fercore.language import tr, trn
from fercore.services.comparison import claims
from fercore.services.comparison import gap as gap_service
from fercore.services.comparison.claims import p_words, points
from fercore.services.comparison.gap import GapChoice, Gaps
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.splits import Split
from fercore.ui.chart_files import chart
from fercore.ui.comparison import choices, table
from fercore.ui.comparison.results import measure_words
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice
from fercore.ui.widgets.tables import NOTHING, download

CHARTED = 40
_ALL, _SHARED = "all", "shared"


def panel(views: Sequence[EvaluationView]) -> None:
    """The headline chart, the gap against data, and the difference of two gaps."""
    choice = _choice(views)
    try:
        found = gap_service.of_runs(store(), choice)
    except InputError as error:
        st.info(literal(str(error)), icon=":material/lightbulb:")
        st.page_link("pages/curate/datasets.py", label=tr("Go to Datasets"), icon=":material/arrow_forward:")
        return
    _explained(found)
    shown = sorted(found.runs, key=lambda each: -abs(each.gap.value))[:CHARTED]
    shown.sort(key=lambda each: -each.gap.value)
    if len(shown) < len(found.runs):
        numbers = {"shown": len(shown), "all": len(found.runs)}
        st.caption(tr("The chart shows the {shown} widest gaps of {all} runs.", **numbers))
    title = tr("Western minus East Asian, points")
    dots = [_point(each) for each in shown]
    chart(charts.by_run(dots, title), "gap-by-run", title, _words(dots))
    if len({each.east_asian_share for each in found.runs} - {None}) > 1:
        st.markdown(f"**{tr('The gap as East Asian training faces are added')}**")
        every = [_point(each) for each in found.runs]
        data = tr("East Asian share of the training faces")
        chart(charts.by_data(every, title, data), "gap-by-data", title, _words(every))
        if len(every) > WHISKERS:
            st.caption(tr("Intervals stand in the table."))
        st.caption(tr("Runs also differ in backbone, recipe and number of faces: this shows no cause by itself."))
    _table(found)
    _two(found)


def _choice(views: Sequence[EvaluationView]) -> GapChoice:
    splits = [split for split in (Split.TEST, Split.VALIDATION, Split.TRAIN) if any(v.split == split for v in views)]
    part, measured, emotions = st.columns([3, 2, 3], vertical_alignment="bottom")
    split = bound_choice.segments(part, tr("Split"), splits, "gap-split", table.split_names)
    names = (ACCURACY, BALANCED, MACRO_F1)
    measure = bound_choice.box(measured, tr("Measure"), names, "gap-measure", measure_words)
    words = {_ALL: tr("all emotions"), _SHARED: tr("emotions that all datasets show")}
    counted = bound_choice.segments(emotions, tr("Emotions"), list(words), "gap-emotions", words.__getitem__)
    return GapChoice(split, measure, counted == _SHARED)


def _explained(found: Gaps) -> None:
    """The datasets on each side, and the runs that are not shown."""
    if not found.runs:
        return
    first = found.runs[0]
    st.caption(
        tr(
            "Western: {western}. East Asian: {east_asian}. Each dataset counts alike on its side.",
            western=literal(", ".join(first.western)),
            east_asian=literal(", ".join(first.east_asian)),
        )
    )
    if first.emotions:
        st.caption(tr("Counted: {emotions}.", emotions=", ".join(tr(EMOTIONS[index]) for index in first.emotions)))
    if found.left_out:
        st.caption(
            trn(
                "{count} run is left out: it was not evaluated on all of these datasets.",
                "{count} runs are left out: they were not evaluated on all of these datasets.",
                len(found.left_out),
            )
        )


def _point(each: gap_service.RunGap) -> GapPoint:
    parts = (tr("Run {run}", run=each.run.run), each.run.backbone, " + ".join(each.run.trained_on))
    name = " · ".join(part for part in parts if part)
    return GapPoint(name, each.run.backbone, each.gap.value, each.gap.low, each.gap.high, each.east_asian_share)


def _words(dots: Sequence[GapPoint]) -> str:
    return words.of_values(
        [(dot.name, dot.value) for dot in dots], lambda gap: tr("{points} points", points=points(gap))
    )


def _table(found: Gaps) -> None:
    frame = pd.DataFrame(
        [
            {
                tr("Run"): each.run.run,
                tr("Training"): choices.run_name(each.run),
                tr("Gap, points"): each.gap.value * 100,
                tr("95 % interval"): f"{points(each.gap.low)} … {points(each.gap.high)}",
                "p": each.gap.p_value,
                tr("p after Holm"): p_value,
                tr("East Asian share of the training faces"): each.east_asian_share,
            }
            for each, p_value in zip(found.runs, found.p_holm, strict=True)
        ]
    )
    formats = {
        tr("Gap, points"): st.column_config.NumberColumn(format="%.1f"),
        "p": st.column_config.NumberColumn(format="%.3g"),
        tr("p after Holm"): st.column_config.NumberColumn(format="%.3g"),
        tr("East Asian share of the training faces"): st.column_config.NumberColumn(format="percent"),
    }
    st.dataframe(frame, hide_index=True, width="stretch", column_config=formats, placeholder=NOTHING)
    download(frame, "gap.csv", tr("Gaps as CSV"))


def _two(found: Gaps) -> None:
    """The difference in differences of two runs, tested on the same faces."""
    if len(found.runs) < 2:
        return
    st.markdown(f"**{tr('Do two runs differ in their gap?')}**")
    by_run = {each.run.run: each for each in found.runs}
    left, right = st.columns(2)

    def named(run: int) -> str:
        return f"{choices.run_name(by_run[run].run)} · {points(by_run[run].gap.value)}"

    first = bound_choice.lasting_box(left, tr("Run A"), list(by_run), "gap-a", named)
    second = bound_choice.lasting_box(
        right, tr("Run B"), [run for run in reversed(by_run) if run != first], "gap-b", named
    )
    with shown_errors():
        change = gap_service.difference(store(), first, second, found.choice)
        st.markdown(f"#### {literal(claims.of_gaps(first, second, change))}")
        st.caption(f"{p_words(change.p_value)}. {tr('One training of each: another seed may differ.')}")

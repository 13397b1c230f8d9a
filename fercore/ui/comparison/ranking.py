"""Many runs on the same faces: their order, how stable it is, and which differences are shown."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from fercore.charts import words
from fercore.charts.ranks import ranks
from fercore.language import tr, trn
from fercore.services.comparison import ranking as ranking_service
from fercore.services.comparison.ranking import Ranking
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui.chart_files import chart
from fercore.ui.comparison import choices
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.widgets import bound_choice
from fercore.ui.widgets.tables import NOTHING, download

CHARTED = 40
NAMED = 5  # the file names all


def panel(views: Sequence[EvaluationView], stale: frozenset[int]) -> None:
    """The ranking of all runs on the chosen split, or of those that are picked."""
    there = choices.place(views, least=2)
    if not there:
        st.info(tr("A ranking needs two runs or more."), icon=":material/lightbulb:")
        return
    by_run = {view.run: view for view in there}
    picked = bound_choice.several(
        tr("Runs"), list(by_run), "ranked", lambda run: choices.run_words(by_run[run]), placeholder=tr("All of them")
    )
    with shown_errors():
        _ranking(ranking_service.rank(store(), [by_run[run] for run in picked] if len(picked) > 1 else there))


def _ranking(ranked: Ranking) -> None:
    tests = trn(
        "Every pair of runs is tested on the same faces: {count} test, with Holm's adjustment.",
        "Every pair of runs is tested on the same faces: {count} tests, with Holm's adjustment.",
        ranked.pairs,
    )
    most = max(each.view.n for each in ranked.runs)
    choices.left_out_words(ranked.left_out, most)
    faces = trn("{count} face", "{count} faces", ranked.faces.n)
    st.caption(f"{faces}. {tests}")
    st.caption(tr("Ranks are drawn over faces, not seeds: the same training with another seed may rank elsewhere."))
    frame = pd.DataFrame(
        [
            {
                tr("Run"): each.view.run,
                tr("Training"): choices.run_name(each.view),
                tr("Accuracy"): each.accuracy,
                tr("Ranks (95 %)"): f"{each.ranks.low}–{each.ranks.high}",
                tr("First in"): each.ranks.first,
                tr("Shown to be better than"): ", ".join(map(str, each.beaten)),
            }
            for each in ranked.runs
        ]
    )
    shown = ranked.runs[:CHARTED]
    names = [f"{tr('Run {run}', run=each.view.run)} · {each.view.backbone}" for each in shown]
    spans = [(each.ranks.low, each.ranks.high) for each in shown]
    if len(shown) < len(ranked.runs):
        st.caption(tr("The chart shows the first {shown} of {all} runs.", shown=len(shown), all=len(ranked.runs)))
    title = tr("Rank over drawn faces")
    chart(ranks(names, spans, title), "ranks", title, words.of_ranks(names, spans))
    formats = {name: st.column_config.NumberColumn(name, format="percent") for name in (tr("Accuracy"), tr("First in"))}
    seen = frame.assign(**{tr("Shown to be better than"): [_some(each.beaten) for each in ranked.runs]})
    st.caption(tr("'First in' is the share of draws in which a run was the best; runs that tie are each first."))
    st.dataframe(seen, hide_index=True, width="stretch", column_config=formats, placeholder=NOTHING)
    runs = [each.view.run for each in ranked.runs]
    p_values = pd.DataFrame(ranked.p_values, index=pd.Index(runs, name="run"), columns=runs).reset_index()
    left, right = st.columns(2)
    with left:
        download(frame, "ranking.csv", tr("Ranking as CSV"))
    with right:
        download(p_values.replace(np.nan, None), "ranking-p-values.csv", tr("p-values as CSV"))


def _some(beaten: Sequence[int]) -> str:
    """The first runs by number, and how many more there are."""
    named = ", ".join(map(str, beaten[:NAMED]))
    return f"{named} + {len(beaten) - NAMED}" if len(beaten) > NAMED else named

"""The pieces of the comparison page."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from fercore.charts.accuracies import across, by_emotion, heatmap
from fercore.emotions import EMOTIONS
from fercore.evaluation.paper import TABLE_III
from fercore.evaluation.significance import wilson
from fercore.jobs import queue
from fercore.language import tr
from fercore.services import comparing, evaluating, viewing
from fercore.services.evaluating import Evaluated
from fercore.ui import confusion_matrix, faces
from fercore.ui.frames import download
from fercore.ui.session import store

SHOWN_FACES = 96


def title(one: Evaluated) -> str:
    """An evaluation in a line."""
    return (
        f"{tr('Run {run}', run=one.run)} · {one.backbone} · {' + '.join(one.trained_on)} → "
        f"{one.dataset} {tr(one.split)} · {one.accuracy:.1%}"
    )


def evaluate_form() -> None:
    """Choose a finished run and splits; starts an evaluation job."""
    done = [view.run for view in viewing.listed(store()) if view.status == "done" and view.run.reported_epoch]
    if not done:
        return
    with st.expander(tr("Evaluate a run"), icon=":material/fact_check:"), st.form("evaluate", border=False):
        names = {run.id: f"{tr('Run {run}', run=run.id)} · {run.backbone} · {run.recipe['name']}" for run in done}
        run = st.selectbox(tr("Run"), list(names), format_func=names.__getitem__)
        places = evaluating.places(store())
        on = st.multiselect(
            tr("On"), places, format_func=lambda place: f"{place[0]} · {tr(place[1])}", placeholder=tr("Choose")
        )
        if st.form_submit_button(tr("Evaluate"), type="primary") and on:
            queue.submit(store(), "evaluate", tr("Evaluate run {run}", run=run), {"run": run, "on": on})
            st.rerun()


def cross_table(table: pd.DataFrame) -> None:
    """Accuracy of each training on each dataset."""
    names = [tr("Backbone"), tr("Recipe"), tr("Trained on")]
    shown = table.rename_axis(index=names, columns=None).reset_index()
    columns = {name: st.column_config.NumberColumn(name, format="percent") for name in table.columns}
    st.dataframe(shown, hide_index=True, width="stretch", column_config=columns)
    download(shown, "trained-on-tested-on.csv", tr("Table as CSV"))


def bars(found: Sequence[Evaluated]) -> None:
    """The same as grouped bars."""
    tidy = comparing.frame(found)
    tidy["training"] = tidy["backbone"] + " · " + tidy["recipe"] + " · " + tidy["trained_on"]
    mean = tidy.groupby(["training", "dataset"], sort=False)["accuracy"].mean().reset_index()
    st.plotly_chart(across(mean), key="across")


def paper_table(found: Sequence[Evaluated]) -> None:
    """Table III of Lee & Song 2024 with this installation's runs of recipe `paper` beside it."""
    mine: dict[tuple[str, frozenset[str], str], list[float]] = {}
    for one in found:
        if one.recipe == "paper":
            mine.setdefault((one.backbone, frozenset(one.trained_on), f"{one.dataset}/{one.split}"), []).append(
                one.accuracy
            )
    rows = []
    for run in TABLE_III:
        row: dict[str, object] = {tr("Backbone"): run.backbone, tr("Trained on"): " + ".join(run.trained_on)}
        for place, printed in (
            ("FER2013/validation", run.printed.fer2013),
            ("KFE/test", run.printed.kfe),
            ("JAFFE/test", run.printed.jaffe),
        ):
            here = mine.get((run.backbone, frozenset(run.trained_on), place))
            name = place.partition("/")[0]
            row[tr("{dataset}, paper", dataset=name)] = printed
            row[tr("{dataset}, here", dataset=name)] = float(np.mean(here)) if here else None
        rows.append(row)
    table = pd.DataFrame(rows)
    numeric = {name: st.column_config.NumberColumn(name, format="percent") for name in table.columns[2:]}
    st.caption(tr("The paper reports FER2013's PublicTest (validation here), KFE's test split and JAFFE."))
    st.dataframe(table, hide_index=True, width="stretch", column_config=numeric)
    download(table, "paper-table-iii.csv", tr("Table as CSV"))


def evaluation(one: Evaluated) -> None:
    """Accuracy, confusion matrix, scores by emotion, and the faces of a clicked cell."""
    low, high = wilson(round(one.accuracy * one.n), one.n)
    figure, interval, count = st.columns(3)
    figure.metric(tr("Accuracy"), f"{one.accuracy:.1%}", border=True)
    interval.metric(tr("95 % interval"), f"{low:.1%} – {high:.1%}", border=True)
    count.metric(tr("Faces"), f"{one.n:,}", border=True)
    cell = confusion_matrix.draw(one.confusion, key=f"matrix-{one.id}")
    if cell:
        _cell(one, *cell)
    names = [tr(name) for name in EMOTIONS]
    scores = pd.DataFrame(
        [
            {tr("Emotion"): tr(name), tr("Precision"): s.precision, tr("Recall"): s.recall, "F1": s.f1, "n": s.n}
            for name, s in one.per_emotion.items()
        ]
    )
    left, right = st.columns(2)
    percent = {name: st.column_config.NumberColumn(name, format="percent") for name in scores.columns[1:4]}
    left.dataframe(scores, hide_index=True, width="stretch", column_config=percent)
    right.plotly_chart(by_emotion({n: s.f1 for n, s in one.per_emotion.items()}, names), key=f"f1-{one.id}")
    _downloads(one, scores, names)


def _downloads(one: Evaluated, scores: pd.DataFrame, names: list[str]) -> None:
    first, second, third = st.columns(3)
    with first:
        download(scores, f"evaluation-{one.id}-scores.csv", tr("Scores as CSV"))
    with second:
        matrix = pd.DataFrame(one.confusion, index=names, columns=names)
        download(matrix, f"evaluation-{one.id}-confusion.csv", tr("Matrix as CSV"), index=True)
    with third:
        scored = evaluating.scored(store(), one.id)
        table = pd.DataFrame(scored.probabilities, columns=list(EMOTIONS))
        table.insert(0, "label", [EMOTIONS[label] for label in scored.labels])
        table.insert(0, "face", scored.face_ids)
        download(table, f"evaluation-{one.id}-probabilities.csv", tr("Probabilities as CSV"))
    with st.expander(tr("The matrix as a picture"), icon=":material/image:"):
        shares = st.toggle(tr("Row shares in place of counts"), key=f"shares-{one.id}")
        st.plotly_chart(heatmap(np.array(one.confusion), names, shares), key=f"heatmap-{one.id}")


def _cell(one: Evaluated, label: int, predicted: int) -> None:
    guesses = evaluating.cell(store(), one.id, label, predicted)
    text, link = st.columns([5, 2], vertical_alignment="center")
    text.markdown(
        tr(
            "**{count} faces labelled {label}, read as {predicted}**, the surest first.",
            count=len(guesses),
            label=tr(EMOTIONS[label]),
            predicted=tr(EMOTIONS[predicted]),
        )
    )
    link.page_link(
        "pages/curate/review.py",
        label=tr("Review these faces"),
        icon=":material/grid_view:",
        query_params={"dataset": one.dataset, "cell": f"{one.id}.{label}.{predicted}"},
    )
    shown = guesses[:SHOWN_FACES]
    faces.wall([g.face_id for g in shown], {g.face_id: f"{g.guessed:.0%}" for g in shown})

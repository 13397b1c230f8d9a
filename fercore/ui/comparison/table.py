"""The pieces of the comparison page."""

from collections.abc import Collection, Sequence

import pandas as pd
import streamlit as st

from fercore.language import tr, trn
from fercore.services import jobs
from fercore.services.comparison import evaluation, stored_evaluations
from fercore.services.comparison import table as comparison_table
from fercore.services.comparison.evaluation import EvaluateJob
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.training import run_details
from fercore.splits import Split
from fercore.statuses import Status
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice
from fercore.ui.widgets.tables import NOTHING, download


def title(view: EvaluationView, stale: bool = False) -> str:
    """An evaluation in a line, marked where its accuracy is that of learned faces or of labels that have changed."""
    place = f"{view.dataset} {tr(view.split)} · {view.accuracy:.1%}"
    marks = [tr("training accuracy")] if view.is_training_accuracy else []
    marks += [tr("stale")] if stale else []
    marks += [stored_evaluations.selection_mark(view.selected_by)] if view.selected_by else []
    trained_on = " + ".join(view.trained_on) or tr("unknown data")
    line = f"{tr('Run {run}', run=view.run)} · {view.backbone} · {trained_on} → {place}"
    return " · ".join([line, *marks])


def evaluate_form() -> None:
    """Choose a finished run and splits; starts an evaluation job."""
    done = [view.run for view in run_details.listed(store()) if view.status == Status.DONE and view.run.reported_epoch]
    if not done:
        return
    with st.expander(tr("Evaluate a run"), icon=":material/fact_check:"), st.form("evaluate", border=False):
        names = {run.id: f"{tr('Run {run}', run=run.id)} · {run.backbone} · {run.recipe['name']}" for run in done}
        run = st.selectbox(tr("Run"), list(names), format_func=names.__getitem__)
        places = evaluation.places(store())
        on = st.multiselect(
            tr("On"), places, format_func=lambda place: f"{place[0]} · {tr(place[1])}", placeholder=tr("Choose")
        )
        if st.form_submit_button(tr("Evaluate"), type="primary") and on:
            jobs.submit(store(), EvaluateJob(run=run, on=on))
            st.rerun()


def split_names(split: str) -> str:
    """A split as the choice above the table names it: training faces are no test."""
    return tr("train (seen in training)") if split == Split.TRAIN else tr(split)


def recounts(views: Sequence[EvaluationView], stale: Collection[int]) -> None:
    """Splits whose labels have changed since they were evaluated, each with a button that counts them again."""
    places = dict.fromkeys((view.dataset, view.split) for view in views if view.id in stale)
    for dataset, split in places:
        runs = [view.run for view in views if (view.dataset, view.split) == (dataset, split) and view.id in stale]
        row = st.container(border=True, horizontal=True, vertical_alignment="center")
        row.markdown(
            trn(
                "Labels of **{dataset}** ({split}) have changed since {count} run was evaluated on it. "
                "This evaluation keeps the labels it was counted with.",
                "Labels of **{dataset}** ({split}) have changed since {count} runs were evaluated on it. "
                "These evaluations keep the labels they were counted with.",
                len(runs),
                dataset=literal(dataset),
                split=tr(split),
            )
        )
        if row.button(tr("Recount"), key=f"recount-{dataset}-{split}", icon=":material/calculate:"):
            with shown_errors():
                _recount(dataset, split)
    if result := st.session_state.pop("recounted", None):
        st.success(literal(result))


def _recount(dataset: str, split: str) -> None:
    """Count again, and show the present evaluation with its new figures if it is of this split."""
    shown = st.session_state.get("evaluation")
    done = evaluation.recount(store(), dataset, split)
    words = trn(
        "{count} evaluation was recounted with the current labels.",
        "{count} evaluations were recounted with the current labels.",
        len(done.added),
    )
    if done.unpredicted:
        words += " " + tr(
            "Faces labelled since then were never predicted and are not counted: evaluate runs {runs} again.",
            runs=", ".join(map(str, done.unpredicted)),
        )
    st.session_state["recounted"] = words
    if isinstance(shown, int):
        bound_choice.forget("evaluation")
        bound_choice.forget("counted")
        st.query_params["evaluation"] = str(stored_evaluations.history(store(), shown)[0].id)
    st.rerun()


def evaluations_file(views: Sequence[EvaluationView], stale: Collection[int]) -> None:
    """Every evaluation as a tidy CSV, one row each."""
    flat = [comparison_table.flat(comparison_table.row(view)) | {"stale": view.id in stale} for view in views]
    frame = pd.DataFrame(flat, columns=[*comparison_table.COLUMNS, "stale"])
    download(frame, "evaluations.csv", tr("Evaluations as CSV"))


def paper_table(views: Sequence[EvaluationView], stale: Collection[int]) -> None:
    """Table III of Lee & Song 2024 with this installation's runs that were trained just as the paper's."""
    as_differences = st.toggle(tr("As differences"), key="paper-differences")
    rows = []
    for row in comparison_table.paper_table(views, set(stale)):
        shown: dict[str, object] = {tr("Backbone"): row.backbone, tr("Trained on"): " + ".join(row.trained_on)}
        for (dataset, _), printed, here in zip(comparison_table.PLACES, row.printed, row.here, strict=True):
            shown[tr("{dataset}, paper", dataset=dataset)] = printed
            if as_differences:
                shown[tr("{dataset}, here − paper, points", dataset=dataset)] = here and (here - printed) * 100
            else:
                shown[tr("{dataset}, here", dataset=dataset)] = here
        rows.append(shown)
    table = pd.DataFrame(rows)
    numeric = {name: st.column_config.NumberColumn(name, format="percent") for name in table.columns[2:]}
    if as_differences:
        numeric |= {name: st.column_config.NumberColumn(name, format="%+.1f") for name in table.columns[3::2]}
    st.caption(tr("The paper reports FER2013's PublicTest (validation here), KFE's test split and JAFFE."))
    st.caption(tr("Only runs with the paper's own recipe, ImageNet weights and all of its epochs count here."))
    if as_differences:
        st.caption(tr("The paper's predictions are not published: these differences have no paired test."))
    st.dataframe(table, hide_index=True, width="stretch", column_config=numeric, placeholder=NOTHING)
    download(table, "paper-table-iii.csv", tr("Table as CSV"))
    for view in comparison_table.not_the_papers(views):
        st.caption(
            trn(
                "Not counted: run {run}, {backbone}, {count} epoch, started from {weights}{changed}.",
                "Not counted: run {run}, {backbone}, {count} epochs, started from {weights}{changed}.",
                view.training.epochs,
                run=view.run,
                backbone=view.backbone,
                weights=literal(view.training.weights),
                changed="" if comparison_table.has_papers_recipe(view.training) else tr(", recipe changed"),
            )
        )

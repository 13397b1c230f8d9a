"""Next steps on the home page."""

from typing import Final

import streamlit as st

from fercore.curation.review_filter import ReviewState
from fercore.language import tr, trn
from fercore.services.comparison import best_run as best_runs
from fercore.services.comparison import stored_evaluations
from fercore.services.comparison.best_run import BestRun
from fercore.services.datasets.catalogue import DatasetSummary
from fercore.services.system.overview import NextStep, Overview
from fercore.ui.review import face_filters
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal

REVIEW: Final = "pages/curate/review.py"
# Step → (page, its icon, why, what the link says); `_why` words the reasons that count faces.
STEPS: Final[dict[NextStep, tuple[str, str, str, str]]] = {
    NextStep.LABEL: (
        REVIEW,
        ":material/grid_view:",
        "",
        "Label them in Review",
    ),
    NextStep.REVIEW: (
        REVIEW,
        ":material/grid_view:",
        "",
        "Start reviewing",
    ),
    NextStep.FREEZE: (
        "pages/curate/snapshots.py",
        ":material/ac_unit:",
        "Freeze the faces into a snapshot, so that trainings can be repeated and compared.",
        "Freeze a snapshot",
    ),
    NextStep.TRAIN: (
        "pages/models/train.py",
        ":material/model_training:",
        "A snapshot is ready: train a backbone on it.",
        "Train a backbone",
    ),
    NextStep.COMPARE: (
        "pages/models/compare.py",
        ":material/compare:",
        "See which training reads whom, and look at the faces that were misread.",
        "Compare the runs",
    ),
}


def best_run() -> None:
    """The best run and the validation split on which it is, which can be changed where there are several."""
    places = best_runs.places(store())
    names = {f"{dataset}/{split}": (dataset, split) for dataset, split in places}
    best = best_runs.best(store(), names.get(st.session_state.get("best-on", "")))
    if best is None:
        help_text = tr("No finished run was evaluated on a validation split yet.")
        st.metric(tr("Best run"), "–", border=True, help=help_text)
        return
    st.metric(tr("Best run"), f"{best.evaluation.accuracy:.1%}", border=True, help=_best_words(best))
    view = best.evaluation
    mark = stored_evaluations.selection_mark(view.selected_by)
    place = tr("Run {run} on {dataset} validation", run=view.run, dataset=literal(view.dataset))
    st.caption(f"{place} · {mark}" if mark else place)
    if len(names) > 1:
        st.selectbox(
            tr("Best on"),
            list(names),
            format_func=lambda key: f"{names[key][0]} · {tr(names[key][1])} · {places[names[key]]}",
            key="best-on",
            label_visibility="collapsed",
        )


def _best_words(best: BestRun) -> str:
    view = best.evaluation
    parts = [
        tr(
            "Run {run}, {backbone} on '{snapshot}', on the validation faces of {dataset}.",
            run=view.run,
            backbone=view.backbone,
            snapshot=literal(view.snapshot),
            dataset=literal(view.dataset),
        ),
        trn("{count} run was evaluated there.", "{count} runs were evaluated there.", best.compared),
        trn("{count} other is not comparable.", "{count} others are not comparable.", best.not_comparable),
    ]
    return " ".join(parts)


def next_step(now: Overview) -> None:
    """The one thing that moves the pipeline on; on an empty store, the three ways to begin."""
    st.subheader(tr("Next"), anchor=False)
    step = now.next_step
    if step == NextStep.BRING:
        st.write(tr("There are no faces yet. Three ways to begin:"))
        ways_to_begin()
        return
    page, icon, why, label = STEPS[step]
    dataset = now.most_unlabelled if step == NextStep.LABEL else now.least_reviewed
    query = (
        face_filters.address(dataset.name, ReviewState.UNLABELLED if step == NextStep.LABEL else ReviewState.ALL)
        if page == REVIEW
        else None
    )
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.write(tr(why) if why else _why(step, dataset))
        st.page_link(page, label=tr(label), icon=icon, query_params=query)


def _why(step: NextStep, dataset: DatasetSummary) -> str:
    name = literal(dataset.name)
    if step == NextStep.LABEL:
        return trn(
            "{count} face of {dataset} has no emotion yet: only faces with one can be trained on.",
            "{count} faces of {dataset} have no emotion yet: only faces with one can be trained on.",
            dataset.unlabelled,
            dataset=name,
        )
    return trn(
        "{count} face of {dataset} is not reviewed yet: confirm it if it is right, otherwise relabel or reject it.",
        "{count} faces of {dataset} are not reviewed yet: confirm what is right, relabel or reject what is not.",
        dataset.faces - dataset.reviewed,
        dataset=name,
    )


def ways_to_begin() -> None:
    """Generated faces, a dataset, or photos."""
    drawn, dataset, photos = st.columns(3)
    with drawn.container(border=True, height="stretch"):
        st.markdown(f"**{tr('Try it with generated faces')}**")
        st.caption(tr("Draws two styles of faces, trains three models and compares them: the whole loop in minutes."))
        if st.button(tr("Try it with generated faces"), icon=":material/play_arrow:", type="primary"):
            _start_demo()
            st.rerun()
    with dataset.container(border=True, height="stretch"):
        st.markdown(f"**{tr('Import a dataset')}**")
        st.caption(tr("FER2013's CSV, or folders named after emotions, from this machine or the server."))
        st.page_link(
            "pages/curate/datasets.py",
            label=tr("Import a dataset"),
            icon=":material/upload:",
            query_params={"bring": "import"},
        )
    with photos.container(border=True, height="stretch"):
        st.markdown(f"**{tr('Extract faces from photos')}**")
        st.caption(tr("A detector crops every face from your photos; you label them in Review."))
        query = {"bring": "extract"}
        label = tr("Extract faces from photos")
        st.page_link("pages/curate/datasets.py", label=label, icon=":material/crop_free:", query_params=query)


def _start_demo() -> None:
    from fercore.services.system import demo  # draws and trains: nothing that the home page should wait for

    demo.start(store())

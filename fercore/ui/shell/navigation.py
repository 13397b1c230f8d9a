"""The frame around every page: the page list, the choice of language, and who sits before it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from fercore.language import LANGUAGES, tr
from fercore.services.review import reviewers
from fercore.ui.shell.access import remember_session
from fercore.ui.shell.cookies import remember
from fercore.ui.shell.session import (
    choose_language,
    hold_choices,
    leave_desk,
    reviewer,
    shown_errors,
    speak,
    store,
    switch_page,
    translated_address,
)

# Streamlit leaves six rems above every page and much beside it; here that room belongs to the faces.
STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding: 2.2rem 2.5rem 3rem; max-width: 100rem; }
[data-testid="stMainBlockContainer"] h1 { font-size: 1.75rem; padding: 0; }
[data-testid="stMainBlockContainer"] h3 { font-size: 1.2rem; padding: 0.6rem 0 0.2rem; }
[data-testid="stMetricValue"] { font-size: 1.7rem; }
[data-testid="stPageLink"] p { white-space: normal; }
[data-testid="stHeader"] { height: 2.5rem; }
/* Where a window has room beside the page; in a narrow one, the arrow of the side bar would lie on words. */
@media (min-width: 641px) { [data-testid="stHeader"] { background: transparent; } }
/* The end of an empty bar shines through at its left edge. */
[role="progressbar"][aria-valuenow="0"] [data-testid="stProgressBarTrack"] > div { visibility: hidden; }
/* Streamlit's faded text is 4.2 : 1 on its ground; the accent is no colour for text in the dark theme. */
[data-testid="stCaptionContainer"] { color: inherit; opacity: 0.8; }
[data-testid="stTab"][aria-selected="true"], [data-testid="stTab"][aria-selected="true"] *,
[data-testid="stButtonGroup"] button:is([aria-checked="true"], [aria-pressed="true"]),
[data-testid="stButtonGroup"] button:is([aria-checked="true"], [aria-pressed="true"]) * {
  color: inherit !important; font-weight: 600; }
[data-testid^="stBaseButton-secondary"]:is(:hover, :focus-visible, :active),
[data-testid^="stBaseButton-secondary"]:is(:hover, :focus-visible, :active) *,
[data-testid="stTab"]:hover, [data-testid="stTab"]:hover *,
[data-testid="stExpander"] summary:hover, [data-testid="stExpander"] summary:hover * { color: inherit !important; }
/* Streamlit fades what a slow run may still change; faces keep their true light, which emotions are judged by. */
[data-testid="stElementContainer"][data-stale="true"]:has(.fc-root, .fc-wall, img) { opacity: 1 !important; }
[class*="st-key-ticker-"] { display: none; }
/* Streamlit draws the links of a side bar over each other; a finger needs 24 pixels. */
[data-testid="stSidebar"] [data-testid="stElementContainer"]:has(> [data-testid="stPageLink"]) { margin-block: -2px; }
.st-key-product { padding-bottom: 0.4rem; }
.st-key-product p { font-size: 1.2rem; }
/* The columns of a sweep's grid stay beside each other in a narrow window, which scrolls them. */
.st-key-sweep-grid { overflow-x: auto; }
.st-key-sweep-grid [data-testid="stHorizontalBlock"] { flex-wrap: nowrap; }
.st-key-sweep-grid [data-testid="stColumn"] { min-width: 7.5rem !important; }
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding: 4.4rem 0.8rem 2rem; } }
</style>"""
PRODUCT: Final = "fercore"
ICON: Final = str(Path(__file__).with_name("icon.svg"))


def open_app() -> StreamlitPage:
    """The frame of every page: its place in the list, its title, the language, the reviewer; returns the page."""
    remember_session()
    st.html(STYLE)
    choose_language()
    groups = pages()
    page = st.navigation(groups, position="hidden")
    if (query := translated_address()) is not None:
        switch_page(page, **query)
    st.session_state["here"] = page.url_path
    st.set_page_config(page_title=f"{page.title} · {PRODUCT}")
    with st.sidebar:
        _page_list(groups)
    st.sidebar.segmented_control(
        tr("Language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="language",
        required=True,
        label_visibility="collapsed",
    )
    with st.sidebar:
        _reviewer()
        hold_choices()
        language = st.session_state["language"]
        remember({"language": language, "reviewer": st.session_state["reviewer"]}, language)
    return page


def _page_list(groups: Mapping[str, Sequence[StreamlitPage]]) -> None:
    """All pages by the job they serve: Streamlit's own list is one that screen readers cannot follow."""
    with st.container(key="product"):
        st.markdown(f"**{PRODUCT}**")
    for name, listed in groups.items():
        with st.container(gap=None):
            if name:
                st.caption(name)
            for page in listed:
                st.page_link(page, label=page.title, icon=page.icon)


def _reviewer() -> None:
    """The choice of a reviewer; a new name is added to the list."""
    known = reviewers.listed(store())
    if st.session_state.get("reviewer") not in known:
        st.session_state["reviewer"] = reviewer()
    st.selectbox(
        tr("Reviewer"),
        known,
        key="reviewer",
        accept_new_options=True,
        on_change=_add_reviewer,
        help=tr("Choose yourself, or type your name. This browser remembers it."),
    )


def _add_reviewer() -> None:
    speak()
    with shown_errors():
        typed = st.session_state["reviewer"] or reviewers.own_name(store())
        st.session_state["reviewer"] = reviewers.add(store(), typed)
        return
    st.session_state["reviewer"] = reviewers.own_name(store())


def go_to(page: StreamlitPage) -> None:
    """Run a page; who leaves Review gives back the faces of a task."""
    desk = st.session_state.get("desk")
    if desk is not None and desk.view.task is not None and page.url_path != "review":
        leave_desk()
    page.run()


def pages() -> Mapping[str, Sequence[StreamlitPage]]:
    """All pages by the job they serve."""
    return {
        "": [st.Page("pages/start/home.py", title=tr("Home"), icon=":material/home:", default=True)],
        tr("Curate"): [
            st.Page("pages/curate/datasets.py", title=tr("Datasets"), icon=":material/photo_library:"),
            st.Page("pages/curate/review.py", title=tr("Review"), icon=":material/grid_view:"),
            st.Page("pages/curate/tasks.py", title=tr("Tasks"), icon=":material/assignment_ind:"),
            st.Page("pages/curate/adjudicate.py", title=tr("Adjudicate"), icon=":material/gavel:"),
            st.Page("pages/curate/audit.py", title=tr("Audit"), icon=":material/troubleshoot:"),
            st.Page("pages/curate/map.py", title=tr("Map of faces"), icon=":material/scatter_plot:"),
            st.Page("pages/curate/agreement.py", title=tr("Agreement"), icon=":material/handshake:"),
            st.Page("pages/curate/reviewer.py", title=tr("Reviewers"), icon=":material/person_search:"),
            st.Page("pages/curate/history.py", title=tr("History"), icon=":material/history:"),
            st.Page("pages/curate/snapshots.py", title=tr("Snapshots"), icon=":material/ac_unit:"),
        ],
        tr("Models"): [
            st.Page("pages/models/train.py", title=tr("Train"), icon=":material/model_training:"),
            st.Page("pages/models/recipes.py", title=tr("Recipes"), icon=":material/receipt_long:"),
            st.Page("pages/models/sweeps.py", title=tr("Sweeps"), icon=":material/grid_on:"),
            st.Page("pages/models/runs.py", title=tr("Runs"), icon=":material/monitoring:"),
            st.Page("pages/models/compare.py", title=tr("Compare"), icon=":material/compare:"),
        ],
        tr("Try it"): [st.Page("pages/demo/predict.py", title=tr("Predict"), icon=":material/add_a_photo:")],
    }

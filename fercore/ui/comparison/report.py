"""The report: its question and runs, what it concludes, and its files."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import streamlit as st

from fercore import language
from fercore.exports.documents import files
from fercore.exports.documents.document import Document
from fercore.exports.documents.latex import as_latex
from fercore.language import current, tr
from fercore.services.comparison.report import contents
from fercore.services.comparison.report.material import ReportChoice
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui.comparison import choices
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice

_MADE: Final = "report-made"
Made = tuple[object, Document]


def panel(views: Sequence[EvaluationView]) -> None:
    """The choice of a report, and the one that was made of it."""
    st.caption(
        tr("A file for a paper or a colleague: data, recipes, tables, charts, tests, and what may be concluded.")
    )
    by_run = {view.run: view for view in views}
    runs = bound_choice.several(
        tr("Runs"),
        sorted(by_run),
        "reported",
        lambda run: choices.run_name(by_run[run]),
        placeholder=tr("All of them"),
    )
    example = tr("Which of these runs reads the faces best, and is the difference real?")
    question = bound_choice.line(tr("Question"), "question", placeholder=example)
    # Other evaluations or another language make another report.
    key = (tuple(runs), question, current(), tuple(view.id for view in views))
    if st.button(tr("Make the report"), type="primary", icon=":material/summarize:"):
        with shown_errors(), st.spinner(tr("Counting and testing …")):
            st.session_state[_MADE] = (key, contents.report(store(), ReportChoice(tuple(runs), question)))
    made: Made | None = st.session_state.get(_MADE)
    if made is not None and made[0] == key:
        _shown(made[1])


def _shown(document: Document) -> None:
    st.subheader(literal(document.title))
    with st.container(horizontal=True):
        _file(tr("Report as HTML"), "report.html", "text/html", partial(files.html, document))
        _file(tr("Markdown, CSV and SVG"), "report.zip", "application/zip", partial(files.zipped, document))
        _file(tr("Tables as LaTeX"), "report.tex", "text/x-tex", lambda: as_latex(document).encode())
    for section in document.sections[1:3]:
        st.markdown(f"**{section.title}**")
        sentences = document.listing(document.sections.index(section))
        st.markdown("\n".join(f"- {literal(sentence)}" for sentence in sentences))


def _file(label: str, name: str, mime: str, make: Callable[[], bytes]) -> None:
    """A button for a file that is made at the click, in this page's language."""
    made = partial(_in_language, current(), make)
    st.download_button(label, made, name, mime, icon=":material/download:", on_click="ignore")


def _in_language(code: str, make: Callable[[], bytes]) -> bytes:
    """A file as it is made in another thread, which knows nothing of the page's language."""
    language.use(code)
    return make()

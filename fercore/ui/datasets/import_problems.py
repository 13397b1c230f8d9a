"""Rows that an import could not use, as people see them: the first in a table, all of them as a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from fercore.language import tr, trn
from fercore.language.sentences import words
from fercore.services.datasets.import_problems import LISTED, file_of
from fercore.ui.shell.session import store


def of_import(number: int, problems: Sequence[dict[str, Any]]) -> None:
    """The problems that are kept with an import."""
    apart = [problem for problem in problems if problem.get("kind") == "changed"]
    others = [problem for problem in problems if problem.get("kind") != "changed"]
    unused(others, _total(others))
    changed(apart, _total(apart))
    if problems:
        download(file_of(store(), number), f"import-{number}")


def unused(entries: Sequence[dict[str, Any]], total: int) -> None:
    """Names with reasons, of which there may be more."""
    if total:
        with st.expander(tr("{count} not used", count=f"{total:,}")):
            _table(entries, total)


def changed(entries: Sequence[dict[str, Any]], total: int) -> None:
    """Photos that were imported although they were known, as what is in them is new."""
    if total:
        with st.expander(
            trn(
                "{count} imported again: changed since it was first read",
                "{count} imported again: changed since they were first read",
                total,
            )
        ):
            _table(entries, total)


def download(file: str, key: str) -> None:
    """A button that hands over the file with all problems, read only when it is clicked."""
    path = store().logs / Path(file).name
    if file and path.is_file():
        st.download_button(
            tr("All of them as CSV"),
            path.read_bytes,
            path.name,
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=f"problems-{key}",
        )


def _table(entries: Sequence[dict[str, Any]], total: int) -> None:
    listed = [entry for entry in entries if "more" not in entry][:LISTED]
    rows = [{tr("Where"): entry["where"], tr("Why"): words(entry["why"])} for entry in listed]
    st.dataframe(rows, width="stretch", hide_index=True)
    if total > len(rows):
        st.caption(trn("This is the first.", "These are the first {count}.", len(rows)))


def _total(entries: Sequence[dict[str, Any]]) -> int:
    """The number of entries: the last one may stand for more."""
    return sum(int(entry.get("more", 1)) for entry in entries)

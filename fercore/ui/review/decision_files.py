"""Decisions as files: handed over whole, and brought in from another installation or from Label Studio."""

from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from fercore.errors import InputError
from fercore.language import tr, trn
from fercore.services.datasets import uploads
from fercore.services.review import decision_transfer, label_studio, remark_files
from fercore.services.review.decision_transfer import DecisionScope
from fercore.services.system import overview
from fercore.ui.datasets import import_problems
from fercore.ui.shell.session import shown_errors, store

FORMS: Final = {"CSV": "csv", "JSON Lines": "jsonl"}


def panel() -> None:
    """Both ways, closed until somebody wants it."""
    with st.expander(tr("Decisions as a file"), icon=":material/swap_vert:"):
        out, back = st.columns(2, gap="large")
        names = list(overview.dataset_ids(store()))
        with out:
            _hand_over(names)
        with back:
            _bring_in(names)


def _hand_over(names: list[str]) -> None:
    dataset = st.selectbox(tr("Whose decisions"), [None, *names], format_func=lambda name: name or tr("all datasets"))
    form = st.radio(tr("Form"), FORMS, horizontal=True)
    st.download_button(
        tr("All decisions"),
        partial(decision_transfer.exported, store(), FORMS[form], DecisionScope(dataset)),
        f"decisions.{FORMS[form]}",
        on_click="ignore",
        icon=":material/download:",
        help=tr("Includes undone decisions. Another installation with the same faces can import them."),
    )
    st.download_button(
        tr("All flags and notes"),
        partial(remark_files.exported, store(), FORMS[form], DecisionScope(dataset)),
        f"notes.{FORMS[form]}",
        on_click="ignore",
        icon=":material/flag:",
    )


def _bring_in(names: list[str]) -> None:
    given = st.file_uploader(
        tr("A file of decisions"),
        ["csv", "jsonl", "ndjson", "json"],
        help=tr("CSV or JSON Lines as written here, or an export of Label Studio: JSON, JSON_MIN or CSV."),
        key="decisions-file",
    )
    foreign = given is not None and _is_foreign(given)
    dataset = st.selectbox(tr("Faces of"), names, key="decisions-of") if foreign else None
    skip_bad = st.checkbox(tr("Skip bad rows and list them"), key="decisions-skip")
    if (
        st.button(tr("Import decisions"), key="decisions-bring", disabled=given is None, icon=":material/upload:")
        and given is not None
    ):
        with shown_errors(), st.spinner(tr("Reading the decisions…")):
            folder = uploads.keep(store(), [given])
            try:
                added, known, left_out, skipped = _read(next(folder.iterdir()), dataset, foreign, skip_bad)
            finally:
                uploads.clear(store(), folder)
            st.success(
                trn(
                    "{count} decision is new, {known} were here already.",
                    "{count} decisions are new, {known} were here already.",
                    added,
                    known=f"{known:,}",
                ),
                icon=":material/check:",
            )
            import_problems.unused(skipped, len(skipped))
            if left_out:
                st.info(
                    trn(
                        "{count} decision is about a face that was cropped by hand elsewhere.",
                        "{count} decisions are about faces that were cropped by hand elsewhere.",
                        left_out,
                    ),
                    icon=":material/info:",
                )


def _is_foreign(given: uploads.Upload) -> bool:
    """True if an upload is an export of Label Studio; a look at a copy tells."""
    folder = uploads.keep(store(), [given])
    try:
        return label_studio.is_export(next(folder.iterdir()))
    finally:
        uploads.clear(store(), folder)


def _read(file: Path, dataset: str | None, foreign: bool, skip_bad: bool) -> tuple[int, int, int, list[dict[str, str]]]:
    """The numbers of decisions that were new, were known, and are about faces that cannot be here; and bad rows."""
    if not foreign:
        transfer = decision_transfer.import_file(store(), file, skip_bad)
        return transfer["added"], transfer["known"], transfer["left_out"], transfer["skipped"]
    if dataset is None:
        raise InputError(tr("Import a dataset first: the file's decisions need its faces."))
    report = label_studio.import_file(store(), file, dataset, skip_bad)
    return report.added, report.known, 0, report.skipped

"""Faces as files: prepared for the browser where they are few, written to a place on the server where they are many."""

from pathlib import Path
from typing import Final

import streamlit as st

from fercore.errors import InputError
from fercore.language import counts as amounts
from fercore.language import tr, trn
from fercore.services import jobs
from fercore.services.datasets import exports, left_out
from fercore.services.datasets.exports import ExportKind, ExportReport, ExportRequest
from fercore.ui.shell.session import fragment, shown_errors, store

FORMS: Final = {
    "folder": "Folders named after emotions",
    "csv": "FER2013's CSV",
    "parquet": "Parquet with all that is known",
    "label-studio": "Tasks for Label Studio",
}
# Beyond it, a browser and this server would hold too much at once.
MOST_FACES: Final = 20_000


def panel(kind: ExportKind, name: str, faces: int) -> None:
    """Choose a form, then take a zip or name a place on the server."""
    fragment(_panel, kind, name, faces)


def _panel(kind: ExportKind, name: str, faces: int) -> None:
    key = f"{kind}-{name}"
    form = st.selectbox(tr("Form"), exports.FORMATS, format_func=lambda f: tr(FORMS[f]), key=f"export-form-{key}")
    if kind == ExportKind.DATASET:
        st.caption(
            tr("All faces, with or without a label; rejected ones are marked as such.")
            if form in exports.WHOLE
            else tr("Faces that have a label and are not rejected.")
        )
    with shown_errors():
        if faces <= MOST_FACES:
            _to_browser(kind, name, form)
        else:
            st.caption(
                trn(
                    "More than {count} face is too much for a browser: name a place on the server.",
                    "More than {count} faces are too many for a browser: name a place on the server.",
                    MOST_FACES,
                )
            )
        _to_server(kind, name, form)


def _to_browser(kind: ExportKind, name: str, form: str) -> None:
    """A button that prepares the zip, then one that hands it over; a session keeps the last one only."""
    what = (kind, name, form, exports.mark(store(), kind, name))
    if st.button(tr("Prepare the download"), key=f"export-prepare-{kind}-{name}", icon=":material/folder_zip:"):
        st.session_state["export"] = (what, exports.packed(store(), kind, name, form))
    prepared, written = st.session_state.get("export", (None, None))
    if prepared == what:
        data, report = written
        st.caption(" ".join([_contents(report), left_out.sentence(report.left_out)]))
        st.download_button(
            tr("Download {size} MB", size=f"{len(data) / 1e6:.1f}"),
            lambda: data,
            f"{name}-{form}.zip",
            "application/zip",
            icon=":material/download:",
            on_click="ignore",
            key=f"export-download-{kind}-{name}",
        )


def _to_server(kind: ExportKind, name: str, form: str) -> None:
    place = st.text_input(
        tr("… or a place on the server"),
        placeholder="/data/fer2013.csv" if form == "csv" else "/data/faces",
        help=tr("A folder that is new or empty; for CSV a file. What ends in .zip is packed. Nothing is overwritten."),
        key=f"export-to-{kind}-{name}",
    )
    if st.button(tr("Write to the server"), key=f"export-write-{kind}-{name}", icon=":material/save:"):
        to = Path(place.strip()).expanduser()
        if not to.is_absolute():
            raise InputError(tr("Give the whole path on the server, such as /data/faces."))
        request = ExportRequest(kind, name, form, to)
        exports.check(store(), request)
        jobs.submit(store(), request)
        st.rerun()


def _contents(report: ExportReport) -> str:
    """The number of faces in an export, and of those without a label to learn from."""
    parts = [amounts.faces(report.faces), amounts.files(report.files)]
    if report.rejected:
        parts.append(trn("{count} of them rejected", "{count} of them rejected", report.rejected))
    if report.unlabelled:
        parts.append(trn("{count} of them without a label", "{count} of them without a label", report.unlabelled))
    return f"{amounts.listed(*parts)}."

"""The forms that bring faces in, and the panel of one dataset."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from fercore.errors import InputError
from fercore.faces.photos import EMOTION_FROM, SUFFIXES
from fercore.jobs import queue
from fercore.language import tr
from fercore.services import datasets, uploading
from fercore.services.names import checked_name
from fercore.sources.record import SPLITS
from fercore.store.datasets import Summary
from fercore.ui import exporting
from fercore.ui.session import dialog, shown_errors, store

SOURCES = {"fer2013": "FER2013", "folder": "Folders named after emotions", "parquet": "Parquet"}


def import_form() -> None:
    """Choose a source, its file or path and a name; starts an import job."""
    with st.form("import", border=False):
        left, right = st.columns(2)
        source = left.selectbox(tr("Source"), list(SOURCES), format_func=lambda key: tr(SOURCES[key]))
        name = right.text_input(tr("Dataset name"), placeholder="FER2013", key="import-name")
        upload = st.file_uploader(
            tr("A CSV, Parquet or zip from this computer"), ["csv", "gz", "zip", "parquet"], key="import-file"
        )
        path = st.text_input(
            tr("… or a path on the server"),
            placeholder="/data/fer2013.csv",
            help=tr("A file, a zip or a folder that this server can read. Better for large sources."),
            key="import-path",
        )
        options, split_column = st.columns(2, vertical_alignment="bottom")
        skip = options.checkbox(tr("Skip bad rows and list them"), help=tr("Otherwise one bad row stops the import."))
        split = split_column.selectbox(tr("Split of faces whose source names none"), SPLITS, format_func=tr)
        if st.form_submit_button(tr("Import"), type="primary", icon=":material/upload:"):
            place, title = _place([upload] if upload else [], path)
            arguments = {
                "source": source,
                "path": str(place),
                "dataset": checked_name(name or SOURCES[source].split()[0]),
                "skip_bad": skip,
                "split": split,
                "title": title,
            }
            queue.submit(store(), "import", tr("Import {title}", title=title), arguments)
            st.rerun()


def extract_form() -> None:
    """Choose photos and a name; starts an extraction job."""
    with st.form("extract", border=False):
        name = st.text_input(tr("Dataset name"), placeholder="KFE", key="extract-name")
        kinds = [suffix.lstrip(".") for suffix in SUFFIXES]
        uploads = st.file_uploader(
            tr("Photos, or a zip of them, from this computer"),
            [*kinds, "zip"],
            accept_multiple_files=True,
            key="extract-files",
        )
        path = st.text_input(tr("… or a folder on the server"), placeholder="/data/photos", key="extract-path")
        one, two, three = st.columns(3)
        which = one.selectbox(
            tr("Faces"), ["all", "largest"], format_func=lambda w: tr("every face") if w == "all" else tr("the largest")
        )
        names = {
            "none": tr("no: label in review"),
            "parent": tr("the folder's name"),
            "filename": tr("the file's name"),
        }
        word = two.selectbox(tr("Emotion from a name"), EMOTION_FROM, format_func=names.__getitem__)
        split = three.selectbox(tr("Split"), SPLITS, format_func=tr)
        if st.form_submit_button(tr("Extract"), type="primary", icon=":material/crop_free:"):
            place, title = _place(uploads, path)
            arguments = {
                "path": str(place),
                "dataset": checked_name(name or "KFE"),
                "which": which,
                "emotion_from": word,
                "split": split,
                "copy": bool(uploads),
                "title": title,
            }
            queue.submit(store(), "extract", tr("Extract faces from {title}", title=title), arguments)
            st.rerun()


def _place(uploads: Sequence[uploading.Upload], path: str) -> tuple[Path, str]:
    """What the job is to read, and what to call it; raises InputError when there is nothing."""
    if uploads:
        folder = uploading.keep(store(), uploads)
        files = sorted(folder.iterdir())
        alone = len(files) == 1 and files[0].suffix.lower() in (".zip", ".csv", ".gz", ".parquet")
        title = uploads[0].name if len(uploads) == 1 else tr("{count} photos", count=len(uploads))
        return (files[0] if alone else folder), title
    if not path.strip():
        raise InputError(tr("Choose a file, or give a path on the server."))
    place = Path(path.strip()).expanduser()
    if not place.exists():
        raise InputError(tr("The server has no '{path}'.", path=place))
    return place, place.name


def dataset_panel(dataset: Summary) -> None:
    """One dataset's imports, each of which can be undone, and its deletion."""
    reviewed, rejected, unlabelled = st.columns(3)
    reviewed.metric(tr("Reviewed"), f"{dataset.reviewed:,}")
    rejected.metric(tr("Rejected"), f"{dataset.rejected:,}")
    unlabelled.metric(tr("Unlabelled"), f"{dataset.unlabelled:,}")
    for one in datasets.imports(store(), dataset.name):
        text, button = st.columns([6, 1], vertical_alignment="center")
        state = "" if one["finished"] else f" · {tr('not finished')}"
        added = tr("{faces} faces", faces=f"{one['added']:,}")
        text.markdown(f"{one['started']} · {one['source']} · `{one['path']}` · {added}{state}")
        if one["skipped"]:
            with text.expander(tr("{count} skipped", count=len(one["skipped"]))):
                st.dataframe(one["skipped"], width="stretch")
        if button.button(tr("Undo"), key=f"undo-{one['import']}"):
            dialog(tr("Undo this import?"), _confirm_undo, one["import"], one["added"])
    with st.popover(tr("Export"), icon=":material/download:"):
        exporting.panel("dataset", dataset.name, dataset.faces)
    if st.button(tr("Delete dataset"), key=f"delete-{dataset.id}", icon=":material/delete:"):
        dialog(tr("Delete this dataset?"), _confirm_delete, dataset.name)


def _confirm_undo(import_id: int, faces: int) -> None:
    st.write(tr("Its {faces} faces and every decision on them are deleted.", faces=f"{faces:,}"))
    if st.button(tr("Delete them"), type="primary"):
        with shown_errors():
            datasets.undo_import(store(), import_id)
            st.rerun()


def _confirm_delete(name: str) -> None:
    lost = datasets.contents(store(), name)
    st.write(
        tr(
            "'{name}' goes with {faces} faces, {photos} photos, the decisions on {decided} faces and "
            "{evaluations} evaluations.",
            name=name,
            faces=f"{lost.faces:,}",
            photos=f"{lost.photos:,}",
            decided=f"{lost.decided:,}",
            evaluations=lost.evaluations,
        )
    )
    if st.button(tr("Delete it all"), type="primary"):
        with shown_errors():
            datasets.remove(store(), name)
            st.rerun()

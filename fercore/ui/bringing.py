"""The forms that bring faces in: choose, look, start."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import streamlit as st

from fercore.errors import InputError
from fercore.faces.detection import DETECTORS
from fercore.faces.photos import EMOTION_FROM, SUFFIXES
from fercore.jobs import queue
from fercore.language import tr
from fercore.services import previewing, uploading, wording
from fercore.services.extracting import ExtractRequest
from fercore.services.importing import ImportRequest
from fercore.services.names import checked_name
from fercore.services.previewing import Preview
from fercore.sources.record import NEUTRALS, SPLIT_CHOICES, SPLITS
from fercore.ui.previews import preview
from fercore.ui.session import shown_errors, store


@dataclass(frozen=True)
class Source:
    """How a source is called, what its dataset is called by default, and what a user gives for it.

    One that names no persons cannot be split by person.
    """

    title: str
    dataset: str
    gives: str
    names_persons: bool = True


SOURCES: Final = {
    "fer2013": Source(
        "FER2013", "FER2013", "Kaggle's fer2013.csv, plain, .gz or in a .zip; or its folders.", names_persons=False
    ),
    "aihub": Source(
        "AI Hub (KFE)",
        "KFE",
        "The folder below which AI Hub's zips or unpacked folders lie. Half a million photos stay where they are.",
    ),
    "ckplus": Source(
        "CK+", "CK+", "48 px pictures in emotion folders, the CSV, or the original release with its labels."
    ),
    "jaffe": Source("JAFFE", "JAFFE", "The folder or zip with its 213 TIFF pictures."),
    "folder": Source(
        "Folders named after emotions", "Folders", "A folder or zip, such as train/angry/1.jpg.", names_persons=False
    ),
    "parquet": Source("Parquet", "Parquet", "What fercore exported, or an image dataset with labels."),
}
SPLIT_NAMES: Final = {
    None: "as the source is used",
    "subject": "by person: 80 %, 10 %, 10 %",
    "source": "as its makers split it",
    "train": "train",
    "validation": "validation",
    "test": "test",
}
NEUTRAL_NAMES: Final = {"all": "of all sequences", "labelled": "of labelled sequences", "none": "none"}


def import_form() -> None:
    """Choose a source, its file or path and a name; look at it, then start an import job."""
    source = st.selectbox(tr("Source"), list(SOURCES), format_func=lambda key: tr(SOURCES[key].title), key="source")
    known = SOURCES[source]
    st.caption(tr(known.gives))
    if source == "aihub":
        _words()
    with st.form("import", border=False):
        name = st.text_input(tr("Dataset name"), placeholder=known.dataset, key=f"import-name-{source}")
        upload = st.file_uploader(
            tr("A CSV, Parquet or zip from this computer"), ["csv", "gz", "zip", "parquet"], key="import-file"
        )
        path = st.text_input(
            tr("… or a path on the server"),
            placeholder=f"/data/{known.dataset.lower()}",
            help=tr("A file, a zip or a folder that this server can read. Better for large sources."),
            key="import-path",
        )
        arguments = _import_options(source)
        look, start = _buttons(tr("Import"), ":material/upload:")
        if look or start:
            place, title = _place([upload] if upload else [], path)
            arguments |= {
                "source": source,
                "path": str(place),
                "dataset": checked_name(name or known.dataset),
                "copy": upload is not None,
                "title": title,
            }
            _go("import", tr("Import {title}", title=title), arguments, look)
    _shown("import")


def _words() -> None:
    """The map from AI Hub's words to emotions, to be read and edited."""
    with st.popover(tr("Words and emotions"), icon=":material/translate:"), shown_errors():
        st.caption(tr("Which emotion each of AI Hub's words means: a choice. A changed map needs a higher version."))
        written = st.text_area(tr("Map"), wording.text(store()), height=360, key="words")
        if st.button(tr("Save")):
            saved = wording.save(store(), written)
            st.success(tr("Version {version} is used from now on.", version=saved.version))


def _import_options(source: str) -> dict[str, Any]:
    one, two, three = st.columns(3, vertical_alignment="bottom")
    choices = [choice for choice in SPLIT_CHOICES if SOURCES[source].names_persons or choice != "subject"]
    split = one.selectbox(
        tr("Split"), [None, *choices], format_func=lambda key: tr(SPLIT_NAMES[key]), key=f"import-split-{source}"
    )
    options: dict[str, Any] = {"split": split}
    if source == "ckplus":
        options["neutral"] = two.selectbox(
            tr("Neutral first frames"), NEUTRALS, format_func=lambda key: tr(NEUTRAL_NAMES[key])
        )
    if source == "aihub":
        options["detect"] = two.checkbox(
            tr("Ask the detector"), help=tr("Otherwise the median of the annotators' boxes counts where they agree.")
        )
    help_text = tr("Otherwise one bad row stops the import.")
    options["skip_bad"] = three.checkbox(tr("Skip bad rows and list them"), help=help_text)
    return options


def extract_form() -> None:
    """Choose photos and a name; look at them, then start an extraction job."""
    with st.form("extract", border=False):
        name = st.text_input(tr("Dataset name"), placeholder="KFE", key="extract-name")
        kinds = [suffix.lstrip(".") for suffix in SUFFIXES]
        uploads = st.file_uploader(
            tr("Photos, or a zip of them, from this computer"),
            [*kinds, "zip"],
            accept_multiple_files=True,
            key="extract-files",
        )
        path = st.text_input(
            tr("… or a folder on the server"),
            placeholder="/data/photos",
            help=tr("Better for many photos: they are read where they are, and not copied."),
            key="extract-path",
        )
        arguments = _extract_options()
        look, start = _buttons(tr("Extract"), ":material/crop_free:")
        if look or start:
            place, title = _place(uploads, path)
            arguments |= {
                "path": str(place),
                "dataset": checked_name(name or "KFE"),
                "copy": bool(uploads),
                "title": title,
            }
            _go("extract", tr("Extract faces from {title}", title=title), arguments, look)
    _shown("extract")


def _extract_options() -> dict[str, Any]:
    one, two, three, four = st.columns(4)
    which = {"all": tr("every face"), "largest": tr("the largest")}
    names = {"none": tr("no: label in review"), "parent": tr("the folder's name"), "filename": tr("the file's name")}
    return {
        "which": one.selectbox(tr("Faces"), list(which), format_func=which.__getitem__),
        "emotion_from": two.selectbox(tr("Emotion from a name"), EMOTION_FROM, format_func=names.__getitem__),
        "split": three.selectbox(tr("Split"), SPLITS, format_func=tr),
        "detector": four.selectbox(tr("Detector"), DETECTORS),
    }


def _buttons(label: str, icon: str) -> tuple[bool, bool]:
    with st.container(horizontal=True):
        start = st.form_submit_button(label, type="primary", icon=icon)
        look = st.form_submit_button(tr("Look first"), icon=":material/visibility:")
    return look, start


def _go(kind: str, title: str, arguments: dict[str, Any], look: bool) -> None:
    """Start the job, or keep what is to be looked at; uploads that neither needs are cleared."""
    if look:
        st.session_state.pop(f"look-{kind}", None)
        _let_go(arguments["path"])
        with st.spinner(tr("Looking …")):
            st.session_state[f"look-{kind}"] = (title, arguments, _preview(kind, arguments))
        return
    st.session_state.pop(f"look-{kind}", None)
    queue.submit(store(), kind, title, arguments)
    _let_go("", given=arguments["path"])
    uploading.clear_stale(store())
    st.rerun()


def _let_go(path: str, given: str = "") -> None:
    """Clear kept uploads that no preview shows and that are not at `path`; those at `given` are their job's now."""
    shown = [st.session_state[f"look-{kind}"][1]["path"] for kind in ("import", "extract") if _is_shown(kind)]
    kept: dict[tuple[str, ...], Path] = st.session_state.get("kept-uploads", {})
    for files, folder in list(kept.items()):
        if Path(given).is_relative_to(folder):
            del kept[files]
        elif not any(Path(one).is_relative_to(folder) for one in (path, *shown)):
            uploading.clear(store(), folder)
            del kept[files]


def _is_shown(kind: str) -> bool:
    return f"look-{kind}" in st.session_state


def _preview(kind: str, arguments: dict[str, Any]) -> Preview:
    given = {**arguments, "path": Path(arguments["path"])}
    if kind == "import":
        return previewing.preview_import(store(), ImportRequest(**given))
    return previewing.preview_photos(store(), ExtractRequest(**given))


def _shown(kind: str) -> None:
    """What was looked at, with the button that starts its job."""
    if not _is_shown(kind):
        return
    title, arguments, found = st.session_state[f"look-{kind}"]
    with st.container(border=True), shown_errors():
        preview(found)
        if st.button(title, type="primary", icon=":material/play_arrow:", key=f"start-{kind}"):
            _go(kind, title, arguments, look=False)


def _place(uploads: Sequence[uploading.Upload], path: str) -> tuple[Path, str]:
    """What the job is to read, and what to call it; raises InputError when there is nothing."""
    if uploads:
        folder = _kept(uploads)
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


def _kept(uploads: Sequence[uploading.Upload]) -> Path:
    """The folder with these uploads; looked at again, they are not written again."""
    kept: dict[tuple[str, ...], Path] = st.session_state.setdefault("kept-uploads", {})
    files = tuple(upload.file_id for upload in uploads)
    if files not in kept or not kept[files].is_dir():
        kept[files] = uploading.keep(store(), uploads)
    return kept[files]

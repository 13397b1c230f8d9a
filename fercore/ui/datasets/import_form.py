"""The form that imports a dataset: a source, its file or path, a name."""

from typing import Any, Final

import streamlit as st

from fercore.language import tr
from fercore.services.datasets import aihub_labels
from fercore.services.datasets.imports import ImportRequest
from fercore.services.naming import checked_name
from fercore.sources.readers import SOURCES
from fercore.sources.record import NEUTRALS, NeutralFrames
from fercore.splits import SPLIT_CHOICES, SplitChoice
from fercore.ui.datasets import import_actions
from fercore.ui.shell.session import shown_errors, store

SPLIT_NAMES: Final[dict[SplitChoice | None, str]] = {
    None: "as the source is used",
    SplitChoice.SUBJECT: "by person: 80 %, 10 %, 10 %",
    SplitChoice.SOURCE: "as its makers split it",
    SplitChoice.TRAIN: "train",
    SplitChoice.VALIDATION: "validation",
    SplitChoice.TEST: "test",
}
NEUTRAL_NAMES: Final = {
    NeutralFrames.ALL: "of all sequences",
    NeutralFrames.LABELLED: "of labelled sequences",
    NeutralFrames.NONE: "none",
}


def form() -> None:
    """Choose a source, its file or path and a name; look at it, then start an import job."""
    source = st.selectbox(tr("Source"), list(SOURCES), format_func=lambda key: tr(SOURCES[key].title), key="source")
    known = SOURCES[source]
    st.caption(tr(known.gives))
    if source == "aihub":
        _words()
    with st.form("import", border=False):
        name = st.text_input(tr("Dataset name"), placeholder=known.dataset, key=f"import-name-{source}")
        upload = st.file_uploader(
            tr("A CSV, Parquet, zip or tar from this computer"),
            ["csv", "gz", "zip", "tar", "tgz", "parquet"],
            key="import-file",
        )
        path = st.text_input(
            tr("… or a path on the server"),
            placeholder=f"/data/{known.dataset.lower()}",
            help=tr("A file, a zip or a folder that this server can read. Better for large sources."),
            key="import-path",
        )
        options = _options(source)
        look, start = import_actions.buttons(tr("Import"), ":material/upload:")
        if look or start:
            place, title = import_actions.place([upload] if upload else [], path)
            dataset, copy = checked_name(name or known.dataset), upload is not None
            import_actions.go(ImportRequest(source, place, dataset, copy=copy, title=title, **options), look)
    import_actions.shown(ImportRequest)


def _words() -> None:
    """The map from AI Hub's words to emotions, to be read and edited."""
    with st.popover(tr("Words and emotions"), icon=":material/translate:"), shown_errors():
        st.caption(tr("The emotion for each of AI Hub's words. A changed map needs a higher version."))
        written = st.text_area(tr("Map"), aihub_labels.text(store()), height=360, key="words")
        if st.button(tr("Save")):
            saved = aihub_labels.save(store(), written)
            st.success(tr("Version {version} is used from now on.", version=saved.version))


def _options(source: str) -> dict[str, Any]:
    first, second, third = st.columns(3, vertical_alignment="bottom")
    choices = [choice for choice in SPLIT_CHOICES if SOURCES[source].names_persons or choice != SplitChoice.SUBJECT]
    split = first.selectbox(
        tr("Split"), [None, *choices], format_func=lambda key: tr(SPLIT_NAMES[key]), key=f"import-split-{source}"
    )
    options: dict[str, Any] = {"split": split}
    if source == "ckplus":
        options["neutral"] = second.selectbox(
            tr("Neutral first frames"), NEUTRALS, format_func=lambda key: tr(NEUTRAL_NAMES[key])
        )
    if source == "aihub":
        options["detect"] = second.checkbox(
            tr("Use the detector"), help=tr("Otherwise the median of the annotators' boxes counts where they agree.")
        )
    help_text = tr("Otherwise one bad row stops the import.")
    options["skip_bad"] = third.checkbox(tr("Skip bad rows and list them"), help=help_text)
    return options

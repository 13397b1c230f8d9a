"""The form that extracts faces from photos: the photos, a name, what is looked for."""

from typing import Any

import streamlit as st

from fercore.faces.boxes import FaceSelection
from fercore.faces.detection import AUTO, DETECTORS
from fercore.faces.photos import EMOTION_FROM, EmotionFrom
from fercore.language import tr
from fercore.services.datasets.extraction import ExtractRequest
from fercore.services.naming import checked_name
from fercore.splits import SPLITS
from fercore.ui.datasets import import_actions


def form() -> None:
    """Choose photos and a name; look at them, then start an extraction job."""
    with st.form("extract", border=False):
        name = st.text_input(tr("Dataset name"), placeholder="KFE", key="extract-name")
        uploads = st.file_uploader(
            tr("Photos, or a zip or tar of them, from this computer"),
            None,  # the content of a file says what it is, not its name
            accept_multiple_files=True,
            key="extract-files",
        )
        path = st.text_input(
            tr("… or a folder on the server"),
            placeholder="/data/photos",
            help=tr("Better for many photos: they are read where they are, and not copied."),
            key="extract-path",
        )
        options = _options()
        look, start = import_actions.buttons(tr("Extract"), ":material/crop_free:")
        if look or start:
            place, title = import_actions.place(uploads, path)
            dataset = checked_name(name or "KFE")
            import_actions.go(ExtractRequest(place, dataset, copy=bool(uploads), title=title, **options), look)
    import_actions.shown(ExtractRequest)


def _options() -> dict[str, Any]:
    first, second, third, fourth = st.columns(4)
    which = {FaceSelection.ALL: tr("every face"), FaceSelection.LARGEST: tr("the largest")}
    names = {
        EmotionFrom.NONE: tr("no: label in review"),
        EmotionFrom.PARENT: tr("the folder's name"),
        EmotionFrom.FILENAME: tr("the file's name"),
    }
    return {
        "which": first.selectbox(tr("Faces"), list(which), format_func=which.__getitem__),
        "emotion_from": second.selectbox(tr("Emotion from a name"), EMOTION_FROM, format_func=names.__getitem__),
        "split": third.selectbox(tr("Split"), SPLITS, format_func=tr),
        "detector": fourth.selectbox(
            tr("Detector"), [AUTO, *DETECTORS], format_func=lambda name: tr("by itself") if name == AUTO else name
        ),
    }

"""The ways in on Predict: files, the clipboard, the camera, a sample for those who have no photo."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from fercore.language import tr
from fercore.services.datasets.uploads import Upload
from fercore.services.prediction import intake
from fercore.services.prediction.intake import Intake
from fercore.services.prediction.sample import sample
from fercore.ui import photo_input
from fercore.ui.shell.text import literal

UPLOADER: Final = "photos"
_SAMPLE: Final = "sample-photo"
# A finger needs more than Streamlit's buttons have.
_TOUCH: Final = """<style>@media (max-width:640px),(pointer:coarse){
[data-testid=stMain] [data-testid=stButton] button,[data-testid=stMain] [data-testid=stDownloadButton] button,
[data-testid=stFileUploaderDropzone] button,[data-testid=stCameraInputButton],
[data-testid=stMain] [data-testid=stTab]{min-height:44px}}</style>"""


@dataclass(frozen=True)
class Given:
    """The files by their kind, and the pictures of the camera; `own` are the visitor's own photos to show."""

    files: Intake
    shots: Sequence[Upload]
    own: Sequence[Upload]


def draw() -> Given:
    """Draw the ways in; returns what came through them. A sample is there until there is something else."""
    st.html(_TOUCH)
    from_file, from_camera = st.tabs([tr("Upload"), tr("Camera")])
    with from_file:
        uploads = _uploaded()
    with from_camera:
        shots = _shots()
    files = intake.sorted_by_kind(uploads)
    for fault in files.refused:
        st.warning(f"{literal(fault.where)}: {literal(fault.why)}", icon=":material/block:")
    if uploads or shots:
        st.session_state.pop(_SAMPLE, None)
    elif _SAMPLE in st.session_state:
        return Given(Intake(photos=(sample(st.session_state[_SAMPLE]),)), (), ())
    return Given(files, shots, files.photos)


def _uploaded() -> list[Upload]:
    uploads = st.file_uploader(
        tr("Photos, a zip of photos, or a short clip"),
        None,  # the content of a file says what it is, not its name
        accept_multiple_files=True,
        max_upload_size=intake.MOST_PACKED_MB,
        key=UPLOADER,
    )
    row = st.container(horizontal=True, vertical_alignment="center")
    with row:
        photo_input.draw("pasting", UPLOADER)
    label = tr("Another sample photo") if _SAMPLE in st.session_state else tr("Try a sample photo")
    row.button(label, key="sample", icon=":material/palette:", on_click=_next_sample, disabled=bool(uploads))
    return list(uploads)


def _next_sample() -> None:
    st.session_state[_SAMPLE] = st.session_state.get(_SAMPLE, -1) + 1


def _shots() -> list[Upload]:
    shot = st.camera_input(tr("Face the camera")) if st.toggle(tr("Use the camera")) else None
    photo_input.draw("recording", UPLOADER)
    return [shot] if shot else []

"""A photo with its faces marked, and seven bars for the chosen one."""

import html
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st

from fercore.charts.theme import dressed
from fercore.emotions import COLOURS, EMOTIONS
from fercore.errors import FercoreError
from fercore.faces.decoding import decode
from fercore.faces.marking import marked
from fercore.language import tr
from fercore.prediction.explanation import Reader
from fercore.services.datasets import detectors
from fercore.services.datasets.uploads import Upload
from fercore.services.prediction import certainty as answer_sets
from fercore.services.prediction import photos, warm_models
from fercore.services.prediction.certainty import AnswerSets
from fercore.services.prediction.photos import PhotoPrediction
from fercore.ui.prediction import certainty, explanation, remarks
from fercore.ui.prediction.pictures import inline
from fercore.ui.shell.session import fragment, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import face_wall

SHOWN_WIDTH: Final = 900
PHOTO_STYLE: Final = "<style>.fc-photo{width:100%;max-height:75vh;object-fit:contain;display:block}</style>"
_LOG: Final = logging.getLogger(__name__)


Key = tuple[int, float, str, bool]


@dataclass(frozen=True)
class MarkedPhoto:
    """A photo that was read, its picture with marks as a data URL, the `reader` that was asked, and its sets."""

    read: PhotoPrediction
    picture: str
    reader: Reader
    sets: AnswerSets | None


def show(run: int, uploads: Sequence[Upload], shots: Sequence[Upload] = (), calibrated: bool = False) -> None:
    """Read photos one by one and draw what was found, or say why not: whatever is wrong with one, others follow.

    `shots` are those of the camera, and come last. Calibrated probabilities are scaled by the run's temperature.
    """
    problem = detectors.choice(store().settings).problem
    if problem and (uploads or shots):
        st.warning(literal(problem), icon=":material/info:")
    known: dict[Key, MarkedPhoto] = st.session_state.get("photos-read", {})
    st.session_state["photos-read"] = {}  # what was taken off the page is forgotten
    for upload in (*uploads, *shots):
        try:
            key = (run, photos.changed(store(), run), upload.file_id, calibrated)
            shown = known.get(key) or _read(run, upload, calibrated)
            st.session_state["photos-read"][key] = shown
            fragment(_photo, shown, upload.name, f"{run}-{upload.file_id}-{calibrated}", upload in shots)
        except FercoreError as error:
            st.warning(f"{literal(upload.name)}: {literal(error)}", icon=":material/broken_image:")
        except Exception as error:
            _LOG.exception("A photo could not be shown")
            why = tr(
                "This photo could not be shown ({why}). The log of the server says more.", why=type(error).__name__
            )
            st.error(f"{literal(upload.name)}: {why}", icon=":material/error:")


def _read(run: int, upload: Upload, calibrated: bool) -> MarkedPhoto:
    upload.seek(0)
    data = upload.read()
    with st.spinner(tr("Looking for faces…")):
        reader = warm_models.reader(store(), run, calibrated)
        read = photos.predict(reader, upload.name, data, detectors.chosen(store()))
    colours = [COLOURS[int(row.argmax())] for row in read.probabilities]
    picture = marked(decode(data), [face.box for face in read.faces], colours, SHOWN_WIDTH)
    sets = answer_sets.of_run(store(), run, calibrated)
    return MarkedPhoto(
        read, inline(picture), lambda faces: warm_models.reader(store(), run, calibrated).probabilities(faces), sets
    )


def _photo(shown: MarkedPhoto, name: str, key: str, from_camera: bool) -> None:
    """The photo, and beside it one of its faces."""
    left, right = st.columns([3, 2])
    with left:
        alt = html.escape(tr("The photo with its faces marked"))
        st.html(f'<img class="fc-photo" data-testid="photo" alt="{alt}" src="{shown.picture}">{PHOTO_STYLE}')
        st.caption(literal(name))
    with right:
        if shown.read.faces:
            _face(shown, key)
        else:
            st.info(_advice(from_camera))


def _advice(from_camera: bool) -> str:
    """Advice where no face was found: only before the camera can the person move."""
    if from_camera:
        return tr("No face was found. Faces should be frontal, upright and well lit.")
    return tr("No face was found. Try a photo in which the face is upright, sharp, well lit and not too small.")


def _face(shown: MarkedPhoto, key: str) -> None:
    """The choice of a face by its number, its crop as the model reads it, its seven bars, and the reasons."""
    read = shown.read
    names = {
        number: f"{number} · {tr(EMOTIONS[int(row.argmax())])}"
        for number, row in enumerate(read.probabilities, start=1)
    }
    chosen = st.pills(
        tr("Faces"), list(names), default=1, format_func=names.__getitem__, key=f"face-{key}", required=True
    )
    face, row = read.faces[chosen - 1], read.probabilities[chosen - 1]
    crop, words = st.columns([1, 2], vertical_alignment="center")
    with crop:
        face_wall.wall_of([(face.pixels.tobytes(), "")])
    words.markdown(certainty.headline(row, shown.sets))
    if shown.sets is not None:
        words.caption(certainty.measured(shown.sets))
    if read.remarks[chosen - 1]:
        words.caption(remarks.sentences(read.remarks[chosen - 1], face.box))
    st.plotly_chart(_bars(row), key=f"bars-{key}-{chosen}", config={"displayModeBar": False})
    explanation.show(shown.reader, face.pixels, f"{key}-{chosen}")


def _bars(row: Any) -> go.Figure:
    names = [tr(name) for name in EMOTIONS]
    figure = go.Figure(
        go.Bar(
            y=names,
            x=[value if f"{value:.0%}" != "0%" else 0 for value in row],  # a bar that says 0 % has no length
            orientation="h",
            marker_color=list(COLOURS),
            text=[f"{value:.0%}" for value in row],
            textposition="outside",
            cliponaxis=False,
        )
    )
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(range=[0, 1.12], tickformat=".0%", showticklabels=False)
    return dressed(figure, 210).update_layout(hovermode=False, margin={"l": 8, "r": 8, "t": 4, "b": 4})

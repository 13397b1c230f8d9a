"""A photo with its faces marked, and seven bars for each."""

import logging
from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st

from fercore.charts.theme import dressed
from fercore.emotions import COLOURS, EMOTIONS
from fercore.errors import FercoreError
from fercore.faces.decoding import decode
from fercore.faces.marking import marked
from fercore.language import tr
from fercore.services import predicting
from fercore.services.predicting import SMALL_SIDE, VISITORS, Read
from fercore.services.uploading import Upload
from fercore.ui.session import store
from fercore.ui.text import literal

SHOWN_WIDTH: Final = 900
_LOG: Final = logging.getLogger(__name__)


@st.cache_resource(show_spinner=False, max_entries=3)
def _predictor(run: int, _changed: float) -> Any:
    return predicting.load(store(), run)


def show(run: int, upload: Upload, keep: bool) -> None:
    """Read one photo and draw what was found, or say why not: whatever is wrong with it, other photos follow."""
    try:
        _show(run, upload, keep)
    except FercoreError as error:
        st.warning(f"{literal(upload.name)}: {literal(error)}", icon=":material/broken_image:")
    except Exception as error:
        _LOG.exception("A photo could not be shown")
        why = tr("This photo could not be shown ({why}). The log of the server says more.", why=type(error).__name__)
        st.error(f"{literal(upload.name)}: {why}", icon=":material/error:")


def _show(run: int, upload: Upload, keep: bool) -> None:
    upload.seek(0)
    data = upload.read()
    with st.spinner(tr("Looking for faces…")):
        read = predicting.predict(_predictor(run, predicting.changed(store(), run)), upload.name, data)
    picture = marked(
        decode(data),
        [face.box for face in read.faces],
        [COLOURS[int(row.argmax())] for row in read.probabilities],
        SHOWN_WIDTH,
    )
    if keep:
        predicting.keep(store(), read, data)
        st.caption(tr("Kept: its faces wait in the dataset '{name}' to be labelled.", name=VISITORS))
    left, right = st.columns([3, 2])
    left.image(picture, caption=literal(upload.name), width="stretch", alt=tr("The photo with its faces marked"))
    with right:
        _faces(read, upload.file_id)


def _faces(read: Read, key: str) -> None:
    if not read.faces:
        st.info(tr("No face was found. A face should look into the camera, upright and well lit."))
        return
    for number, (face, row) in enumerate(zip(read.faces, read.probabilities, strict=True), start=1):
        best = int(row.argmax())
        st.markdown(f"**{number} · {tr(EMOTIONS[best])}** {row[best]:.0%}")
        if min(face.box[2:]) < SMALL_SIDE:
            st.caption(tr("This face is small in the photo, so take the reading with care."))
        st.plotly_chart(_bars(row), key=f"bars-{key}-{number}", config={"displayModeBar": False})


def _bars(row: Any) -> go.Figure:
    names = [tr(name) for name in EMOTIONS]
    figure = go.Figure(
        go.Bar(
            y=names,
            x=row,
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

"""A photo with its faces marked, and seven bars for each."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from fercore.charts.theme import dressed
from fercore.emotions import COLOURS, EMOTIONS
from fercore.faces.decoding import decode
from fercore.faces.opencv import opencv
from fercore.language import tr
from fercore.services import predicting
from fercore.services.predicting import SMALL_SIDE, VISITORS, Read
from fercore.services.uploading import Upload
from fercore.ui.session import store
from fercore.ui.text import literal

SHOWN_WIDTH = 900


@st.cache_resource(show_spinner=False, max_entries=3)
def _predictor(run: int, _changed: float) -> Any:
    return predicting.load(store(), run)


def show(run: int, upload: Upload, keep: bool) -> None:
    """Read one photo and draw what was found; raises UnreadableImageError."""
    upload.seek(0)
    data = upload.read()
    with st.spinner(tr("Looking for faces…")):
        read = predicting.predict(_predictor(run, predicting.changed(store(), run)), upload.name, data)
    if keep:
        predicting.keep(store(), read, data)
        st.caption(tr("Kept: its faces wait in the dataset '{name}' to be labelled.", name=VISITORS))
    left, right = st.columns([3, 2])
    left.image(
        _marked(data, read), caption=literal(upload.name), width="stretch", alt=tr("The photo with its faces marked")
    )
    with right:
        _faces(read)


def _faces(read: Read) -> None:
    if not read.faces:
        st.info(tr("No face was found. A face should look into the camera, upright and well lit."))
        return
    for number, (face, row) in enumerate(zip(read.faces, read.probabilities, strict=True), start=1):
        best = int(row.argmax())
        st.markdown(f"**{number} · {tr(EMOTIONS[best])}** {row[best]:.0%}")
        if min(face.box[2:]) < SMALL_SIDE:
            st.caption(tr("This face is small in the photo, so take the reading with care."))
        st.plotly_chart(
            _bars(row), key=f"bars-{read.photo}-{number}-{face.pixel_hash[:12]}", config={"displayModeBar": False}
        )


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


def _marked(data: bytes, read: Read) -> Any:
    """The photo, upright and at most 900 px wide, with numbered boxes: (h, w, 3) uint8."""
    cv2 = opencv()
    photo = decode(data)
    picture: Any = np.ascontiguousarray(photo.colour)
    width = read.size[0]
    scale = min(SHOWN_WIDTH, picture.shape[1]) / picture.shape[1]
    if scale < 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    factor = picture.shape[1] / width
    for number, (face, row) in enumerate(zip(read.faces, read.probabilities, strict=True), start=1):
        x, y, w, h = (round(value * factor) for value in face.box)
        hexes = COLOURS[int(row.argmax())].lstrip("#")
        colour = tuple(int(hexes[i : i + 2], 16) for i in (0, 2, 4))
        cv2.rectangle(picture, (x, y), (x + w, y + h), (0, 0, 0), 5, cv2.LINE_AA)
        cv2.rectangle(picture, (x, y), (x + w, y + h), colour, 3, cv2.LINE_AA)
        cv2.rectangle(picture, (x, y), (x + 26, y + 28), colour, -1)
        cv2.putText(picture, str(number), (x + 5, y + 21), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 0, 0), 2, cv2.LINE_AA)
    return picture

"""Why a model reads an emotion in a face: the map over its crop, one sentence, and two curves."""

import hashlib
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from fercore.charts import explanation as charts
from fercore.emotions import EMOTIONS
from fercore.language import tr
from fercore.prediction import explanation
from fercore.prediction.explanation import Explanation, Reader
from fercore.prediction.face_parts import FacePart, foremost
from fercore.ui.prediction.pictures import inline

_KEPT: Final = "explained-face"  # in the browser session: the last one, as a visitor's face is stored nowhere
STYLE: Final = "<style>.fc-why{width:min(240px,100%);border-radius:4px;display:block}</style>"


def show(reader: Reader, face: npt.NDArray[np.uint8], key: str) -> None:
    """The switch, and below it what speaks for the predicted emotion of a (48, 48) face, or for a chosen one."""
    if not st.toggle(tr("Why?"), key=f"why-{key}"):
        return
    explained = _explained(reader, face, key)
    best = int(explained.probabilities.argmax())
    emotion = st.selectbox(
        tr("What speaks for"),
        range(len(EMOTIONS)),
        index=best,
        format_func=lambda number: tr(EMOTIONS[number]),
        key=f"why-emotion-{key}",
    )
    importance = explained.maps[emotion]
    alt = tr("The face, orange where it speaks for {emotion} and blue where it speaks against", emotion=named(emotion))
    picture = inline(charts.overlay(face, importance))
    st.html(f'<img class="fc-why" data-testid="why" alt="{alt}" src="{picture}">{STYLE}')
    st.markdown(said(emotion, foremost(importance)))
    st.caption(
        tr("Orange speaks for it, blue against. Found by blurring parts of the face and asking the model each time.")
    )
    found = explanation.curves(reader, face, importance, emotion)
    st.plotly_chart(
        charts.curves(found.deletion, found.insertion), key=f"why-curves-{key}", config={"displayModeBar": False}
    )


def named(emotion: int) -> str:
    """An emotion in the user's language."""
    return tr(EMOTIONS[emotion])


def said(emotion: int, parts: tuple[FacePart, ...]) -> str:
    """The explanation in one sentence."""
    if not parts:
        return tr("No part of the face speaks for {emotion}.", emotion=named(emotion))
    words = {
        FacePart.FOREHEAD: tr("the forehead"),
        FacePart.BROWS: tr("the brows"),
        FacePart.EYES: tr("the eyes"),
        FacePart.NOSE: tr("the nose"),
        FacePart.CHEEKS: tr("the cheeks"),
        FacePart.MOUTH: tr("the mouth"),
        FacePart.CHIN: tr("the chin"),
        FacePart.EDGE: tr("the edge of the picture"),
    }
    if len(parts) == 1:
        return tr("The strongest sign of {emotion}: {part}.", part=words[parts[0]], emotion=named(emotion))
    return tr(
        "The strongest signs of {emotion}: {part} and {other}.",
        part=words[parts[0]],
        other=words[parts[1]],
        emotion=named(emotion),
    )


def _explained(reader: Reader, face: npt.NDArray[np.uint8], key: str) -> Explanation:
    name = (key, hashlib.sha256(face.tobytes()).hexdigest())
    kept: tuple[Any, Explanation] | None = st.session_state.get(_KEPT)
    if kept is None or kept[0] != name:
        kept = (name, explanation.explained(reader, face))
        st.session_state[_KEPT] = kept
    return kept[1]

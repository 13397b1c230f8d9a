"""Faces as a wall of tiles to look at."""

import base64
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from fercore.faces.opencv import opencv
from fercore.store import faces
from fercore.ui.session import store

CSS = """<style>.fc-wall{display:flex;flex-wrap:wrap;gap:6px}
.fc-wall figure{margin:0;width:96px}
.fc-wall img{width:96px;height:96px;image-rendering:pixelated;border-radius:4px;display:block}
.fc-wall figcaption{font-size:.75rem;text-align:center;opacity:.8;white-space:nowrap}</style>"""


def wall(face_ids: Sequence[int], captions: Mapping[int, str]) -> None:
    """Tiles of 96 px with a caption each; captions are ours, never a user's words."""
    with store().database.reading() as session:
        grays = faces.grays(session, face_ids)
    tiles = "".join(
        f'<figure data-testid="wall-face" data-face-id="{face_id}"><img alt="" src="{picture(grays[face_id])}">'
        f"<figcaption>{captions.get(face_id, '')}</figcaption></figure>"
        for face_id in face_ids
        if face_id in grays
    )
    st.html(f'{CSS}<div class="fc-wall">{tiles}</div>')


def picture(gray: bytes) -> str:
    """2,304 gray bytes as a PNG data URL."""
    encoded = opencv().imencode(".png", np.frombuffer(gray, np.uint8).reshape(faces.SIDE, faces.SIDE))[1]
    return f"data:image/png;base64,{base64.b64encode(encoded.tobytes()).decode()}"

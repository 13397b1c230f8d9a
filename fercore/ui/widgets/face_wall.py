"""Faces as a wall of tiles to look at."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape

import numpy as np
import streamlit as st

from fercore.faces.opencv import opencv
from fercore.faces.pixels import SIDE
from fercore.services.review import face_detail
from fercore.ui.shell.session import store

CSS = """<style>.fc-wall{display:flex;flex-wrap:wrap;gap:6px}
.fc-wall figure{margin:0;width:96px}
.fc-wall img{width:96px;height:96px;image-rendering:pixelated;border-radius:4px;display:block}
.fc-wall img{outline:1px solid rgb(140 140 140)} /* white on a light page and black on a dark one have an edge, too */
.fc-wide figure{width:144px}
.fc-wide img{width:144px;height:144px}
.fc-pair figure{width:auto;max-width:230px}
.fc-pair figure>span{display:flex;gap:2px}
.fc-large img{width:min(240px,44vw);height:min(240px,44vw);image-rendering:pixelated;border-radius:4px}
.fc-large{display:flex;gap:12px}
.fc-wall figcaption{font-size:.75rem;text-align:center;opacity:.8;white-space:nowrap}
.fc-wide figcaption{white-space:normal}
.fc-pair figcaption{white-space:pre-line;text-align:left;overflow-wrap:anywhere}</style>"""


def wall(
    face_ids: Sequence[int], captions: Mapping[int, str], wide: bool = False, links: Mapping[int, str] | None = None
) -> None:
    """Tiles of 96 px (144 where captions are long) with a caption each, which is ours, never a user's words.

    `links` are addresses by face.
    """
    grays = face_detail.grays(store(), face_ids)
    known = [face_id for face_id in face_ids if face_id in grays]
    tiles = (
        _tile(grays[face_id], captions.get(face_id, ""), f' data-face-id="{face_id}"', (links or {}).get(face_id))
        for face_id in known
    )
    _wall(tiles, wide)


def wall_of(pictures: Sequence[tuple[bytes, str]]) -> None:
    """The same of faces that are not stored yet: gray bytes and captions of ours."""
    _wall(_tile(gray, caption) for gray, caption in pictures)


def pairs(shown: Sequence[tuple[tuple[int, str], tuple[int, str], str]]) -> None:
    """Pairs of tiles side by side: (face, address) twice, and a caption, in which names of users may stand."""
    grays = face_detail.grays(store(), [face for first, second, _ in shown for face, _ in (first, second)])
    figures = (
        f'<figure data-testid="wall-pair"><span>{_linked(grays, first)}{_linked(grays, second)}</span>'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
        for first, second, caption in shown
        if first[0] in grays and second[0] in grays
    )
    st.html(f'{CSS}<div class="fc-wall fc-pair">{"".join(figures)}</div>')


def _linked(grays: Mapping[int, bytes], face: tuple[int, str]) -> str:
    number, link = face
    return f'<a href="{escape(link)}" aria-label="#{number}"><img alt="" src="{picture(grays[number])}"></a>'


def large_pair(faces: tuple[int, int]) -> None:
    """Two faces side by side, large, to be compared."""
    grays = face_detail.grays(store(), faces)
    pictures = "".join(f'<img alt="" src="{picture(grays[face])}">' for face in faces if face in grays)
    st.html(f'{CSS}<div class="fc-wall fc-large" data-testid="pair">{pictures}</div>')


def _wall(tiles: Iterable[str], wide: bool = False) -> None:
    st.html(f'{CSS}<div class="fc-wall{" fc-wide" if wide else ""}">{"".join(tiles)}</div>')


def _tile(gray: bytes, caption: str, mark: str = "", link: str | None = None) -> str:
    face = f'<img alt="" src="{picture(gray)}">'
    if link is not None:
        face, caption = f'<a href="{escape(link)}" aria-label="{caption}">{face}</a>', f"<span>{caption}</span>"
    return f'<figure data-testid="wall-face"{mark}>{face}<figcaption>{caption}</figcaption></figure>'


def picture(gray: bytes) -> str:
    """2,304 gray bytes as a PNG data URL."""
    encoded = opencv().imencode(".png", np.frombuffer(gray, np.uint8).reshape(SIDE, SIDE))[1]
    return f"data:image/png;base64,{base64.b64encode(encoded.tobytes()).decode()}"

"""Faces in pages, and the choice of their number."""

from collections.abc import Sequence
from math import ceil
from typing import Final, TypeVar

import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.language import tr
from fercore.ui.widgets import bound_choice

SHOWN_FACES: Final = 96
PAGE: Final = "faces-page"
ANY: Final = "any"
_ALL: Final = 0
_COUNTS: Final = (SHOWN_FACES, 24, 48, 200, 500, _ALL)
F = TypeVar("F")


def first_page() -> None:
    """Begin with the first page of faces."""
    st.session_state.pop(PAGE, None)


def page(faces: Sequence[F], every: int) -> Sequence[F]:
    """The faces of the chosen page; `every` counts them without filters."""
    pages = ceil(len(faces) / SHOWN_FACES)
    row = st.container(horizontal=True, vertical_alignment="center")
    number = 1
    if pages > 1:
        numbers = list(range(1, pages + 1))
        number = bound_choice.box(row, tr("Page"), numbers, PAGE, lambda n: f"{n} / {pages}", width=110)
    start = (number - 1) * SHOWN_FACES
    shown = faces[start : start + SHOWN_FACES]
    words = tr("Faces {first} to {last} of {count}", first=start + 1, last=start + len(shown), count=f"{len(faces):,}")
    row.caption(words if len(faces) == every else f"{words}, {tr('{count} unfiltered', count=f'{every:,}')}")
    return shown


def count(row: "st.delta_generator.DeltaGenerator") -> int | None:
    """The number of first faces that are meant; None for all."""
    words = {number: tr("all") if number == _ALL else str(number) for number in _COUNTS}
    return bound_choice.box(row, tr("How many"), _COUNTS, "first", words.__getitem__, width=110) or None


def emotion(row: "st.delta_generator.DeltaGenerator", label: str, key: str) -> int | None:
    """One emotion, or None for all."""
    chosen = bound_choice.box(
        row, label, [ANY, *EMOTIONS], key, lambda name: tr("all") if name == ANY else tr(name), width=150
    )
    return None if chosen == ANY else EMOTIONS.index(chosen)

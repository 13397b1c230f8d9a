"""Buttons for what may be refused: disabled, with the reason below, before any question is asked."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from fercore.errors import InputError
from fercore.ui.shell.text import literal


def button(place: "st.delta_generator.DeltaGenerator", label: str, check: Callable[[], object], **looks: Any) -> bool:
    """True when it is pressed; `check` raises InputError where the action would be refused."""
    why = refusal(check)
    pressed = place.button(label, disabled=bool(why), **looks)
    if why:
        place.caption(f":material/info: {literal(why)}")
    return pressed


def refusal(check: Callable[[], object]) -> str:
    """Why an action would be refused; empty where it would not be."""
    try:
        check()
    except InputError as error:
        return str(error)
    return ""

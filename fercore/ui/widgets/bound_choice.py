"""Choices that stand in the page's address as a plain value: the same in every language.

Streamlit's own binding writes the words that are shown, which another language, a new accuracy or a changed count makes
unknown.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from fercore.language import tr
from fercore.ui.shell.text import literal

T = TypeVar("T", str, int)


def box(
    place: "st.delta_generator.DeltaGenerator",
    label: str,
    options: Sequence[T],
    key: str,
    words: Callable[[T], str] = str,
    other_key: str = "",
    **looks: Any,
) -> T:
    """The option chosen in a select box; the first one is the default and stands in no address.

    `other_key` is understood in an address, too: what other pages call the same choice.
    """
    if other_key in st.query_params:
        st.query_params[key] = st.query_params[other_key]
        del st.query_params[other_key]
    chosen = _boxed(place, label, options, key, words, **looks)
    _write(chosen, options, key)
    return chosen


def lasting_box(
    place: "st.delta_generator.DeltaGenerator",
    label: str,
    options: Sequence[T],
    key: str,
    words: Callable[[T], str] = str,
    **looks: Any,
) -> T:
    """The same where another option may be the first tomorrow, such as a newer run: the first one stands in the
    address, too, and a link goes on to show what it showed.
    """
    chosen = _boxed(place, label, options, key, words, **looks)
    _write(chosen, (), key)
    return chosen


def _boxed(
    place: "st.delta_generator.DeltaGenerator",
    label: str,
    options: Sequence[T],
    key: str,
    words: Callable[[T], str],
    **looks: Any,
) -> T:
    unknown = _read(options, key, words)
    chosen: T = place.selectbox(label, options, format_func=words, key=key, **looks)
    _told(place, unknown)
    return chosen


def segments(
    place: "st.delta_generator.DeltaGenerator",
    label: str,
    options: Sequence[T],
    key: str,
    words: Callable[[T], str] = str,
    **looks: Any,
) -> T:
    """The option chosen among buttons in a row; it stands in the address, the first one, too."""
    unknown = _read(options, key, words)
    chosen: T = place.segmented_control(label, options, format_func=words, key=key, required=True, **looks)
    _told(place, unknown)
    _write(chosen, (), key)
    return chosen


def switch(place: "st.delta_generator.DeltaGenerator", label: str, key: str, **looks: Any) -> bool:
    """A toggle; it stands in the address as `yes` while it is on."""
    st.session_state.setdefault(key, st.query_params.get(key) == "yes")
    is_on = bool(place.toggle(label, key=key, **looks))
    if is_on:
        st.query_params[key] = "yes"
    else:
        st.query_params.pop(key, None)
    return is_on


def line(label: str, key: str, longest: int = 2_000, **looks: Any) -> str:
    """A line of text; it stands in the address where there is any."""
    st.session_state.setdefault(key, st.query_params.get(key, "")[:longest])
    text: str = st.text_input(label, key=key, max_chars=longest, **looks).strip()
    if text:
        st.query_params[key] = text
    else:
        st.query_params.pop(key, None)
    return text


def several(label: str, options: Sequence[T], key: str, words: Callable[[T], str] = str, **looks: Any) -> list[T]:
    """The options chosen in a box for several; they stand in the address with commas between them."""
    by_value = {str(option): option for option in options}
    name = st.query_params.get(key, "")
    is_new = name != st.session_state.get(f"{key}-address")
    known = [option for option in st.session_state.get(key, []) if option in options]
    st.session_state[key] = [by_value[part] for part in name.split(",") if part in by_value] if is_new else known
    chosen: list[T] = st.multiselect(label, options, format_func=words, key=key, **looks)
    written = st.session_state[f"{key}-address"] = ",".join(map(str, chosen))
    if written:
        st.query_params[key] = written
    elif name:
        del st.query_params[key]
    return chosen


def forget(key: str) -> None:
    """Take a choice out of the address, so that the first option is chosen when the page runs again."""
    for name in (key, f"{key}-address"):
        st.session_state.pop(name, None)
    st.query_params.pop(key, None)


def _read(options: Sequence[T], key: str, words: Callable[[T], str]) -> str:
    """Take an option that the address names anew, and the first one where none is chosen; returns a name in the address
    that is none of them.
    """
    name = st.query_params.get(key, "")
    is_new = name != st.session_state.get(f"{key}-address")
    if st.session_state.get(key) not in options or (is_new and name):
        st.session_state[key] = _named(name, options, words)
        if is_new and name and not any(name in (str(option), words(option)) for option in options):
            return name
    return ""


def _told(place: "st.delta_generator.DeltaGenerator", unknown: str) -> None:
    """A line where the address names what is not here, such as a run that was deleted since."""
    if unknown:
        place.caption(literal(tr("The address names '{name}', which is not here.", name=unknown[:80])))


def _write(chosen: T, options: Sequence[T], key: str) -> None:
    """Name the chosen option in the address, if it is not the first one."""
    name = st.query_params.get(key, "")
    written = "" if options and chosen == options[0] else str(chosen)
    st.session_state[f"{key}-address"] = written
    if written and written != name:
        st.query_params[key] = written
    elif name and not written:
        del st.query_params[key]


def _named(name: str, options: Sequence[T], words: Callable[[T], str]) -> T:
    """The option that an address names by its value, or as older addresses do by its words; else the first one."""
    by_words = next((option for option in options if name and name == words(option)), options[0])
    return next((option for option in options if name and name == str(option)), by_words)

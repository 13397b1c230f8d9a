"""A recipe as a form: one widget for each knob, made from the knob's own type, bounds and description."""

import hashlib
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

import streamlit as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from fercore.language import tr
from fercore.training.recipes.recipe import Recipe
from fercore.training.recipes.validation import own_recipe

COLUMNS: Final = 3
EMPTY: Final = "–"


def stamped(recipe: Recipe) -> str:
    """A recipe's name and what it holds, in short, for keys: widgets with such a key never show an older recipe."""
    return f"{recipe.name}-{hashlib.sha256(recipe.model_dump_json().encode()).hexdigest()[:8]}"


def form(recipe: Recipe, name: str) -> Recipe | None:
    """The recipe as it was changed, once somebody saves it; raises InputError for what cannot be used."""
    with st.form(f"knobs-{stamped(recipe)}"):
        title = st.text_input(tr("Name"), name)
        values = _widgets(recipe, stamped(recipe))
        if not st.form_submit_button(tr("Save"), type="primary", icon=":material/save:"):
            return None
    return own_recipe({**values, "name": title.strip()})


def _widgets(model: BaseModel, key: str) -> dict[str, Any]:
    """The present values of all knobs, below each other in columns."""
    fields = {name: field for name, field in type(model).model_fields.items() if name != "name"}
    plain = {name: field for name, field in fields.items() if not isinstance(getattr(model, name), BaseModel)}
    values: dict[str, Any] = {}
    items = list(plain.items())
    for start in range(0, len(items), COLUMNS):
        row = items[start : start + COLUMNS]
        for (name, field), column in zip(row, st.columns(COLUMNS, vertical_alignment="bottom"), strict=False):
            with column:
                values[name] = _widget(name, field, getattr(model, name), f"{key}/{name}")
    for name in fields.keys() - plain.keys():
        st.markdown(f"**{_label(name)}**")
        values[name] = _widgets(getattr(model, name), f"{key}/{name}")
    return values


def _widget(name: str, field: FieldInfo, value: Any, key: str) -> Any:
    label, help_text = _label(name), tr(field.description) if field.description else None
    choices, optional, kinds = _shape(field.annotation)
    if choices and not kinds:
        options = [*([None] if optional else []), *choices]
        return st.selectbox(
            label, options, options.index(value), key=key, help=help_text, format_func=lambda option: option or EMPTY
        )
    if kinds == {bool}:
        return st.toggle(label, value, key=key, help=help_text)
    # Numbers as text: a step that suits 0.00001 and 300 alike does not exist, and a choice may be a word.
    written = st.text_input(label, EMPTY if value is None else f"{value}", key=key, help=_help(help_text, choices))
    return _read(written)


def _shape(annotation: Any) -> tuple[list[Any], bool, set[type]]:
    """(the words to choose from, whether it may be empty, the types of other values)."""
    parts = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    words = [word for part in parts if get_origin(part) is Literal for word in get_args(part)]
    kinds = {part for part in parts if isinstance(part, type) and part is not NoneType}
    return words, NoneType in parts, kinds


def _label(name: str) -> str:
    return tr(name.replace("_", " "))


def _help(description: str | None, choices: list[Any]) -> str | None:
    words = tr("{words}, or a number", words=", ".join(map(str, choices))) if choices else ""
    return "; ".join(part for part in (description, words) if part) or None


def _read(written: str) -> Any:
    """The value that was typed: nothing, a number, or a word; the recipe itself says whether it fits."""
    text = written.strip()
    if text in ("", EMPTY, "-"):
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text

"""A user's own recipe from plain values; what does not fit is told in sentences."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from fercore.errors import InputError, StoredDataError
from fercore.language.sentences import sentence
from fercore.training.recipes.recipe import Augmentation, Recipe

_LONGEST: Final = 100  # characters of a value in a sentence


def own_recipe(knobs: Mapping[str, Any]) -> Recipe:
    """The recipe of these knobs; raises `InputError` with one sentence for each that does not fit."""
    try:
        return Recipe.model_validate(dict(knobs))
    except ValidationError as error:
        raise InputError(" ".join(complaints(error))) from error


def stored_recipe(knobs: Mapping[str, Any]) -> Recipe:
    """The recipe that a run was stored with; raises `StoredDataError` where today's knobs do not take it."""
    try:
        return Recipe.model_validate(dict(knobs))
    except ValidationError as error:
        raise StoredDataError(
            sentence(
                "The run's recipe is of an earlier fercore and cannot be used: {reasons} Start a "
                "new run with another recipe.",
                reasons=" ".join(complaints(error)),
            )
        ) from error


def complaints(error: ValidationError) -> list[str]:
    """One sentence for each fault: which knob, what came, what was expected."""
    sentences: dict[str, str] = {}  # of a knob that may be one of several kinds, the first kind speaks
    for fault in error.errors():
        path = [part for part in fault["loc"] if part in Recipe.model_fields or part in Augmentation.model_fields]
        name = ".".join(map(str, path or fault["loc"]))
        sentences.setdefault(name, _sentence(name, dict(fault)))
    return list(sentences.values())


def _sentence(name: str, fault: dict[str, Any]) -> str:
    kind, actual = fault["type"], fault["input"]
    if kind == "value_error":
        return str(fault["ctx"]["error"])
    if kind == "extra_forbidden":
        inside = name.startswith("augmentation.") or fault["loc"][0] == "augmentation"
        known = Augmentation.model_fields if inside else Recipe.model_fields
        given = _short(".".join(map(str, fault["loc"])))
        return sentence("A recipe has no knob '{name}'. Choose one of {known}.", name=given, known=", ".join(known))
    if kind == "missing":
        return sentence("'{name}' is missing: give it.", name=name)
    reason = f"{fault['msg'][0].lower()}{fault['msg'][1:]}"
    return sentence("{name} is {came}: {reason}.", name=name, came=_short(repr(actual)), reason=reason)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

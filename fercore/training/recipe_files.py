"""Recipes as YAML: written with every knob, read strictly, refused with one sentence for each fault."""

from typing import Any, Final

import yaml
from pydantic import ValidationError

from fercore.errors import InputError
from fercore.training.recipe import Recipe

MAX_BYTES: Final = 64 * 1024


def as_yaml(recipe: Recipe) -> str:
    """The recipe with all its knobs, in the order in which they are declared."""
    text: str = yaml.safe_dump(recipe.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    return text


def from_yaml(text: str) -> Recipe:
    """The recipe in a YAML text; knobs that it leaves out are the paper's. Raises `InputError`."""
    if len(text.encode()) > MAX_BYTES:
        raise InputError(f"A recipe has at most {MAX_BYTES // 1024} KB; this text has {len(text.encode()) // 1024} KB.")
    try:
        # Anchors could blow a small text up, and no recipe needs them.
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise InputError("A recipe is read without YAML's aliases (*name): write the value out.")
        knobs = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(f"This is no YAML: {_where(error)}.") from error
    if not isinstance(knobs, dict):
        raise InputError("A recipe is a list of knobs, one 'name: value' in each line.")
    return from_knobs(knobs)


def from_knobs(knobs: dict[str, Any]) -> Recipe:
    """The recipe with these knobs; raises `InputError` with a sentence for each that cannot be used."""
    try:
        return Recipe.model_validate({str(name): value for name, value in knobs.items()})
    except ValidationError as error:
        faults = [_sentence(one["loc"], one["msg"], one["input"]) for one in error.errors()]
        raise InputError(f"The recipe cannot be used: {'; '.join(faults)}.") from error


def _sentence(place: tuple[int | str, ...], message: str, given: object) -> str:
    knob = ".".join(str(step) for step in place)
    if message == "Extra inputs are not permitted":
        return f"there is no knob '{knob}'"
    if message == "Field required":
        return f"'{knob}' is missing"
    shown = str(given)
    return f"'{knob}' is {shown[:40]}: {message[0].lower()}{message[1:]}"


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or type(error).__name__
    return f"{problem} in line {mark.line + 1}" if mark else str(problem)

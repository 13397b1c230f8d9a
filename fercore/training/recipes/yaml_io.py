"""Recipes as YAML: written with every knob, read strictly, refused with one sentence for each fault."""

from typing import Final

import yaml
from yaml.reader import ReaderError

from fercore.errors import InputError
from fercore.language.sentences import sentence
from fercore.training.recipes import plain_yaml
from fercore.training.recipes.recipe import Recipe
from fercore.training.recipes.validation import own_recipe

MAX_BYTES: Final = 64 * 1024


def as_yaml(recipe: Recipe) -> str:
    """The recipe with all its knobs, in the order in which they are declared."""
    return plain_yaml.dump(recipe.model_dump(mode="json"))


def from_yaml(text: str) -> Recipe:
    """The recipe in a YAML text; knobs that it leaves out are the paper's. Raises `InputError`."""
    size = len(text.encode(errors="surrogatepass"))
    if size > MAX_BYTES:
        raise InputError(
            sentence(
                "A recipe has at most {limit} KB; this text has {size} KB.",
                limit=MAX_BYTES // 1024,
                size=size // 1024,
            )
        )
    try:
        # Anchors could blow a small text up, and no recipe needs them.
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise InputError(sentence("A recipe is read without YAML's aliases (*name): write the value out."))
        knobs = plain_yaml.load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(sentence("This is not YAML: {where}.", where=_where(error))) from error
    if not isinstance(knobs, dict):
        raise InputError(sentence("A recipe is a list of knobs, one 'name: value' in each line."))
    return own_recipe({str(name): value for name, value in knobs.items()})


def _where(error: Exception) -> str:
    if isinstance(error, ReaderError):
        return f"character {error.position + 1} (U+{error.character:04X}) has no place in a text"
    if isinstance(error, RecursionError):
        return "it is too deep, and a recipe has two levels"
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or type(error).__name__
    return f"{problem} in line {mark.line + 1}" if mark else str(problem)

"""Recipes: the two that fercore brings, and people's own as YAML files in the data folder."""

from pathlib import Path
from typing import Final

from fercore.errors import InputError, NotFoundError, StoredDataError
from fercore.language import tr
from fercore.language.sentences import words
from fercore.language.system_reasons import reason
from fercore.services.naming import checked_name
from fercore.store import Store
from fercore.training.recipes.recipe import RECIPES, Recipe
from fercore.training.recipes.yaml_io import as_yaml, from_yaml

SUFFIX: Final = ".yaml"
LONGEST: Final = 200  # bytes of a name, which is also a file's


def listed(store: Store) -> dict[str, Recipe]:
    """Every recipe by its name, fercore's own first; a file that cannot be read is left out (see `faults`)."""
    own = {path.stem: _read(path) for path in _files(store)}
    return {**RECIPES, **{name: recipe for name, recipe in own.items() if isinstance(recipe, Recipe)}}


def faults(store: Store) -> list[str]:
    """Faults of files that hold no usable recipe, one sentence each."""
    recipes_read = ((path, _read(path)) for path in _files(store))
    return [f"{path.name}: {fault}" for path, fault in recipes_read if isinstance(fault, str)]


def named(store: Store, name: str) -> Recipe:
    """The recipe of that name; raises NotFoundError with the names there are."""
    known = listed(store)
    if name not in known:
        raise NotFoundError("recipe", name, list(known))
    return known[name]


def save(store: Store, recipe: Recipe) -> Recipe:
    """Keep a recipe under its name, in place of an earlier one; raises InputError for fercore's own names."""
    clean = recipe.model_copy(update={"name": checked_name(recipe.name)})
    if clean.name in RECIPES:
        raise InputError(tr("'{name}' is fercore's own recipe: give yours another name.", name=clean.name))
    path = _path(store, clean.name)
    part = path.with_suffix(".part")
    part.write_text(as_yaml(clean), encoding="utf-8")
    part.replace(path)
    return clean


def remove(store: Store, name: str) -> None:
    """Delete one of people's own recipes; runs keep the recipe they were trained with."""
    if name in RECIPES:
        raise InputError(tr("'{name}' is fercore's own recipe and stays.", name=name))
    named(store, name)
    _path(store, name).unlink(missing_ok=True)


def _path(store: Store, name: str) -> Path:
    if len(name.encode()) > LONGEST or name.startswith("."):
        raise InputError(tr("'{name}' cannot be a recipe's name: it is too long or begins with a dot.", name=name))
    return store.recipes / f"{name}{SUFFIX}"


def _files(store: Store) -> list[Path]:
    return sorted(path for path in store.recipes.glob(f"*{SUFFIX}") if path.stem not in RECIPES)


def _read(path: Path) -> Recipe | str:
    """A file's recipe, or why it holds none; its name is the file's."""
    try:
        recipe = from_yaml(path.read_text(encoding="utf-8"))
    except (InputError, StoredDataError) as error:
        return str(error)
    except (OSError, UnicodeDecodeError) as error:
        return tr("cannot be read ({error})", error=words(reason(error)))
    return recipe.model_copy(update={"name": path.stem})

"""The installation's own map from AI Hub's words to the seven emotions: read, checked and saved."""

import os
import tempfile
from pathlib import Path

from fercore.errors import InputError
from fercore.language import tr
from fercore.sources.emotion_map import SHIPPED, WordMap, word_map
from fercore.store import Store


def own_file(store: Store) -> Path:
    """The place of the installation's own map, if it has one."""
    return store.settings.data_dir / SHIPPED.name


def current(store: Store) -> WordMap:
    """The map that imports use: the installation's own, or the shipped one; raises InputError for a broken file."""
    own = own_file(store)
    return word_map(own if own.is_file() else None)


def text(store: Store) -> str:
    """The map's file as it is; bytes that are not UTF-8 are replaced, to be corrected by hand."""
    own = own_file(store)
    return (own if own.is_file() else SHIPPED).read_text("utf-8", "replace")


def save(store: Store, written: str) -> WordMap:
    """Keep a map as the installation's own; raises InputError where it is none, or its version was used before."""
    own = own_file(store)
    handle, name = tempfile.mkstemp(dir=own.parent, suffix=".toml")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(written)
        new, old = word_map(draft, own.name), _replaced(store)
        if new.words != old.words and new.version <= old.version:
            raise InputError(
                tr(
                    "The map has changed, but its version is {version}. Write a version above {old}.",
                    version=new.version,
                    old=old.version,
                )
            )
        draft.replace(own)
    finally:
        draft.unlink(missing_ok=True)
    return new


def _replaced(store: Store) -> WordMap:
    """The map that another one takes the place of; one that cannot be read has no version."""
    try:
        return current(store)
    except InputError:
        return WordMap(0, {})

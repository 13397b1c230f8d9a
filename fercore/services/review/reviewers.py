"""Reviewers: a list from which everybody at the machine chooses themselves."""

import unicodedata
from collections.abc import Iterable
from typing import Final

from fercore.clock import now
from fercore.errors import InputError, NotFoundError
from fercore.language import tr
from fercore.store import Store
from fercore.store.review import reviewers
from fercore.store.system import names as stored_names

LONGEST: Final = 60


def own_name(store: Store) -> str:
    """The present name of the person whom the settings name."""
    return present_name(store, store.settings.user)


def listed(store: Store) -> list[str]:
    """The person whom the settings name, then everybody who was added and is not retired."""
    with store.database.reading() as session:
        known = reviewers.names(session)
    return list(dict.fromkeys([own_name(store), *known]))


def retired(store: Store) -> list[str]:
    """The people who were retired."""
    with store.database.reading() as session:
        return reviewers.retired(session)


def everybody(store: Store) -> list[str]:
    """All people with a name here: those on the list, those who decided, those in tasks, and the retired ones."""
    with store.database.reading() as session:
        return sorted({*listed(store), *reviewers.known(session)})


def present_name(store: Store, name: str) -> str:
    """The name that a person has now, where they were renamed."""
    with store.database.reading() as session:
        return reviewers.present_name(session, name)


def present_names(store: Store, names: Iterable[str]) -> list[str]:
    """The names that people have now, each once."""
    with store.database.reading() as session:
        renames = reviewers.renames(session)
    return list(dict.fromkeys(renames.get(name, name) for name in names))


def outbox(store: Store, name: str) -> str:
    """The name under which browsers keep a person's unsent decisions: the same after a rename."""
    with store.database.reading() as session:
        return reviewers.outbox(session, name)


def add(store: Store, name: str) -> str:
    """Add somebody; returns the name as it is kept. Raises InputError for what is no name."""
    clean = _checked(name)
    people = listed(store)
    alike = [known for known in (*people, *everybody(store)) if known.casefold() == clean.casefold()]
    name = alike[0] if alike else clean
    if name not in people:
        with store.database.writing() as session:
            reviewers.add(session, name)
    return name


def rename(store: Store, old: str, new: str) -> str:
    """Give a person another name on all that they did; returns it.

    Raises NotFoundError for an unknown person, InputError for what is no name or another person's.
    """
    clean, people = _checked(new), everybody(store)
    if old not in people:
        raise NotFoundError("person", old, people, _now(store, old))
    if any(name.casefold() == clean.casefold() for name in people if name != old):
        raise InputError(tr("There is a person named '{name}' already: choose another name.", name=clean))
    if clean != old:
        with store.database.writing() as session:
            stored_names.rename_person(session, old, clean)
    return clean


def check_retirable(store: Store, name: str) -> None:
    """Raise InputError for the settings' user, NotFoundError for an unknown person."""
    if name == own_name(store):
        raise InputError(tr("'{name}' is named by the settings (FERCORE_USER) and stays.", name=name))
    people = everybody(store)
    if name not in people:
        raise NotFoundError("person", name, people, _now(store, name))


def retire(store: Store, name: str) -> None:
    """Offer a person nowhere any more; what they decided stays. Raises InputError and NotFoundError."""
    check_retirable(store, name)
    with store.database.writing() as session:
        reviewers.set_retired(session, name, now())


def call_back(store: Store, name: str) -> None:
    """Offer a retired person again; raises NotFoundError."""
    people = everybody(store)
    if name not in people:
        raise NotFoundError("person", name, people, _now(store, name))
    with store.database.writing() as session:
        reviewers.set_retired(session, name, None)


def _now(store: Store, name: str) -> list[str]:
    present = present_name(store, name)
    return [present] if present != name else []


def _checked(name: str) -> str:
    clean = " ".join(unicodedata.normalize("NFC", name).split())
    if not clean or len(clean) > LONGEST or any(unicodedata.category(sign).startswith("C") for sign in clean):
        raise InputError(
            tr(
                "Names have 1 to {longest} printable characters; this one has {count}.",
                longest=LONGEST,
                count=len(clean),
            )
        )
    return clean

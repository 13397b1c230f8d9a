"""Who reviews: a list from which everybody at the machine chooses themselves."""

import unicodedata
from typing import Final

from fercore.errors import InputError
from fercore.language import tr
from fercore.store import Store, reviewers

LONGEST: Final = 60


def listed(store: Store) -> list[str]:
    """Whom the settings name, then everybody who was added."""
    with store.database.reading() as session:
        known = reviewers.names(session)
    return list(dict.fromkeys([store.settings.user, *known]))


def add(store: Store, name: str) -> str:
    """Add somebody; returns the name as it is kept. Raises InputError for what is no name."""
    clean = " ".join(unicodedata.normalize("NFC", name).split())
    if not clean or len(clean) > LONGEST or any(unicodedata.category(sign).startswith("C") for sign in clean):
        raise InputError(
            tr(
                "A name has 1 to {longest} characters that can be read; this one has {count}.",
                longest=LONGEST,
                count=len(clean),
            )
        )
    same = next((known for known in listed(store) if known.casefold() == clean.casefold()), None)
    if same is None:
        with store.database.writing() as session:
            reviewers.add(session, clean)
    return same or clean

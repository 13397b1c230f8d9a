"""Access to maps beside the pages: a token for each page session, with what it may read and what was chosen with it.

A browser asks for a million points by HTTP, where no page session is known: the page hands it a token that nobody can
guess, which ends.
"""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.clock import now
from fercore.services.audit.map_view import MapView

LASTS: Final = timedelta(hours=8)  # after its last use
MOST_TOKENS: Final = 500
MOST_SELECTIONS: Final = 8
Places = npt.NDArray[np.int64]


@dataclass
class MapAccess:
    """One page session's access to one map, from one browser (None: not known); `chosen` are places by selection."""

    view: MapView
    browser: str | None
    ends: datetime
    chosen: OrderedDict[str, Places] = field(default_factory=OrderedDict)


_given: Final[OrderedDict[str, MapAccess]] = OrderedDict()
_turn: Final = threading.Lock()


def grant(view: MapView, browser: str | None, token: str | None = None) -> str:
    """A token for a map; the one that was given before, where it still opens the same map."""
    with _turn:
        known = _given.get(token or "")
        if token is not None and known is not None and known.view.key == view.key and known.ends > now():
            known.ends = now() + LASTS
            return token
        for old in [old for old, access in _given.items() if access.ends <= now()]:
            del _given[old]
        while len(_given) >= MOST_TOKENS:
            _given.popitem(last=False)
        token = secrets.token_urlsafe(32)
        _given[token] = MapAccess(view, browser, now() + LASTS)
        return token


def opened(token: str | None, browser: str | None, key: str) -> MapAccess | None:
    """The access that a token gives to a map, which lasts on with each use; None for any that gives none."""
    with _turn:
        access = _given.get(token or "")
        if access is None or access.ends <= now() or access.view.key != key:
            return None
        if access.browser is not None and not secrets.compare_digest(access.browser, browser or ""):
            return None
        access.ends = now() + LASTS
        _given.move_to_end(token or "")
        return access


def keep(access: MapAccess, places: Places) -> str:
    """Keep a selection with the access that it was made with; returns its name."""
    name = secrets.token_urlsafe(8)
    with _turn:
        access.chosen[name] = places
        while len(access.chosen) > MOST_SELECTIONS:
            access.chosen.popitem(last=False)
    return name


def selection(token: str, name: str) -> tuple[MapView, Places] | None:
    """What was chosen under a name; None where it is too long ago."""
    with _turn:
        access = _given.get(token)
        places = None if access is None else access.chosen.get(name)
        return None if access is None or places is None else (access.view, places)

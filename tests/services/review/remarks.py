"""Flags and notes: how a test sets them through the grid's events, and sees them."""

from dataclasses import replace

from sqlalchemy import select

from fercore.services.review import grid
from fercore.store.tables import Remark
from tests.services.review.recrops import event, view_of

NOTE = "**두 눈** <b>감김</b>\n둘째 줄"


def send(store, *events, **more):
    return grid.commit(store, view_of(store, **more.pop("view", {})), list(events), **more)


def by(store, name, *events, blind=False):
    return grid.commit(store, replace(view_of(store), reviewer=name, blind=blind), list(events))


def flag(face, on=True, **more):
    return event("flag", face=face, on=on, **more)


def note(face, text=NOTE, **more):
    return event("note", face=face, text=text, **more)


def tiles(store, ids, name="Kim", blind=False):
    """(flagged, others have notes, own note) of each face as a person sees it."""
    view = replace(view_of(store), reviewer=name, blind=blind)
    return [(tile["flagged"], tile["othersNoted"], tile["note"]) for tile in grid.tiles(store, view, ids)]


def events(store):
    with store.database.reading() as session:
        return [
            (scalar.reviewer, scalar.whose, scalar.kind, scalar.text)
            for scalar in session.scalars(select(Remark).order_by(Remark.sequence))
        ]

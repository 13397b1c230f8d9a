"""Crops that are replaced by hand: how a test asks for one, decides, undoes, and looks."""

from uuid import uuid4

from sqlalchemy import select

from fercore.curation.review_filter import ReviewFilter
from fercore.services.review import grid
from fercore.store.tables import Dataset, Face

BOX = [60, 20, 90, 90]
BAD_CROP = ("rejected", "bad crop")
WITHDRAWN = ("withdrawn", None)


def view_of(store, **more):
    with store.database.reading() as session:
        return ReviewFilter(session.scalar(select(Dataset.id).order_by(Dataset.id)), "Kim", **more)


def event(kind, **more):
    return {"id": str(uuid4()), "action": str(uuid4()), "type": kind} | more


def recut(store, face, box=BOX, **more):
    made = event("recut", face=face, box=box)
    return made, grid.commit(store, view_of(store, **more), [made])


def decide(store, face, emotion=2):
    grid.commit(store, view_of(store), [event("decide", face=face, emotion=emotion)])


def undo(store, made=None):
    return grid.commit(store, view_of(store), [event("undo", undoes=made and made["action"])])


def states(store):
    with store.database.reading() as session:
        return [(face.state, face.reason) for face in session.scalars(select(Face).order_by(Face.id))]

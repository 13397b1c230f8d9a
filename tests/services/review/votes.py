"""Votes of people and an adjudicator's settlement: how a test says them."""

from uuid import uuid4

from fercore.curation.review_filter import ReviewFilter
from fercore.services.review import grid
from fercore.store.tables import Face


def dataset_of(store, face):
    with store.database.reading() as session:
        return session.get_one(Face, face).dataset_id


def say(store, who, faces, emotion=None, reason=None, **view):
    action = str(uuid4())
    events = [
        {"id": str(uuid4()), "action": action, "face": face, "emotion": emotion, "reason": reason} for face in faces
    ]
    note = view.pop("note", "")
    grid.commit(store, ReviewFilter(dataset_of(store, faces[0]), who, **view), events, note=note)
    return action


def rule(store, faces, emotion=None, reason=None, who="judge", note=""):
    return say(store, who, faces, emotion, reason, adjudicates=True, note=note)

"""Decisions of some hours ago: how a test makes them."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import update

from fercore.clock import now
from fercore.curation.review_filter import ReviewFilter
from fercore.services.review import grid
from fercore.store.tables import Decision, Face


def decide(store, who, faces, emotion, hours_ago=0.0, task=None):
    """One key press on all these faces, so many hours ago."""
    view, action = ReviewFilter(dataset_of(store, faces[0]), who, task=task), str(uuid4())
    events = [{"id": str(uuid4()), "action": action, "face": face, "emotion": emotion} for face in faces]
    grid.commit(store, view, events)
    with store.database.writing() as session:
        moment = now() - timedelta(hours=hours_ago)
        session.execute(update(Decision).where(Decision.action == action).values(decided_at=moment))


def dataset_of(store, face):
    with store.database.reading() as session:
        return session.get_one(Face, face).dataset_id


def labels(store, faces):
    with store.database.reading() as session:
        return [session.get_one(Face, face).emotion for face in faces]

"""The people who review, by name."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from fercore.store.database import now
from fercore.store.tables import Reviewer


def names(session: Session) -> list[str]:
    """Everybody who was added, in the order of their names."""
    return list(session.scalars(select(Reviewer.name).order_by(Reviewer.name)))


def add(session: Session, name: str) -> None:
    """Add somebody; a name that is there stays as it is."""
    if session.get(Reviewer, name) is None:
        session.add(Reviewer(name=name, added_at=now()))

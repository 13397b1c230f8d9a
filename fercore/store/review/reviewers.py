"""The people who review, by name."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.store.tables import Decision, Remark, Reviewer, Task


def names(session: Session) -> list[str]:
    """Everybody who was added and is not retired, in the order of their names."""
    query = select(Reviewer.name).where(Reviewer.retired_at.is_(None), Reviewer.renamed_to.is_(None))
    return list(session.scalars(query.order_by(Reviewer.name)))


def retired(session: Session) -> list[str]:
    """The people who were retired."""
    query = select(Reviewer.name).where(Reviewer.retired_at.is_not(None), Reviewer.renamed_to.is_(None))
    return list(session.scalars(query.order_by(Reviewer.name)))


def known(session: Session) -> set[str]:
    """Every name that a person has or decided under."""
    here = session.scalars(select(Reviewer.name).where(Reviewer.renamed_to.is_(None)))
    decided = session.scalars(select(Decision.reviewer).distinct())
    remarked = session.scalars(select(Remark.reviewer).distinct())
    planned = (name for people in session.scalars(select(Task.people)) for name in people)
    return {*here, *decided, *remarked, *planned}


def present_name(session: Session, name: str) -> str:
    """The name that a person has now; a tab that was open meanwhile still says the old one."""
    person = session.get(Reviewer, name)
    return name if person is None or person.renamed_to is None else person.renamed_to


def renames(session: Session) -> dict[str, str]:
    """The present names of all people who were renamed, by their former ones."""
    query = select(Reviewer.name, Reviewer.renamed_to).where(Reviewer.renamed_to.is_not(None))
    return {old: new for old, new in session.execute(query) if new is not None}


def outbox(session: Session, name: str) -> str:
    """The name under which browsers keep a person's unsent decisions: the same after a rename."""
    person = session.get(Reviewer, name)
    return name if person is None or person.outbox is None else person.outbox


def add(session: Session, name: str) -> None:
    """Add a person, or take them out of retirement; a name that is there stays as it is.

    Where it is a former name of another person, the unsent decisions under it stay that person's.
    """
    person = session.get(Reviewer, name)
    if person is None:
        session.add(Reviewer(name=name, added_at=now()))
        return
    if person.renamed_to is not None:
        person.outbox = f"{name}~{uuid4().hex[:12]}"
    person.retired_at = person.renamed_to = None


def set_retired(session: Session, name: str, at: datetime | None) -> None:
    """Retire a person, or call them back."""
    person = session.get(Reviewer, name)
    if person is None:
        person = Reviewer(name=name, added_at=now())
        session.add(person)
    person.retired_at = at

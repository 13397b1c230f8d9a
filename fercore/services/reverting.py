"""The history of decisions as people look at it, and a range of it taken back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from fercore.errors import InputError
from fercore.language import tr
from fercore.store import Store, datasets, history
from fercore.store.history import Past, Range


@dataclass(frozen=True)
class Asked:
    """Which decisions: of a dataset, a person, a task, from a moment up to before another; None means any."""

    dataset: str | None = None
    reviewer: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    task: int | None = None


@dataclass(frozen=True)
class History:
    """The latest decisions within what was asked, and how many there are; `standing` can be taken back."""

    latest: list[Past]
    decisions: int
    standing: int


def look(store: Store, asked: Asked, limit: int = 500) -> History:
    """What was decided there, newest first; raises NotFoundError for an unknown dataset."""
    within = _range(store, asked)
    with store.database.reading() as session:
        return History(history.listed(session, within, limit), *history.count(session, within))


def reviewers(store: Store) -> list[str]:
    """Everybody who ever decided."""
    with store.database.reading() as session:
        return history.reviewers(session)


def revert(store: Store, asked: Asked) -> int:
    """Take one person's decisions back, as new events; returns how many. Raises InputError without a person."""
    if not asked.reviewer:
        raise InputError(tr("Say whose decisions are taken back."))
    within = _range(store, asked)
    with store.database.writing() as session:
        return history.revert(session, within, str(uuid4()))


def _range(store: Store, asked: Asked) -> Range:
    with store.database.reading() as session:
        dataset_id = datasets.named(session, asked.dataset).id if asked.dataset else None
    if asked.since and asked.until and asked.since >= asked.until:
        raise InputError(tr("The range ends before it begins."))
    return Range(dataset_id, asked.reviewer, asked.since, asked.until, asked.task)

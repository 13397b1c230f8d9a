"""The history of decisions as people look at it, and a range of it reverted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from fercore.errors import InputError
from fercore.language import tr
from fercore.store import Store
from fercore.store.datasets import datasets
from fercore.store.review import history
from fercore.store.review import reviewers as people
from fercore.store.review.history import DecisionFilter, RevertedRange
from fercore.store.review.history import PastDecision as PastDecision


@dataclass(frozen=True)
class HistoryQuery:
    """Which decisions: of a dataset, a person, a task, from a moment up to before another; None means any."""

    dataset: str | None = None
    reviewer: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    task: int | None = None


@dataclass(frozen=True)
class HistoryPage:
    """The latest events within what was asked, how many decisions there are, and how many of them are in effect.

    `crops` counts the crops that the latter redrew; they are withdrawn where those are reverted.
    """

    latest: list[PastDecision]
    decisions: int
    standing: int
    crops: int = 0


def look(store: Store, query: HistoryQuery, limit: int = 500) -> HistoryPage:
    """The decisions made there, newest first; raises NotFoundError for an unknown dataset."""
    within = _range(store, query)
    with store.database.reading() as session:
        latest, counted = history.listed(session, within, limit), history.count(session, within)
        return HistoryPage(latest, *counted, history.crops(session, within))


def reviewers(store: Store) -> list[str]:
    """Everybody who ever decided or reverted."""
    with store.database.reading() as session:
        return history.reviewers(session)


def revert(store: Store, query: HistoryQuery, by: str | None = None) -> int:
    """Revert one person's decisions, as new events of the person who does it, by default the settings' user.

    Returns how many. Raises InputError without a person.
    """
    if not query.reviewer:
        raise InputError(tr("Choose a reviewer whose decisions to revert."))
    within = _range(store, query)
    with store.database.writing() as session:
        return history.revert(session, within, str(uuid4()), by or people.present_name(session, store.settings.user))


def reverts(store: Store, limit: int = 20) -> list[RevertedRange]:
    """The latest reverts, newest first."""
    with store.database.reading() as session:
        return history.reverts(session, limit)


def restore(store: Store, action: str, by: str | None = None) -> int:
    """Undo a revert, as a new event; returns how many decisions are in effect again, 0 where it was undone before."""
    with store.database.writing() as session:
        return history.restore(session, action, str(uuid4()), by or people.present_name(session, store.settings.user))


def _range(store: Store, query: HistoryQuery) -> DecisionFilter:
    with store.database.reading() as session:
        dataset_id = datasets.named(session, query.dataset).id if query.dataset else None
        reviewer = query.reviewer and people.present_name(session, query.reviewer)
    if query.since and query.until and query.since >= query.until:
        raise InputError(tr("The range ends before it begins."))
    return DecisionFilter(dataset_id, reviewer, query.since, query.until, query.task)

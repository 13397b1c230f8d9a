"""Audits: begun, gone on with, ended, and listed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.errors import NotFoundError
from fercore.store.tables import Audit, Decision


def begin(session: Session, datasets: Sequence[int], content: str, request: dict[str, Any], person: str) -> Audit:
    """An audit of these datasets; one that was asked alike, saw the same and did not end goes on."""
    query = select(Audit).where(Audit.content == content, Audit.ended_at.is_(None)).order_by(Audit.id.desc())
    for earlier in session.scalars(query):
        if earlier.request == request and earlier.datasets == list(datasets):
            return earlier
    last = session.scalar(select(func.max(Decision.sequence))) or 0
    audit = Audit(
        datasets=list(datasets), content=content, request=request, checks={}, faces=0, rejected=0, after=last,
        created_by=person, created_at=now(), ended_at=None,
    )  # fmt: skip
    session.add(audit)
    session.flush()
    return audit


def get(session: Session, audit_id: int) -> Audit:
    """One audit; raises NotFoundError."""
    audit = session.get(Audit, audit_id)
    if audit is None:
        raise NotFoundError("audit", audit_id)
    return audit


def note(session: Session, audit_id: int, check: str, counted: dict[str, Any]) -> None:
    """Keep what a check counted."""
    audit = session.get_one(Audit, audit_id)
    audit.checks = audit.checks | {check: counted}


def end(session: Session, audit_id: int) -> None:
    """Close an audit."""
    session.get_one(Audit, audit_id).ended_at = now()


def of_datasets(session: Session, datasets: Sequence[int]) -> list[Audit]:
    """The ended audits of exactly these datasets, in any order, the newest first."""
    wanted = sorted(datasets)
    query = select(Audit).where(Audit.ended_at.is_not(None)).order_by(Audit.id.desc())
    return [audit for audit in session.scalars(query) if sorted(audit.datasets) == wanted]


def listed(session: Session) -> list[Audit]:
    """All ended audits, the newest first."""
    return list(session.scalars(select(Audit).where(Audit.ended_at.is_not(None)).order_by(Audit.id.desc())))


def covering(session: Session, datasets: Sequence[int]) -> list[Audit]:
    """The ended audits that looked at all of these datasets, and maybe at others, the newest first."""
    return [audit for audit in listed(session) if set(datasets) <= set(audit.datasets)]


def with_check(session: Session, dataset: int, check: str) -> Audit | None:
    """The newest audit, ended or not, that made a check on a dataset, and maybe on others."""
    newest = session.scalars(select(Audit).order_by(Audit.id.desc()))
    return next((audit for audit in newest if dataset in audit.datasets and check in audit.checks), None)

"""Audits that still say how datasets are now."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from fercore.store.audit import audited_faces, audits
from fercore.store.tables import Audit, Dataset


def is_current(session: Session, audit: Audit) -> bool:
    """True while the faces, labels and splits of an audit's datasets are those that it looked at."""
    chosen = [session.get(Dataset, number) for number in audit.datasets]
    there = [dataset for dataset in chosen if dataset is not None]
    if len(there) < len(chosen):
        return False
    return audited_faces.content_hash(audited_faces.read(session, there), audit.datasets) == audit.content


def of_now(session: Session, datasets: Sequence[int], wanted: Sequence[str] = ()) -> Audit | None:
    """The newest audit of exactly these datasets that made these checks, if it is of the faces of now."""
    there = audits.of_datasets(session, datasets)
    fitting = next((audit for audit in there if all(check in audit.checks for check in wanted)), None)
    return fitting if fitting is not None and is_current(session, fitting) else None

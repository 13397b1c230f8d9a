"""Sweeps: grids of runs asked for at once."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.errors import NotFoundError
from fercore.store.tables import Sweep


def add(session: Session, name: str, plan: dict[str, Any]) -> Sweep:
    """Write a sweep down."""
    sweep = Sweep(name=name, plan=plan, created_at=now())
    session.add(sweep)
    session.flush()
    return sweep


def get(session: Session, sweep_id: int) -> Sweep:
    """The sweep of that number; raises NotFoundError."""
    sweep = session.get(Sweep, sweep_id)
    if sweep is None:
        raise NotFoundError("sweep", sweep_id)
    return sweep


def listed(session: Session) -> list[Sweep]:
    """All sweeps, newest first."""
    return list(session.scalars(select(Sweep).order_by(Sweep.id.desc())))


def remove(session: Session, sweep_id: int) -> None:
    """Forget a sweep; its runs stay."""
    session.execute(delete(Sweep).where(Sweep.id == sweep_id))

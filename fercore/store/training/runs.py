"""Runs and their epochs."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from fercore.errors import NotFoundError
from fercore.store.tables import Epoch, Job, Run, Snapshot


def get(session: Session, run_id: int) -> Run:
    """The run of that number; raises NotFoundError."""
    run = session.get(Run, run_id)
    if run is None:
        raise NotFoundError("run", run_id)
    return run


def snapshot_of(session: Session, run_id: int) -> int:
    """The snapshot that a run was trained on; raises NotFoundError, also for a model from elsewhere, which has none."""
    snapshot_id = get(session, run_id).snapshot_id
    if snapshot_id is None:
        raise NotFoundError("trained run", run_id)
    return snapshot_id


def snapshot(session: Session, run_id: int) -> Snapshot:
    """The snapshot of a run that was trained here; raises NotFoundError."""
    return session.get_one(Snapshot, snapshot_of(session, run_id))


def listed(session: Session) -> list[tuple[Run, Snapshot, Job | None]]:
    """All runs that were trained here, with their snapshots and jobs, newest first."""
    query = (
        select(Run, Snapshot, Job)
        .join(Snapshot, Snapshot.id == Run.snapshot_id)
        .outerjoin(Job, Job.id == Run.job_id)
        .order_by(Run.id.desc())
    )
    return [(run, snapshot, job) for run, snapshot, job in session.execute(query)]


def held(session: Session, run_id: int) -> Run:
    """The run of that number, which nobody else changes before this transaction ends; raises NotFoundError."""
    run = session.scalar(select(Run).where(Run.id == run_id).with_for_update())
    if run is None:
        raise NotFoundError("run", run_id)
    return run


def change_status(session: Session, run_id: int, before: Sequence[str], after: str) -> bool:
    """Change a run's status if it is one of those `before`; returns whether it was."""
    changed = update(Run).where(Run.id == run_id, Run.status.in_(before)).values(status=after).returning(Run.id)
    return session.scalar(changed) is not None


def set_values(session: Session, run_id: int, **values: object) -> None:
    """Change columns of one run."""
    session.execute(update(Run).where(Run.id == run_id).values(**values))


def in_demo(session: Session) -> Sequence[Run]:
    """The runs that have a place in the demo, which nobody else changes before this transaction ends."""
    return session.scalars(select(Run).where(Run.demo_place.is_not(None)).with_for_update()).all()


def note(session: Session, run_id: int, facts: Mapping[str, object]) -> None:
    """Add facts to a run's record."""
    run = held(session, run_id)
    run.record = {**(run.record or {}), **facts}


def peak_memory(session: Session, run_ids: Sequence[int]) -> dict[int, float]:
    """The highest memory of any epoch of runs in MiB, by run; runs whose epochs tell none are not among them."""
    query = select(Epoch.run_id, func.max(Epoch.memory_mb)).where(Epoch.run_id.in_(run_ids)).group_by(Epoch.run_id)
    return {run: value for run, value in session.execute(query) if value is not None}


def add_epoch(session: Session, epoch: Epoch) -> None:
    """Store one epoch's metrics; the same epoch again, after a resume, replaces them."""
    session.merge(epoch)


def epochs(session: Session, run_id: int) -> list[Epoch]:
    """The epochs of a run in order."""
    return list(session.scalars(select(Epoch).where(Epoch.run_id == run_id).order_by(Epoch.number)))


def epoch_counts(session: Session, run_ids: Sequence[int]) -> dict[int, int]:
    """The number of epochs that each of these runs has trained; runs without any are absent."""
    query = select(Epoch.run_id, func.count()).where(Epoch.run_id.in_(run_ids)).group_by(Epoch.run_id)
    return {run_id: count for run_id, count in session.execute(query)}


def epochs_of(session: Session, run_ids: Sequence[int]) -> dict[int, list[Epoch]]:
    """The epochs of several runs in order, by run."""
    by_run: dict[int, list[Epoch]] = {run_id: [] for run_id in run_ids}
    for epoch in session.scalars(select(Epoch).where(Epoch.run_id.in_(run_ids)).order_by(Epoch.run_id, Epoch.number)):
        by_run[epoch.run_id].append(epoch)
    return by_run


def replace_epochs(session: Session, run_id: int, epochs: Sequence[Epoch]) -> None:
    """Have exactly these epochs, none where a run starts over."""
    session.execute(delete(Epoch).where(Epoch.run_id == run_id))
    session.add_all(epochs)


def count(session: Session) -> int:
    """The number of runs."""
    return session.scalar(select(func.count()).select_from(Run)) or 0


def remove(session: Session, run_id: int) -> None:
    """Delete a run with its epochs and evaluations."""
    session.execute(delete(Run).where(Run.id == run_id))

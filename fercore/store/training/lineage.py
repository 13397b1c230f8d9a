"""Runs that continue others: what a run learned is what it and all runs before it learned."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from fercore.splits import Split
from fercore.store.tables import Face, Run, Snapshot, SnapshotFace

Link = tuple[Run, Snapshot]


def learned_snapshots(run_id: int) -> Select[int | None]:
    """The snapshots that a run and those before it were trained on, for a condition."""
    links = select(Run.snapshot_id, Run.continues).where(Run.id == run_id).cte("lineage", recursive=True)
    earlier = aliased(Run)
    before = select(earlier.snapshot_id, earlier.continues).join(links, earlier.id == links.c.continues)
    links = links.union_all(before)
    return select(links.c.snapshot_id)


def earlier(session: Session) -> dict[int, tuple[Link, ...]]:
    """The runs before each run that continues one, the nearest first, with their snapshots."""
    continued = {number: before for number, before in session.execute(_continuing())}
    wanted = {before for before in continued.values() if before is not None}
    query = select(Run, Snapshot).join(Snapshot, Snapshot.id == Run.snapshot_id).where(Run.id.in_(wanted))
    known = {run.id: (run, snapshot) for run, snapshot in session.execute(query)} if wanted else {}
    chains: dict[int, tuple[Link, ...]] = {}
    for number in sorted(continued):  # a run has a lower number than those that continue it
        before = continued[number]
        if before in known:
            chains[number] = (known[before], *chains.get(before, ()))
    return chains


def _continuing() -> Select[int, int | None]:
    return select(Run.id, Run.continues).where(Run.continues.is_not(None))


def continued_by(session: Session, run_id: int) -> list[int]:
    """The runs that continue a run."""
    return list(session.scalars(select(Run.id).where(Run.continues == run_id).order_by(Run.id)))


def training_faces(session: Session, run_id: int) -> dict[int, int]:
    """The number of different training faces of a run and those before it, by the number of their dataset."""
    query = select(Face.id, Face.dataset_id).join(SnapshotFace, SnapshotFace.face_id == Face.id)
    query = query.where(SnapshotFace.snapshot_id.in_(learned_snapshots(run_id)), SnapshotFace.split == Split.TRAIN)
    counts: dict[int, int] = {}
    for _, dataset in session.execute(query.distinct()):
        counts[dataset] = counts.get(dataset, 0) + 1
    return counts

"""Faces of an evaluation that are altered copies of what its run learned, as audits found them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fercore.curation.checks import Check
from fercore.curation.duplicates.kinds import DuplicateKind
from fercore.splits import Split
from fercore.store.audit import audits, findings
from fercore.store.tables import Audit, Dataset, Face, Prediction, SnapshotFace
from fercore.store.training.lineage import learned_snapshots


def audit_of(session: Session, dataset_id: int, learned: Sequence[str]) -> Audit | None:
    """The newest audit that looked for copies among a dataset and all datasets, by name, that a run learned from."""
    present = {name: number for number, name in session.execute(select(Dataset.id, Dataset.name))}
    if not all(name in present for name in learned):
        return None
    wanted = [dataset_id, *(present[name] for name in learned)]
    return next((each for each in audits.covering(session, wanted) if Check.DUPLICATES in each.checks), None)


def copies(session: Session, audit: Audit, evaluation_id: int, run_id: int) -> set[int]:
    """The faces of an evaluation whose group of copies has a face that its run, or one that it continues, learned."""
    groups = findings.clusters(session, audit.id, Check.DUPLICATES, DuplicateKind.BLANK)
    learned = select(SnapshotFace.face_id).where(
        SnapshotFace.snapshot_id.in_(learned_snapshots(run_id)), SnapshotFace.split == Split.TRAIN
    )
    known = {groups[face] for face in session.scalars(learned) if face in groups}
    tested = select(Face.id).join(Prediction, Prediction.face_id == Face.id)
    tested = tested.where(Prediction.evaluation_id == evaluation_id)
    return {face for face in session.scalars(tested) if groups.get(face) in known}

"""Snapshots that use the faces of a dataset or an import, which cannot be deleted meanwhile."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from fercore.errors import InUseError, NotFoundError
from fercore.language import tr, trn
from fercore.store.tables import Dataset, Face, Import, Snapshot, SnapshotFace


def refuse_if_frozen(session: Session, dataset: Dataset) -> None:
    """Raise InUseError where a snapshot uses one of a dataset's faces."""
    _refuse_if_frozen(session, Face.dataset_id == dataset.id, tr("Dataset '{name}'", name=dataset.name))


def refuse_if_import_frozen(session: Session, import_id: int) -> None:
    """Raise InUseError where a snapshot uses one of an import's faces, NotFoundError where there is no such import."""
    if session.get(Import, import_id) is None:
        raise NotFoundError("import", import_id)
    _refuse_if_frozen(session, Face.import_id == import_id, tr("This import"))


def _refuse_if_frozen(session: Session, faces: ColumnElement[bool], what: str) -> None:
    inside = select(SnapshotFace.face_id).join(Face, Face.id == SnapshotFace.face_id)
    frozen = inside.where(SnapshotFace.snapshot_id == Snapshot.id, faces).exists()
    users = list(session.scalars(select(Snapshot.name).where(frozen).order_by(Snapshot.id)))
    if users:
        raise InUseError(
            trn(
                "{what} is used by snapshot {names}: delete that snapshot first.",
                "{what} is used by snapshots {names}: delete these snapshots first.",
                len(users),
                what=what,
                names=", ".join(f"'{name}'" for name in users),
            )
        )

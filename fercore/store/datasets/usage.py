"""Snapshots that use the faces of a dataset or an import, which cannot be deleted meanwhile."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from fercore.errors import InUseError, NotFoundError
from fercore.language import tr, trn
from fercore.store.tables import Dataset, Face, Import, Snapshot, SnapshotFace


def refuse_if_frozen(session: Session, dataset: Dataset, quickly: bool = False) -> None:
    """Raise InUseError where a snapshot uses one of a dataset's faces; `quickly` trusts the names in snapshots."""
    users = _users(session, Face.dataset_id == dataset.id, dataset.name if quickly else None)
    _refuse(users, tr("Dataset '{name}'", name=dataset.name))


def refuse_if_import_frozen(session: Session, import_id: int, quickly: bool = False) -> None:
    """Raise InUseError where a snapshot uses one of an import's faces, NotFoundError where there is no such import."""
    source_import = session.get(Import, import_id)
    if source_import is None:
        raise NotFoundError("import", import_id)
    name = session.get_one(Dataset, source_import.dataset_id).name if quickly else None
    _refuse(_users(session, Face.import_id == import_id, name), tr("This import"))


def _users(session: Session, faces: ColumnElement[bool], dataset: str | None) -> list[str]:
    """The names of the snapshots that hold such a face, or of those among them that name a dataset."""
    rows = session.execute(select(Snapshot.id, Snapshot.datasets, Snapshot.validation_from))
    asking = [number for number, *named in rows if dataset is None or any(dataset in names for names in named)]
    inside = select(SnapshotFace.face_id).join(Face, Face.id == SnapshotFace.face_id)
    frozen = inside.where(SnapshotFace.snapshot_id == Snapshot.id, faces).exists()
    query = select(Snapshot.name).where(Snapshot.id.in_(asking), frozen).order_by(Snapshot.id)
    return list(session.scalars(query)) if asking else []


def _refuse(users: list[str], what: str) -> None:
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

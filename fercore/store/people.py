"""All that an installation holds of one person, found and deleted by the name their source gives them."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.orm import Session

from fercore.store.tables import (
    Base,
    Context,
    Dataset,
    Decision,
    Face,
    Import,
    Job,
    Photo,
    Prediction,
    Run,
    Snapshot,
    SnapshotFace,
)


@dataclass
class Holding:
    """What there is of a person: `faces` and `photos` are names, `snapshots` counts of their faces in each.

    `runs` were trained on such a snapshot; `copies` and `elsewhere` are the photos' own files, in the data
    folder and at places of this server which fercore only read.
    """

    subject: str
    datasets: dict[str, int] = field(default_factory=dict)
    faces: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    contexts: int = 0
    decisions: int = 0
    probabilities: int = 0
    snapshots: dict[str, int] = field(default_factory=dict)
    runs: list[int] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return asdict(self)


def find(session: Session, subject: str, dataset_id: int | None = None) -> Holding:
    """Everything of a person, in one dataset or in all; empty lists for somebody unknown."""
    faces, photos = _faces_of(subject, dataset_id), _photos_of(subject, dataset_id)
    ids = select(Face.id).where(faces)
    rows = session.execute(select(Dataset.name, Face.identity).join(Face).where(faces).order_by(Face.id)).all()
    files = session.execute(select(Photo.name, Photo.path, Photo.sha256).where(photos).order_by(Photo.id)).all()
    frozen = (
        select(Snapshot.name, func.count())
        .join(SnapshotFace)
        .where(SnapshotFace.face_id.in_(ids))
        .group_by(Snapshot.name)
    )
    snapshots = {name: count for name, count in session.execute(frozen)}
    trained = select(Run.id).join(Snapshot).where(Snapshot.name.in_(snapshots)).order_by(Run.id)
    return Holding(
        subject=subject,
        datasets=dict(Counter(name for name, _ in rows)),
        faces=[identity for _, identity in rows],
        photos=[name for name, _, _ in files],
        contexts=_count(session, Context, Context.face_id.in_(ids)),
        decisions=_count(session, Decision, Decision.face_id.in_(ids)),
        probabilities=_count(session, Prediction, Prediction.face_id.in_(ids)),
        snapshots=snapshots,
        runs=list(session.scalars(trained)),
        copies=[path for _, path, sha256 in files if path.endswith(sha256)],
        elsewhere=[path for _, path, sha256 in files if not path.endswith(sha256)],
    )


def purge(session: Session, subject: str, dataset_id: int | None = None) -> Holding:
    """Delete everything of a person but the photos' own files; returns what went.

    Snapshots lose the faces and are marked by how many; on SQLite the freed pages are overwritten.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete = ON"))
    found = find(session, subject, dataset_id)
    ids = select(Face.id).where(_faces_of(subject, dataset_id))
    for snapshot in session.scalars(select(Snapshot).where(Snapshot.name.in_(found.snapshots))):
        snapshot.purged += found.snapshots[snapshot.name]
    session.execute(delete(SnapshotFace).where(SnapshotFace.face_id.in_(ids)))
    session.execute(delete(Face).where(_faces_of(subject, dataset_id)))
    session.execute(delete(Photo).where(_photos_of(subject, dataset_id)))
    _forget_names(session, subject)
    return found


def _forget_names(session: Session, subject: str) -> None:
    """File names carry the person's hash into lists of what was skipped: take these entries out, too."""
    for one in session.scalars(select(Import)):
        one.skipped = _without(one.skipped, subject)
    for job in session.scalars(select(Job).where(Job.result.is_not(None))):
        job.result = _without(job.result, subject)


def _without(value: Any, subject: str) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner, subject) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, subject) for inner in value if subject not in str(inner)]
    return value


def _faces_of(subject: str, dataset_id: int | None) -> ColumnElement[bool]:
    named = Face.subject == subject
    return named if dataset_id is None else named & (Face.dataset_id == dataset_id)


def _photos_of(subject: str, dataset_id: int | None) -> ColumnElement[bool]:
    named = Photo.subject == subject
    return named if dataset_id is None else named & (Photo.dataset_id == dataset_id)


def _count(session: Session, table: type[Base], condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(condition)) or 0

"""All that an installation holds of one person, found and deleted by the name their source gives them."""

import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, text
from sqlalchemy.orm import Session

from fercore.store.review import decisions, recrops, remarks
from fercore.store.tables import (
    Base,
    Dataset,
    Face,
    FaceContext,
    Import,
    Job,
    Photo,
    Prediction,
    Run,
    Selection,
    Snapshot,
    SnapshotFace,
)
from fercore.store.training import lineage


@dataclass
class PersonRecords:
    """The data of a person: `faces` and `photos` are names, `snapshots` counts of their faces in each.

    `runs` were trained on such a snapshot; `copies` and `elsewhere` are the photos' own files, in the data
    folder and at places of this server which fercore only read.
    """

    subject: str
    datasets: dict[str, int] = field(default_factory=dict)
    faces: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    contexts: int = 0
    decisions: int = 0
    crops: int = 0
    remarks: int = 0
    probabilities: int = 0
    snapshots: dict[str, int] = field(default_factory=dict)
    runs: list[int] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return asdict(self)


def find(session: Session, subject: str, dataset_id: int | None = None) -> PersonRecords:
    """Everything of a person, in one dataset or in all; empty lists for somebody unknown."""
    faces, photos = faces_of(subject, dataset_id), _photos_of(subject, dataset_id)
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
    trained = set(session.scalars(select(Run.id).join(Snapshot).where(Snapshot.name.in_(snapshots))))
    trained |= {
        number for number, before in lineage.earlier(session).items() if trained & {run.id for run, _ in before}
    }
    return PersonRecords(
        subject=subject,
        datasets=dict(Counter(name for name, _ in rows)),
        faces=[identity for _, identity in rows],
        photos=[name for name, _, _ in files],
        contexts=_count(session, FaceContext, FaceContext.face_id.in_(ids)),
        decisions=decisions.in_effect(session, faces),
        crops=recrops.count(session, faces),
        remarks=remarks.count(session, faces),
        probabilities=_count(session, Prediction, Prediction.face_id.in_(ids)),
        snapshots=snapshots,
        runs=sorted(trained),
        copies=[path for _, path, sha256 in files if path.endswith(sha256)],
        elsewhere=[path for _, path, sha256 in files if not path.endswith(sha256)],
    )


def purge(session: Session, subject: str, dataset_id: int | None = None) -> PersonRecords:
    """Delete everything of a person but the photos' own files; returns what went.

    Snapshots lose the faces and are marked by how many; on SQLite the freed pages are overwritten.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete = ON"))
    records = find(session, subject, dataset_id)
    ids = select(Face.id).where(faces_of(subject, dataset_id))
    photos = set(session.scalars(select(Face.photo_id).where(faces_of(subject, dataset_id))))
    for snapshot in session.scalars(select(Snapshot).where(Snapshot.name.in_(records.snapshots))):
        snapshot.purged += records.snapshots[snapshot.name]
    session.execute(delete(SnapshotFace).where(SnapshotFace.face_id.in_(ids)))
    session.execute(delete(Face).where(faces_of(subject, dataset_id)))
    session.execute(delete(Photo).where(_photos_of(subject, dataset_id)))
    shared = select(Face.photo_id).where(Face.photo_id.is_not(None))
    session.execute(delete(Photo).where(Photo.id.in_(photos - {None}), Photo.id.not_in(shared)))
    _forget_names(session, records)
    return records


def _forget_names(session: Session, records: PersonRecords) -> None:
    """File names carry the person's hash into lists of what was not used and into errors: take these out, too."""
    imports = select(Import).join(Dataset).where(Dataset.name.in_(records.datasets))
    for source_import in session.scalars(imports):
        source_import.skipped = without(source_import.skipped, records.subject)
    selections = select(Selection).join(Dataset).where(Dataset.name.in_(records.datasets))
    for selection in session.scalars(selections):
        selection.filter = without(selection.filter, records.subject)
    for job in session.scalars(select(Job).where(or_(Job.result.is_not(None), Job.error.is_not(None)))):
        if job.arguments.get("dataset") in records.datasets:
            job.result = without(job.result, records.subject)
            if names(job.error or "", records.subject):
                job.error = "Its message named a person who was purged."


def names(text: str, subject: str) -> bool:
    """True if a text names a person: the subject as a whole word or piece of a file's name."""
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(subject)}(?![0-9A-Za-z])", text, re.IGNORECASE) is not None


def without(value: Any, subject: str) -> Any:
    """A result without the list entries that name a person; numbers and all else stay."""
    if isinstance(value, dict):
        return {key: without(inner, subject) for key, inner in value.items()}
    if isinstance(value, list):
        return [without(inner, subject) for inner in value if not _tells_of(inner, subject)]
    return value


def _tells_of(entry: Any, subject: str) -> bool:
    if isinstance(entry, dict) and "where" in entry:
        return names(f"{entry['where']} {entry.get('why', '')}", subject)
    return isinstance(entry, str) and names(entry, subject)


def faces_of(subject: str, dataset_id: int | None = None) -> ColumnElement[bool]:
    """The condition for the faces of a person."""
    named = Face.subject == subject
    return named if dataset_id is None else named & (Face.dataset_id == dataset_id)


def face_ids(session: Session, subject: str, dataset_id: int | None = None) -> list[int]:
    """The numbers of a person's faces."""
    return list(session.scalars(select(Face.id).where(faces_of(subject, dataset_id))))


def _photos_of(subject: str, dataset_id: int | None) -> ColumnElement[bool]:
    named = Photo.subject == subject
    return named if dataset_id is None else named & (Photo.dataset_id == dataset_id)


def _count(session: Session, table: type[Base], condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(condition)) or 0

"""Decisions on their way between installations: read with their faces' names, appended where they are new."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from fercore.errors import NotFoundError
from fercore.sources.known import Verdict
from fercore.store import tally
from fercore.store.database import now
from fercore.store.tables import Dataset, Decision, Face, Photo


@dataclass(frozen=True, slots=True)
class Told:
    """A decision as it travels between installations: its face named by dataset and identity."""

    id: str
    action: str
    dataset: str
    identity: str
    face_id: int
    reviewer: str
    kind: str
    emotion: int | None
    reason: str | None
    before: int | None
    undoes: str | None
    decided_at: datetime
    adjudicates: bool = False
    note: str = ""
    advisor: int | None = None


class FaceIndex:
    """Finds faces by dataset and identity, one dataset at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._faces: dict[str, dict[str, int]] = {}

    def find(self, dataset: str, identity: str) -> int:
        """The face's number; raises NotFoundError."""
        if dataset not in self._faces:
            query = select(Face.identity, Face.id).join(Dataset).where(Dataset.name == dataset)
            self._faces[dataset] = {known: face_id for known, face_id in self._session.execute(query)}
        if identity not in self._faces[dataset]:
            raise NotFoundError("face", f"{dataset}/{identity}")
        return self._faces[dataset][identity]


@dataclass(frozen=True, slots=True)
class NamedFaces:
    """A dataset's faces by their names: (number, the source's emotion), and identities by a file's name.

    A file's name that several faces share names none of them.
    """

    by_identity: dict[str, tuple[int, int | None]]
    by_file: dict[str, str]


def named_faces(session: Session, dataset_id: int) -> NamedFaces:
    """The names by which other programs may know a dataset's faces: their own files' and their photos'."""
    query = select(Face.identity, Face.id, Face.source_emotion, Photo.name).outerjoin(Photo, Photo.id == Face.photo_id)
    by_identity: dict[str, tuple[int, int | None]] = {}
    owners: dict[str, set[str]] = {}
    for identity, face_id, emotion, photo in session.execute(query.where(Face.dataset_id == dataset_id)):
        by_identity[identity] = (face_id, emotion)
        for path in (identity, photo):
            if path:
                owners.setdefault(PurePosixPath(path).name, set()).add(identity)
    return NamedFaces(by_identity, {name: next(iter(faces)) for name, faces in owners.items() if len(faces) == 1})


def told(session: Session, dataset_id: int | None = None) -> Iterator[Told]:
    """Every decision, oldest first, of one dataset or of all."""
    query = (
        select(Decision, Face.identity, Dataset.name)
        .join(Face, Face.id == Decision.face_id)
        .join(Dataset, Dataset.id == Face.dataset_id)
        .order_by(Decision.sequence)
        .execution_options(yield_per=2000)
    )
    if dataset_id is not None:
        query = query.where(Face.dataset_id == dataset_id)
    for row, identity, dataset in session.execute(query):
        yield Told(
            id=row.id,
            action=row.action,
            dataset=dataset,
            identity=identity,
            face_id=row.face_id,
            reviewer=row.reviewer,
            kind=row.kind,
            emotion=row.emotion,
            reason=row.reason,
            before=row.before,
            undoes=row.undoes,
            decided_at=row.decided_at,
            adjudicates=row.adjudicates,
            note=row.note,
            advisor=row.advisor,
        )


def adopt(session: Session, reviewer: str, verdicts: Mapping[int, Sequence[Verdict]]) -> None:
    """Make decisions of what a file tells was decided on faces that are new here, by face number."""
    rows: list[dict[str, Any]] = [
        {
            "id": str(uuid4()),
            "action": str(uuid4()),
            "face_id": face_id,
            # A second verdict is a second person's: what one says last stands for all that one said.
            "reviewer": reviewer if number == 1 else f"{reviewer} {number}",
            "kind": verdict.kind,
            "emotion": verdict.emotion,
            "reason": verdict.reason,
            "before": None,
            "undoes": None,
            "decided_at": now(),
        }
        for face_id, decided in sorted(verdicts.items())
        for number, verdict in enumerate(decided, start=1)
    ]
    if rows:
        session.execute(insert(Decision), rows)
        tally.recount(session, sorted(verdicts), {row["reviewer"] for row in rows})


def append(session: Session, events: Sequence[Told]) -> int:
    """Add foreign decisions that are new, then count the votes and labels of their faces again."""
    known = set(session.scalars(select(Decision.id)))
    fresh = {event.id: event for event in events if event.id not in known}
    if not fresh:
        return 0
    columns = [field.name for field in fields(Told) if field.name not in ("dataset", "identity")]
    session.execute(
        insert(Decision), [{column: getattr(event, column) for column in columns} for event in fresh.values()]
    )
    face_ids = sorted({event.face_id for event in fresh.values()})
    for start in range(0, len(face_ids), 1000):
        tally.recount(session, face_ids[start : start + 1000], {event.reviewer for event in fresh.values()})
    return len(fresh)

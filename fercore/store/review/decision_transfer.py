"""Decisions on their way between installations: read with their faces' names, appended where they are new."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.curation.votes import DecisionKind
from fercore.errors import InputError, NotFoundError
from fercore.language import tr
from fercore.sources.provenance import Verdict
from fercore.store.datasets import datasets
from fercore.store.datasets.faces import PRESENT
from fercore.store.review import labels
from fercore.store.tables import Dataset, Decision, Face, Photo


@dataclass(frozen=True, slots=True)
class DecisionRecord:
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
    """Finds faces by identity and by a present or former name of their dataset."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._faces: dict[str, dict[str, int]] = {}
        self._names: dict[str, list[str]] = {}

    def find(self, dataset: str, identity: str) -> int:
        """The face's number; raises NotFoundError, and InputError where several datasets were named so before."""
        if dataset not in self._names:
            self._names[dataset] = self._datasets(dataset)
        present = [name for name in self._names[dataset] if identity in self._known(name)]
        if not self._names[dataset]:
            raise NotFoundError("dataset", dataset)
        if not present:
            raise NotFoundError("face", f"{dataset}/{identity}")
        if len(present) > 1 and present[0] != dataset:
            raise InputError(tr("Several datasets were named '{name}': {now}.", name=dataset, now=", ".join(present)))
        return self._known(present[0])[identity]

    def _datasets(self, name: str) -> list[str]:
        """The dataset of that name first, then those that had it before."""
        return [
            *(candidate for candidate in datasets.names(self._session) if candidate == name),
            *datasets.formerly(self._session, name),
        ]

    def _known(self, dataset: str) -> dict[str, int]:
        if dataset not in self._faces:
            query = select(Face.identity, Face.id).join(Dataset).where(Dataset.name == dataset)
            self._faces[dataset] = {known: face_id for known, face_id in self._session.execute(query)}
        return self._faces[dataset]


@dataclass(frozen=True, slots=True)
class NamedFace:
    """A face by all the names and hashes under which another program may know it."""

    face_id: int
    identity: str
    split: str
    emotion: int | None
    source_emotion: int | None
    pixel_hash: str
    photo: str | None
    photo_sha256: str | None

    @property
    def hashes(self) -> tuple[str, ...]:
        """The content hashes of the files that it came from."""
        return tuple(part for part in (self.identity.rpartition("#")[2], self.photo_sha256) if part)


Answer = tuple[int, bool, bool, int | None, str | None]


@dataclass(frozen=True, slots=True)
class StoredDecisions:
    """The decisions that a dataset has: what each says by its id and by its number, and who decided on which face
    at which moment.

    What one says: (face, rejected, not sure, emotion, reason).
    """

    by_id: dict[str, Answer]
    by_number: dict[int, Answer]
    moments: set[tuple[int, str, datetime]]


def named_faces(session: Session, dataset_id: int) -> list[NamedFace]:
    """A dataset's faces with the names by which other programs may know them."""
    query = (
        select(
            *(Face.id, Face.identity, Face.split, Face.emotion, Face.source_emotion, Face.pixel_hash),
            *(Photo.name, Photo.sha256),
        )
        .outerjoin(Photo, Photo.id == Face.photo_id)
        .where(Face.dataset_id == dataset_id, PRESENT)
        .order_by(Face.id)
    )
    return [NamedFace(*row) for row in session.execute(query)]


def made(session: Session, dataset_id: int) -> StoredDecisions:
    """The decisions on a dataset's faces, to know again those that come once more."""
    query = select(Decision).join(Face, Face.id == Decision.face_id).where(Face.dataset_id == dataset_id)
    stored = StoredDecisions({}, {}, set())
    for decision in session.scalars(query.execution_options(yield_per=2000)):
        answer = (
            decision.face_id,
            decision.kind == DecisionKind.REJECTED,
            decision.kind == DecisionKind.UNSURE,
            decision.emotion,
            decision.reason,
        )
        stored.by_id[decision.id] = stored.by_number[decision.sequence] = answer
        stored.moments.add((decision.face_id, decision.reviewer, _aware(decision.decided_at)))
    return stored


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def records(session: Session, *which: ColumnElement[bool]) -> Iterator[DecisionRecord]:
    """Every decision on these faces, or on all, oldest first."""
    query = (
        select(Decision, Face.identity, Dataset.name)
        .join(Face, Face.id == Decision.face_id)
        .join(Dataset, Dataset.id == Face.dataset_id)
        .order_by(Decision.sequence)
        .execution_options(yield_per=2000)
    )
    query = query.where(*which)
    for row, identity, dataset in session.execute(query):
        yield DecisionRecord(
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
        labels.recount(session, sorted(verdicts), {row["reviewer"] for row in rows})


def append(session: Session, events: Sequence[DecisionRecord]) -> int:
    """Add foreign decisions that are new, then count the votes and labels of their faces again."""
    known = set(session.scalars(select(Decision.id)))
    fresh = {event.id: event for event in events if event.id not in known}
    if not fresh:
        return 0
    columns = [field.name for field in fields(DecisionRecord) if field.name not in ("dataset", "identity")]
    session.execute(
        insert(Decision), [{column: getattr(event, column) for column in columns} for event in fresh.values()]
    )
    face_ids = sorted({event.face_id for event in fresh.values()})
    for start in range(0, len(face_ids), 1000):
        labels.recount_all(session, face_ids[start : start + 1000])
    return len(fresh)

"""Findings of audits: written once, read by rank, and counted with the decisions that people made since."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select
from sqlalchemy.orm import Session

from fercore.store.datasets.faces import PRESENT
from fercore.store.tables import Adjudication, Audit, Dataset, Face, Finding, PairVerdict, Vote

CHUNK: Final = 10_000


@dataclass(frozen=True, slots=True)
class NewFinding:
    """A finding, or a control face, as it is written: see the table."""

    face_id: int
    other_id: int | None = None
    label: int | None = None
    suggested: int | None = None
    score: float | None = None
    detail: str | None = None
    cluster: int | None = None


@dataclass(frozen=True, slots=True)
class FoundFace:
    """A finding on one face with the state of the face now; `is_decided` since the audit."""

    rank: int
    face: int
    dataset: str
    split: str
    label: int | None
    suggested: int | None
    score: float | None
    detail: str | None
    emotion: int | None
    state: str
    reason: str | None
    is_decided: bool


@dataclass(frozen=True, slots=True)
class FoundPair:
    """A finding on two faces; of copies, `cluster` is the number of their group."""

    rank: int
    face: int
    other: int
    score: float | None
    detail: str | None
    cluster: int | None


def add(session: Session, audit_id: int, check: str, control: bool, found: Iterable[NewFinding]) -> None:
    """Write a check's findings, the first one the most suspicious, or its control faces."""
    place = {"audit_id": audit_id, "kind": check, "control": control}
    rows = [place | {"rank": rank} | asdict(each) for rank, each in enumerate(found)]
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(Finding.plain()), rows[start : start + CHUNK])


def count(session: Session, audit_id: int, check: str, control: bool = False) -> int:
    """The number of a check's findings, or control faces, that are still there."""
    return session.scalar(select(func.count()).where(*_of(audit_id, check, control))) or 0


def faces(
    session: Session,
    audit: Audit,
    check: str,
    control: bool = False,
    part: tuple[int, int] | None = None,
    only_decided: bool = False,
) -> list[FoundFace]:
    """Findings on single faces by rank, all of them or (first, number), or those that were decided since."""
    query: Any = (
        select(
            Finding.rank, Finding.face_id, Dataset.name, Face.split, Finding.label, Finding.suggested, Finding.score,
            Finding.detail, Face.emotion, Face.state, Face.reason, _decided(audit.after),
        )
        .join(Face, Face.id == Finding.face_id)
        .join(Dataset, Dataset.id == Face.dataset_id)
        .where(*_of(audit.id, check, control), PRESENT)
        .order_by(Finding.rank)
    )  # fmt: skip
    if only_decided:
        query = query.where(_decided(audit.after))
    if part is not None:
        query = query.offset(part[0]).limit(part[1])
    return [FoundFace(*row) for row in session.execute(query).all()]


def pairs(
    session: Session, audit_id: int, check: str, control: bool = False, part: tuple[int, int] | None = None
) -> list[FoundPair]:
    """Findings on pairs of faces by rank, all of them or (first, number)."""
    columns = (Finding.rank, Finding.face_id, Finding.other_id, Finding.score, Finding.detail, Finding.cluster)
    query: Any = select(*columns).where(*_of(audit_id, check, control), Finding.other_id.is_not(None))
    query = query.order_by(Finding.rank)
    if part is not None:
        query = query.offset(part[0]).limit(part[1])
    return [FoundPair(*row) for row in session.execute(query)]


def verdicts(session: Session, audit_id: int, check: str, control: bool) -> dict[int, list[tuple[str, str]]]:
    """The verdicts on a check's pairs, by rank: (person, verdict)."""
    query = select(Finding.rank, PairVerdict.reviewer, PairVerdict.verdict).join(PairVerdict, _same_pair())
    said: dict[int, list[tuple[str, str]]] = {}
    for rank, reviewer, verdict in session.execute(query.where(*_of(audit_id, check, control))):
        said.setdefault(rank, []).append((reviewer, verdict))
    return said


def latest_verdict(session: Session, audit_id: int, check: str, reviewer: str) -> tuple[int, int] | None:
    """The found or control pair of a check that a person judged last."""
    query = select(PairVerdict.face_id, PairVerdict.other_id).join(Finding, _same_pair())
    query = query.where(Finding.audit_id == audit_id, Finding.kind == check, PairVerdict.reviewer == reviewer)
    row = session.execute(query.order_by(PairVerdict.decided_at.desc()).limit(1)).first()
    return None if row is None else (row[0], row[1])


def _same_pair() -> ColumnElement[bool]:
    return or_(
        and_(PairVerdict.face_id == Finding.face_id, PairVerdict.other_id == Finding.other_id),
        and_(PairVerdict.face_id == Finding.other_id, PairVerdict.other_id == Finding.face_id),
    )


def clusters(session: Session, audit_id: int, check: str, without: str) -> dict[int, int]:
    """The group of each face that is a copy of another, but for copies of one kind."""
    query = select(Finding.face_id, Finding.other_id, Finding.cluster).where(*_of(audit_id, check, False))
    groups: dict[int, int] = {}
    for face, other, cluster in session.execute(query.where(Finding.detail != without)):
        if cluster is not None:
            groups |= {number: cluster for number in (face, other) if number is not None}
    return groups


def _of(audit_id: int, check: str, control: bool) -> Sequence[ColumnElement[bool]]:
    return (Finding.audit_id == audit_id, Finding.kind == check, Finding.control.is_(control))


def _decided(after: int) -> Any:
    """True of a face on which somebody has voted or ruled since that decision."""
    voted = exists().where(Vote.face_id == Finding.face_id, Vote.sequence > after)
    ruled = exists().where(Adjudication.face_id == Finding.face_id, Adjudication.sequence > after)
    return or_(voted, ruled)

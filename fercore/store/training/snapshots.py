"""Snapshots: frozen, listed, read back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.curation.snapshots import SnapshotRow
from fercore.curation.votes import FaceState
from fercore.emotions import EMOTIONS
from fercore.errors import InputError, InUseError, NotFoundError
from fercore.language import tr, trn
from fercore.splits import Split
from fercore.store.tables import Adjudication, Dataset, Face, Run, Snapshot, SnapshotFace, Vote
from fercore.store.training.lineage import learned_snapshots


@dataclass(frozen=True, slots=True)
class SplitOverlap:
    """The overlap of a snapshot's training split with its other splits: faces by pixels, and people."""

    faces: int
    people: int


def shared(session: Session, snapshot_id: int) -> SplitOverlap:
    """Count the training faces that are in another split, too, and the people who are."""
    inside = (
        select(Face.pixel_hash, Face.subject, Face.dataset_id, (SnapshotFace.split == Split.TRAIN).label("train"))
        .join(Face, Face.id == SnapshotFace.face_id)
        .where(SnapshotFace.snapshot_id == snapshot_id)
        .cte("frozen")
    )
    faces = (
        select(func.count())
        .select_from(inside)
        .where(inside.c.train, inside.c.pixel_hash.in_(select(inside.c.pixel_hash).where(~inside.c.train)))
    )
    split_up = (
        select(inside.c.dataset_id, inside.c.subject)
        .where(inside.c.subject.is_not(None))
        .group_by(inside.c.dataset_id, inside.c.subject)
        .having(func.count(inside.c.train.distinct()) > 1)
        .subquery()
    )
    people = select(func.count()).select_from(split_up)
    return SplitOverlap(session.scalar(faces) or 0, session.scalar(people) or 0)


def shows_one_person(session: Session, snapshot_id: int) -> bool:
    """True if all training faces are known to show the same person."""
    training = (
        select(Face.dataset_id, Face.subject)
        .join(SnapshotFace, SnapshotFace.face_id == Face.id)
        .where(SnapshotFace.snapshot_id == snapshot_id, SnapshotFace.split == Split.TRAIN)
    )
    if session.scalar(training.where(Face.subject.is_(None)).limit(1)) is not None:
        return False
    return len(session.execute(training.distinct().limit(2)).all()) == 1


def candidates(
    session: Session, datasets: Sequence[Dataset], only_reviewed: bool, split: str | None = None
) -> list[SnapshotRow]:
    """Every face of the datasets, or of one split of them, that has a label and is not rejected."""
    query = select(Face.id, Face.pixel_hash, Face.emotion, Face.split, Face.weight).where(
        Face.dataset_id.in_([dataset.id for dataset in datasets]),
        Face.emotion.is_not(None),
        Face.state != FaceState.REJECTED,
    )
    if only_reviewed:
        query = query.where(Face.state != FaceState.UNDECIDED)
    if split is not None:
        query = query.where(Face.split == split)
    rows = session.execute(query.order_by(Face.id))
    votes = _votes(session, datasets)
    return [
        SnapshotRow(face_id, digest, label, split, votes.get(face_id), weight)
        for face_id, digest, label, split, weight in rows
        if label is not None
    ]


def _votes(session: Session, datasets: Sequence[Dataset]) -> dict[int, bytes]:
    """The votes for each emotion, of the faces where votes name several and nobody has ruled."""
    named = select(Vote.face_id).join(Face, Face.id == Vote.face_id).where(Vote.emotion.is_not(None))
    named = named.where(Face.dataset_id.in_([dataset.id for dataset in datasets]))
    ruled = select(Adjudication.face_id).where(Adjudication.face_id == Vote.face_id)
    several = named.where(~ruled.exists()).group_by(Vote.face_id).having(func.count(Vote.emotion.distinct()) > 1)
    query = select(Vote.face_id, Vote.emotion).where(Vote.face_id.in_(several), Vote.emotion.is_not(None))
    counts: defaultdict[int, list[int]] = defaultdict(lambda: [0] * len(EMOTIONS))
    for face_id, emotion in session.execute(query):
        if emotion is not None:
            counts[face_id][emotion] = min(counts[face_id][emotion] + 1, 255)
    return {face_id: bytes(each) for face_id, each in counts.items()}


def add(session: Session, snapshot: Snapshot, rows: Sequence[SnapshotRow]) -> Snapshot:
    """Store a snapshot with its rows; raises InputError when the name is taken."""
    refuse_taken(session, snapshot.name)
    snapshot.created_at = now()
    session.add(snapshot)
    session.flush()
    session.execute(
        insert(SnapshotFace),
        [
            {
                "snapshot_id": snapshot.id,
                "face_id": row.face_id,
                "label": row.label,
                "split": row.split,
                "votes": row.votes,
                "weight": row.weight,
            }
            for row in rows
        ],
    )
    return snapshot


def refuse_taken(session: Session, name: str) -> None:
    """Raise InputError where a snapshot has that name."""
    if session.scalar(select(Snapshot.id).where(Snapshot.name == name)) is not None:
        raise InputError(tr("There is a snapshot '{name}' already: choose another name.", name=name))


def named(session: Session, name: str) -> Snapshot:
    """The snapshot of that name; raises NotFoundError with the names there are."""
    present = session.scalars(select(Snapshot).where(Snapshot.name == name)).first()
    if present is None:
        raise NotFoundError("snapshot", name, [snapshot.name for snapshot in listed(session)])
    return present


def listed(session: Session) -> list[Snapshot]:
    """All snapshots, newest first."""
    return list(session.scalars(select(Snapshot).order_by(Snapshot.id.desc())))


def rows(session: Session, snapshot_id: int, split: str | None = None) -> list[SnapshotRow]:
    """A snapshot's faces in import order, of one split or all."""
    frozen = (SnapshotFace.label, SnapshotFace.split, SnapshotFace.votes, SnapshotFace.weight)
    query = (
        select(SnapshotFace.face_id, Face.pixel_hash, *frozen)
        .join(Face, Face.id == SnapshotFace.face_id)
        .where(SnapshotFace.snapshot_id == snapshot_id)
        .order_by(SnapshotFace.face_id)
    )
    if split is not None:
        query = query.where(SnapshotFace.split == split)
    return [SnapshotRow(*row) for row in session.execute(query)]


def has_votes(session: Session, snapshot_id: int) -> bool:
    """True if people did not agree on any training face of a snapshot."""
    query = select(SnapshotFace.face_id).where(SnapshotFace.snapshot_id == snapshot_id)
    query = query.where(SnapshotFace.split == Split.TRAIN, SnapshotFace.votes.is_not(None))
    return session.scalar(query.limit(1)) is not None


def has_weights(session: Session, snapshot_id: int) -> bool:
    """True if a training face of a snapshot has a weight other than 1."""
    query = select(SnapshotFace.face_id).where(SnapshotFace.snapshot_id == snapshot_id)
    query = query.where(SnapshotFace.split == Split.TRAIN, SnapshotFace.weight.is_not(None), SnapshotFace.weight != 1)
    return session.scalar(query.limit(1)) is not None


def people(session: Session, face_ids: Sequence[int]) -> dict[int, str | None]:
    """The person on each of these faces, where the source tells; the same name in two datasets is two people."""
    named: dict[int, str | None] = {}
    for start in range(0, len(face_ids), 10_000):
        query = select(Face.id, Face.subject, Face.dataset_id).where(Face.id.in_(face_ids[start : start + 10_000]))
        named |= {
            face: f"{dataset}/{subject}" if subject else None for face, subject, dataset in session.execute(query)
        }
    return named


def subjects(session: Session, snapshot_id: int) -> dict[int, str | None]:
    """The person on each face of a snapshot, where the source tells."""
    query = (
        select(SnapshotFace.face_id, Face.subject, Face.dataset_id)
        .join(Face, Face.id == SnapshotFace.face_id)
        .where(SnapshotFace.snapshot_id == snapshot_id)
    )
    return {
        face_id: f"{dataset_id}/{subject}" if subject else None
        for face_id, subject, dataset_id in session.execute(query)
    }


def training_faces(session: Session) -> dict[int, dict[int, int]]:
    """The number of training faces of each snapshot by dataset, both by number."""
    query = (
        select(SnapshotFace.snapshot_id, Face.dataset_id, func.count())
        .join(Face, Face.id == SnapshotFace.face_id)
        .where(SnapshotFace.split == Split.TRAIN)
        .group_by(SnapshotFace.snapshot_id, Face.dataset_id)
    )
    counts: dict[int, dict[int, int]] = {}
    for snapshot_id, dataset_id, count in session.execute(query):
        counts.setdefault(snapshot_id, {})[dataset_id] = count
    return counts


def training_pixels_of_run(session: Session, run_id: int) -> set[str]:
    """The pixel hashes of the training faces of a run, and of those that it continues."""
    query = (
        select(Face.pixel_hash)
        .join(SnapshotFace, SnapshotFace.face_id == Face.id)
        .where(SnapshotFace.snapshot_id.in_(learned_snapshots(run_id)), SnapshotFace.split == Split.TRAIN)
    )
    return set(session.scalars(query))


def remove(session: Session, snapshot: Snapshot) -> None:
    """Delete a snapshot; raises InUseError while a run was trained on it."""
    refuse_if_trained(session, snapshot)
    session.execute(delete(Snapshot).where(Snapshot.id == snapshot.id))


def refuse_if_trained(session: Session, snapshot: Snapshot) -> None:
    """Raise InUseError where a run was trained on a snapshot."""
    runs = list(session.scalars(select(Run.id).where(Run.snapshot_id == snapshot.id).order_by(Run.id)))
    if runs:
        raise InUseError(
            trn(
                "Run {runs} was trained on snapshot '{name}': delete that run first.",
                "Runs {runs} were trained on snapshot '{name}': delete these runs first.",
                len(runs),
                name=snapshot.name,
                runs=", ".join(map(str, runs)),
            )
        )

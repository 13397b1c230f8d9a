"""Every table of the store, as SQLAlchemy models.

Pixels and context pictures live in tables of their own, so that nothing that lists or counts faces
ever reads them. A face carries the label that its decisions add up to; `decisions` is the history it
can be computed from again.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, LargeBinary, String, TypeDecorator, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Utc(TypeDecorator[datetime]):
    """A moment in UTC, aware in Python on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone: put it back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What all tables share: how Python types become columns."""

    type_annotation_map = {datetime: Utc(), dict[str, Any]: JSON, list[Any]: JSON, bytes: LargeBinary}  # noqa: RUF012


class Dataset(Base):
    """The faces of one source."""

    __tablename__ = "datasets"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    source: Mapped[str] = mapped_column(String(30))
    created_at: Mapped[datetime]


class Import(Base):
    """One import or extraction into a dataset; undone as a whole."""

    __tablename__ = "imports"
    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(String(30))
    path: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    added: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[list[Any]] = mapped_column(default=list)


class Photo(Base):
    """A source picture; `path` is a copy in the data folder (by content) or a place on the server."""

    __tablename__ = "photos"
    __table_args__ = (UniqueConstraint("dataset_id", "name", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"))
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    path: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    faces: Mapped[int]


class Face(Base):
    """One 48×48 gray crop, its provenance, and the label its decisions add up to."""

    __tablename__ = "faces"
    __table_args__ = (
        UniqueConstraint("dataset_id", "identity"),
        Index("ix_faces_counts", "dataset_id", "split", "emotion", "state"),
        Index("ix_faces_pixel_hash", "pixel_hash"),
        Index("ix_faces_import", "import_id"),
        Index("ix_faces_photo", "photo_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"))
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photos.id", ondelete="CASCADE"))
    identity: Mapped[str]
    split: Mapped[str] = mapped_column(String(10))
    source_emotion: Mapped[int | None]
    source_word: Mapped[str]
    subject: Mapped[str | None]
    pixel_hash: Mapped[str] = mapped_column(String(64))
    box: Mapped[list[Any] | None]
    detector: Mapped[str | None] = mapped_column(String(20))
    score: Mapped[float | None]
    emotion: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default="undecided")
    reason: Mapped[str | None] = mapped_column(String(20))


class Pixels(Base):
    """2,304 gray bytes, row by row."""

    __tablename__ = "pixels"
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    gray: Mapped[bytes]


class Context(Base):
    """A colour JPEG of the face's surroundings in its photo."""

    __tablename__ = "contexts"
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    jpeg: Mapped[bytes]


class ReviewPage(Base):
    """A page of faces as a reviewer saw it."""

    __tablename__ = "review_pages"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    reviewer: Mapped[str] = mapped_column(String(100))
    view: Mapped[dict[str, Any]]
    face_ids: Mapped[list[Any]]
    opened_at: Mapped[datetime]


class Decision(Base):
    """One event on one face; append-only. An `undone` event names the action it takes back."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_face", "face_id", "sequence"),
        Index("ix_decisions_reviewer", "reviewer", "sequence"),
        Index("ix_decisions_action", "action"),
    )
    sequence: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    action: Mapped[str] = mapped_column(String(36))
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"))
    reviewer: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(10))
    emotion: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(20))
    before: Mapped[int | None]
    undoes: Mapped[str | None] = mapped_column(String(36))
    page_id: Mapped[str | None] = mapped_column(String(36))
    decided_at: Mapped[datetime]


class Vote(Base):
    """What one reviewer's decisions on one face add up to; absent while there are none."""

    __tablename__ = "votes"
    __table_args__ = (Index("ix_votes_reviewer", "reviewer", "kind", "face_id"),)
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    reviewer: Mapped[str] = mapped_column(String(100), primary_key=True)
    sequence: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    emotion: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(20))


class Snapshot(Base):
    """A frozen list of (face, label, split)."""

    __tablename__ = "snapshots"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    hash: Mapped[str] = mapped_column(String(64), index=True)
    only_reviewed: Mapped[bool]
    datasets: Mapped[list[Any]]
    faces: Mapped[int]
    counts: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class SnapshotFace(Base):
    """One row of a snapshot; the face it names cannot be deleted."""

    __tablename__ = "snapshot_faces"
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshots.id", ondelete="CASCADE"), primary_key=True)
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="RESTRICT"), primary_key=True, index=True)
    label: Mapped[int]
    split: Mapped[str] = mapped_column(String(10))


class Run(Base):
    """One training of one backbone with one recipe on one snapshot."""

    __tablename__ = "runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshots.id", ondelete="RESTRICT"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id", ondelete="SET NULL"), index=True)
    backbone: Mapped[str] = mapped_column(String(30))
    recipe: Mapped[dict[str, Any]]
    weights: Mapped[str]
    seed: Mapped[int]
    epochs: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))
    error: Mapped[str | None]
    params_total: Mapped[int | None]
    params_trainable: Mapped[int | None]
    class_weights: Mapped[dict[str, Any] | None]
    reported_epoch: Mapped[int | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Epoch(Base):
    """The metrics of one epoch of a run."""

    __tablename__ = "epochs"
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    loss: Mapped[float]
    accuracy: Mapped[float]
    watch_loss: Mapped[float | None]
    watch_accuracy: Mapped[float | None]
    learning_rate: Mapped[float]
    seconds: Mapped[float]


class Evaluation(Base):
    """A run's predictions on one split of one dataset, and the metrics computed from them."""

    __tablename__ = "evaluations"
    __table_args__ = (UniqueConstraint("run_id", "dataset_id", "split"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    dataset_id: Mapped[int] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"))
    split: Mapped[str] = mapped_column(String(10))
    n: Mapped[int]
    accuracy: Mapped[float]
    confusion: Mapped[list[Any]]
    created_at: Mapped[datetime]


class Prediction(Base):
    """Seven probabilities (float32, little-endian) for one face, beside the label it had then."""

    __tablename__ = "predictions"
    __table_args__ = (Index("ix_predictions_cell", "evaluation_id", "label", "predicted"),)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluations.id", ondelete="CASCADE"), primary_key=True)
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True, index=True)
    label: Mapped[int]
    predicted: Mapped[int]
    probabilities: Mapped[bytes]


class Job(Base):
    """Long work in its own process."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_status", "status", "lane"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str]
    lane: Mapped[str] = mapped_column(String(10))
    arguments: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(10))
    submitted_by: Mapped[str] = mapped_column(String(100))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(default="")
    result: Mapped[dict[str, Any] | None]
    error: Mapped[str | None]
    host: Mapped[str | None]
    pid: Mapped[int | None]
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    heartbeat_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

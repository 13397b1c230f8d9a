"""Snapshots, the runs trained on them, and what these runs said."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fercore.store.tables.base import Base


class Snapshot(Base):
    """A frozen list of (face, label, split); `purged` of them were deleted for a person who asked for it.

    Of the datasets in `validation_from` it holds the validation faces only: they validate, and are not learned.
    `record` tells of its leaks, of the rules that it was frozen under and of exceptions; None for those that are older.
    """

    __tablename__ = "snapshots"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    hash: Mapped[str] = mapped_column(String(64), index=True)
    only_reviewed: Mapped[bool]
    datasets: Mapped[list[Any]]
    validation_from: Mapped[list[Any]] = mapped_column(default=list)
    faces: Mapped[int]
    counts: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    purged: Mapped[int] = mapped_column(default=0)
    record: Mapped[dict[str, Any] | None]


class SnapshotFace(Base):
    """One row of a snapshot; the face it names cannot be deleted.

    `votes` is how often each emotion was voted for, a byte each, where people did not agree; None elsewhere. `weight`
    is the face's in a training; None is 1.
    """

    __tablename__ = "snapshot_faces"
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshots.id", ondelete="CASCADE"), primary_key=True)
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="RESTRICT"), primary_key=True, index=True)
    label: Mapped[int]
    split: Mapped[str] = mapped_column(String(10))
    votes: Mapped[bytes | None]
    weight: Mapped[float | None]


class Sweep(Base):
    """A grid of runs asked for at once; `plan` holds its axes."""

    __tablename__ = "sweeps"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    plan: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class Run(Base):
    """One training of one backbone with one recipe on one snapshot.

    `record` is what its process noted at the start: the weights' file and hash, versions, commit and devices.
    `elsewhere` is the name of a model that was not trained here and of which only predictions are known: it has no
    snapshot, and its backbone, recipe and weights are empty. `continues` is the run whose model it started from.
    `demo_place` is its place in the demo, if any.
    """

    __tablename__ = "runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("snapshots.id", ondelete="RESTRICT"), index=True)
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
    sweep_id: Mapped[int | None] = mapped_column(
        ForeignKey("sweeps.id", ondelete="SET NULL", name="fk_runs_sweep"), index=True
    )
    note: Mapped[str] = mapped_column(default="", server_default="")
    tags: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    record: Mapped[dict[str, Any] | None]
    temperature: Mapped[dict[str, Any] | None]
    elsewhere: Mapped[str | None] = mapped_column(String(100), unique=True)
    continues: Mapped[int | None] = mapped_column(ForeignKey("runs.id", name="fk_runs_continues"), index=True)
    demo_place: Mapped[str | None] = mapped_column(String(10))


class Epoch(Base):
    """The metrics of one epoch of a run: `recalls` by emotion on the validation faces, `compile_seconds` of the first
    step, `memory_mb` at the end of it, `device_use` the share of the device that was busy."""

    __tablename__ = "epochs"
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    loss: Mapped[float]
    accuracy: Mapped[float]
    val_loss: Mapped[float | None]
    val_accuracy: Mapped[float | None]
    learning_rate: Mapped[float]
    seconds: Mapped[float]
    recalls: Mapped[list[Any] | None]
    compile_seconds: Mapped[float | None]
    memory_mb: Mapped[float | None]
    device_use: Mapped[float | None]


class Evaluation(Base):
    """A run's predictions on one split of one dataset, and the metrics computed from them.

    `labels_hash` stands for the labels that it was counted with, of which the predictions keep each; a new evaluation
    is added where they have changed. `recounts` is the evaluation whose stored probabilities it was counted from.
    `measures` are its figures with intervals; None for those that are older than these.
    `imported` tells of the file that its predictions came in, where this run is a model from elsewhere.
    `selected_by` are the runs whose confusions chose faces of which it counts a label that was changed since.
    """

    __tablename__ = "evaluations"
    __table_args__ = (Index("ix_evaluations_place", "run_id", "dataset_id", "split"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    dataset_id: Mapped[int] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"))
    split: Mapped[str] = mapped_column(String(10))
    n: Mapped[int]
    accuracy: Mapped[float]
    confusion: Mapped[list[Any]]
    created_at: Mapped[datetime]
    labels_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    recounts: Mapped[int | None]
    measures: Mapped[dict[str, Any] | None]
    imported: Mapped[dict[str, Any] | None]
    selected_by: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")


class Prediction(Base):
    """Seven probabilities (float32, little-endian) for one face, beside the label it had then."""

    __tablename__ = "predictions"
    __table_args__ = (Index("ix_predictions_cell", "evaluation_id", "label", "predicted"),)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluations.id", ondelete="CASCADE"), primary_key=True)
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True, index=True)
    label: Mapped[int]
    predicted: Mapped[int]
    probabilities: Mapped[bytes]

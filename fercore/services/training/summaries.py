"""Snapshots, runs, their epochs and jobs, and sweeps, as they are shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SnapshotSummary:
    """A frozen list of faces: its datasets, and how many faces of each emotion are in each split."""

    id: int
    name: str
    hash: str
    only_reviewed: bool
    datasets: list[str]
    validation_from: list[str]
    faces: int
    counts: dict[str, dict[str, int]]
    purged: int
    created_at: datetime
    record: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A training as it was asked for, and what came of it; `epochs` is the most that it may train."""

    id: int
    backbone: str
    recipe: dict[str, Any]
    weights: str
    seed: int
    epochs: int
    status: str
    error: str | None
    params_total: int | None
    params_trainable: int | None
    class_weights: dict[str, float] | None
    reported_epoch: int | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    sweep_id: int | None
    note: str
    tags: list[str]
    record: dict[str, Any] | None
    elsewhere: str | None = None
    continues: int | None = None
    demo_place: str | None = None


@dataclass(frozen=True, slots=True)
class EpochSummary:
    """The figures of one epoch; see `EpochMetrics`."""

    number: int
    loss: float
    accuracy: float
    val_loss: float | None
    val_accuracy: float | None
    learning_rate: float
    seconds: float
    recalls: list[float | None] | None
    compile_seconds: float | None
    memory_mb: float | None
    device_use: float | None


@dataclass(frozen=True, slots=True)
class RunJob:
    """The job that trains a run: its request, its GPUs (-1: all), how far it is, and why it failed."""

    id: int
    status: str
    arguments: dict[str, Any]
    gpus: int
    done: int
    total: int
    message: str
    error: str | None


@dataclass(frozen=True, slots=True)
class SweepSummary:
    """A sweep: its name, and the plan of its cells."""

    id: int
    name: str
    plan: dict[str, Any]

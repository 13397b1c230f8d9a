"""Faces that were sent to review since a run confused them, kept as long as figures are counted from their labels."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fercore.store.tables.base import Base


class Selection(Base):
    """The reason of a review task: a cell of an evaluation's confusion matrix, or faces chosen by `reason` otherwise,
    and the filter over them.

    `run_id` is the first of the `runs` that chose them, None where none did; those of a cell are not listed. It
    outlives its task and its evaluation: numbers of runs and evaluations are of what may be deleted since.
    """

    __tablename__ = "selections"
    __table_args__ = (Index("ix_selections_place", "dataset_id", "split"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"), index=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"))
    split: Mapped[str] = mapped_column(String(10))
    run_id: Mapped[int | None]
    evaluation_id: Mapped[int | None]
    label: Mapped[int | None]
    predicted: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(20), default="cell", server_default="cell")
    runs: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    filter: Mapped[dict[str, Any]]
    seed: Mapped[int]
    created_by: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]


class SelectionFace(Base):
    """A face of a selection with the label that it had then: a chosen one, or a control face from outside of them."""

    __tablename__ = "selection_faces"
    selection_id: Mapped[int] = mapped_column(ForeignKey("selections.id", ondelete="CASCADE"), primary_key=True)
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True, index=True)
    label: Mapped[int]
    control: Mapped[bool]

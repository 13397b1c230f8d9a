"""In which order faces are looked at, and what runs say of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fercore.store.tables.base import Base


class SortOrder(Base):
    """One order of a dataset's faces, worked out once; `stamp` tells which faces there were then."""

    __tablename__ = "orderings"
    # No number twice: one who still looks at an order that was replaced shall not be taken for one with the new.
    __table_args__ = (UniqueConstraint("dataset_id", "name", "run_id"), {"sqlite_autoincrement": True})
    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(20))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), index=True)
    stamp: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]


class SortOrderPart(Base):
    """Faces that follow each other in an ordering from `place` on: their numbers as 8 bytes each, little-endian.

    A face that was deleted since leaves a gap.
    """

    __tablename__ = "ordering_parts"
    ordering_id: Mapped[int] = mapped_column(ForeignKey("orderings.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    faces: Mapped[bytes]


class ModelPrediction(Base):
    """A run's seven probabilities (float32, little-endian) of a face that it did not learn from."""

    __tablename__ = "opinions"
    __table_args__ = (Index("ix_opinions_dataset", "run_id", "dataset_id"),)  # counted at every look
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True, index=True)
    dataset_id: Mapped[int]  # the face's
    probabilities: Mapped[bytes]

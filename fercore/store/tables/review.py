"""What reviewers saw and decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fercore.store.tables.base import Base


class Reviewer(Base):
    """Somebody who reviews."""

    __tablename__ = "reviewers"
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    added_at: Mapped[datetime]


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

"""Remarks of reviewers on faces beside their decisions: flags and notes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from fercore.store.tables.base import Base


class Remark(Base):
    """One event on one face; append-only. Kinds: flagged, unflagged, noted (an empty `text` takes the note away),
    and undone, which `undoes` an action.

    `reviewer` made it, and it changes the mark of `whose`: somebody may take another person's flag away, never a note.
    """

    __tablename__ = "remarks"
    __table_args__ = (
        Index("ix_remarks_face", "face_id", "sequence"),
        Index("ix_remarks_reviewer", "reviewer", "sequence"),
        Index("ix_remarks_action", "action"),
    )
    sequence: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    action: Mapped[str] = mapped_column(String(36))
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"))
    reviewer: Mapped[str] = mapped_column(String(100))
    whose: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(default="", server_default="")
    undoes: Mapped[str | None] = mapped_column(String(36))
    made_at: Mapped[datetime]


class Mark(Base):
    """The sum of the remarks on one face: one person's flag and note; absent where neither is left."""

    __tablename__ = "marks"
    __table_args__ = (
        Index("ix_marks_flagged", "face_id", sqlite_where=text("flagged = 1"), postgresql_where=text("flagged")),
        Index("ix_marks_noted", "face_id", sqlite_where=text("note <> ''"), postgresql_where=text("note <> ''")),
    )
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    reviewer: Mapped[str] = mapped_column(String(100), primary_key=True)
    flagged: Mapped[bool]
    note: Mapped[str]
    noted_at: Mapped[datetime | None]

"""Audits of datasets, what they found, and what people said of the pairs of faces that they found."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fercore.store.tables.base import Base


class Audit(Base):
    """One audit of one or several datasets, which are named by their numbers in `datasets`.

    `content` is the hash of what was looked at, `request` what was asked, `checks` what each check counted, by its
    name, and `after` the last decision before it: only later ones say whether a finding is right.
    """

    __tablename__ = "audits"
    id: Mapped[int] = mapped_column(primary_key=True)
    datasets: Mapped[list[Any]]
    content: Mapped[str] = mapped_column(String(64), index=True)
    request: Mapped[dict[str, Any]]
    checks: Mapped[dict[str, Any]]
    faces: Mapped[int]
    rejected: Mapped[int]
    after: Mapped[int]
    created_by: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Finding(Base):
    """A face that a check found, or one of its control faces, by rank from 0.

    `other_id` is the second face of a pair; `label` is the face's label then, `suggested` the likelier one; `cluster`
    numbers the groups of copies, from 1.
    """

    __tablename__ = "findings"
    __table_args__ = (Index("ix_findings_face", "face_id"), Index("ix_findings_other", "other_id"))
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    control: Mapped[bool] = mapped_column(primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"))
    other_id: Mapped[int | None] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"))
    label: Mapped[int | None]
    suggested: Mapped[int | None]
    score: Mapped[float | None]
    detail: Mapped[str | None] = mapped_column(String(20))
    cluster: Mapped[int | None]


class PairVerdict(Base):
    """One person's latest word on whether two faces, the one with the lower number first, are copies."""

    __tablename__ = "pair_verdicts"
    __table_args__ = (Index("ix_pair_verdicts_other", "other_id"),)
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    reviewer: Mapped[str] = mapped_column(String(100), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(20))
    decided_at: Mapped[datetime]


class RecordedRelease(Base):
    """A release of a known dataset that somebody recorded: the faces and labels of each split, and its pictures.

    `splits` has the counts by emotion and a digest for each split; `pictures` the first six bytes of each SHA-256.
    """

    __tablename__ = "releases"
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    splits: Mapped[dict[str, Any]]
    pictures: Mapped[bytes]
    recorded_at: Mapped[datetime]

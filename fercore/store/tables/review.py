"""Tables of review: what reviewers saw and decided."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from fercore.store.tables.base import Base


class Reviewer(Base):
    """A person who reviews; retired, they are offered nowhere. `renamed_to` is the new name of an old one.

    `outbox` is under which name browsers keep this person's unsent decisions, where that is not the present one: it
    stays the same through all renames.
    """

    __tablename__ = "reviewers"
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    added_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    renamed_to: Mapped[str | None] = mapped_column(String(100))
    outbox: Mapped[str | None] = mapped_column(String(140))


class Task(Base):
    """Faces of a dataset that some people shall review; `people` is empty where everybody may.

    `plan` says how it was made; its faces are complete once `ready` is true. `source` says on which faces the source's
    label is shown; `quota` is how many decisions each person is asked for until the `deadline`. Where faces are looked
    at `anew`, decisions that were made before the task do not count in it.
    """

    __tablename__ = "tasks"
    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    instructions: Mapped[str]
    people: Mapped[list[Any]]
    plan: Mapped[dict[str, Any]]
    blind: Mapped[bool]
    ready: Mapped[bool]
    created_by: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(String(10), default="shown", server_default="shown")
    quota: Mapped[int | None]
    deadline: Mapped[date | None]
    anew: Mapped[bool] = mapped_column(default=False, server_default=false())


class TaskFace(Base):
    """A face of a task: how many people shall see it, and to how many more it may still be given.

    Its kind is plain, control (a random one) or gold (its answer is known).
    """

    __tablename__ = "task_faces"
    __table_args__ = (
        Index(
            "ix_task_faces_open",
            "task_id",
            "place",
            sqlite_where=text("open > 0"),
            postgresql_where=text("open > 0"),
        ),
        Index("ix_task_faces_face", "face_id"),
        Index("ix_task_faces_wanted", "task_id", "wanted"),  # summed for every look at the tasks
    )
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int]
    wanted: Mapped[int]
    open: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))


class Lease(Base):
    """A face of a task in somebody's hands until `until`, or decided by them; `holder` is the tab in which it is.

    One that is `offered` is shown and not taken yet: it can go to another person.
    """

    __tablename__ = "leases"
    __table_args__ = (
        Index("ix_leases_reviewer", "task_id", "reviewer", "decided_at"),
        Index("ix_leases_face", "face_id"),
    )
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    reviewer: Mapped[str] = mapped_column(String(100), primary_key=True)
    holder: Mapped[str] = mapped_column(String(36))
    until: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    offered: Mapped[bool] = mapped_column(default=False, server_default=false())


class ReviewPage(Base):
    """A page of faces as a reviewer saw it."""

    __tablename__ = "review_pages"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    reviewer: Mapped[str] = mapped_column(String(100))
    view: Mapped[dict[str, Any]]
    face_ids: Mapped[list[Any]]
    opened_at: Mapped[datetime]


class Decision(Base):
    """One event on one face; append-only. An `undone` event names the action it takes back.

    One that adjudicates is no vote, but settles what the votes leave open; `note` says why. `advisor` is the run whose
    opinion was shown meanwhile, None where none was.
    """

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
    adjudicates: Mapped[bool] = mapped_column(default=False, server_default=false())
    note: Mapped[str] = mapped_column(default="", server_default="")
    advisor: Mapped[int | None]


class Adjudication(Base):
    """The sum of an adjudicator's decisions on one face; absent while there are none. It stands above all votes."""

    __tablename__ = "rulings"
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    emotion: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(20))


class Vote(Base):
    """The sum of one reviewer's decisions on one face; absent while there are none."""

    __tablename__ = "votes"
    __table_args__ = (Index("ix_votes_reviewer", "reviewer", "kind", "face_id"),)
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    reviewer: Mapped[str] = mapped_column(String(100), primary_key=True)
    sequence: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    emotion: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(20))

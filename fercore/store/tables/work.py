"""Long work in processes of its own."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from fercore.lanes import EngineName
from fercore.store.tables.base import Base


class Restore(Base):
    """The mark of a restore that was committed, until its files are settled, too."""

    __tablename__ = "restores"
    token: Mapped[str] = mapped_column(String(36), primary_key=True)


class Job(Base):
    """Long work in its own process.

    `position` orders the queue; `gpus` is how many it asks for (-1: all), `devices` which it got; `engine`
    says who runs it, and `handle` is the engine's own name for it. An ended one is shown until it is `dismissed`.
    """

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
    position: Mapped[float] = mapped_column(default=0.0, server_default="0")
    gpus: Mapped[int] = mapped_column(default=1, server_default="1")
    devices: Mapped[str | None] = mapped_column(String(100))
    engine: Mapped[str] = mapped_column(String(10), default=EngineName.LOCAL, server_default="local")
    handle: Mapped[str | None]
    dismissed: Mapped[bool] = mapped_column(default=False, server_default=false())

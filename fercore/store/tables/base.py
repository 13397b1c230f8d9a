"""Python types as columns, and the class every table derives from."""

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import JSON, DateTime, LargeBinary, Table, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase


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
    """The ground of all tables: Python types as columns."""

    type_annotation_map = {datetime: Utc(), dict[str, Any]: JSON, list[Any]: JSON, bytes: LargeBinary}  # noqa: RUF012

    @classmethod
    def plain(cls) -> Table:
        """The table without its class: statements on many rows are built several times faster from it."""
        return cast(Table, cls.__table__)

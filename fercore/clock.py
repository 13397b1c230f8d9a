"""The clock: every moment that fercore writes down or compares is in UTC."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)

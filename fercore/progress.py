"""Progress of long work: one callable that every listener shares."""

from collections.abc import Callable

Progress = Callable[[int, int, str], None]
"""Called with (done, total, message); total 0 means unknown. It raises `errors.Cancelled` to stop the work."""


def silent(done: int, total: int, message: str = "") -> None:
    """Nobody listens."""

"""A reviewer's hand in a task."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeaseOwner:
    """The task faces that a reviewer holds in one tab, or without a holder, in all tabs."""

    task_id: int
    reviewer: str
    holder: str = ""

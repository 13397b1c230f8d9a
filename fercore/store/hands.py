"""A reviewer's hand in a task."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hand:
    """What a tab of a reviewer holds of a task, or with no holder, all of their tabs."""

    task_id: int
    reviewer: str
    holder: str = ""

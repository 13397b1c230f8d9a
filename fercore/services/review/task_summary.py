"""A review task as it is shown."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class TaskSummary:
    """Faces of a dataset that some people shall review: `people` is empty where everybody may.

    `source` says on which faces the source's label is shown; `quota` is how many decisions each person is asked for
    until the `deadline`.
    """

    id: int
    dataset_id: int
    name: str
    instructions: str
    people: list[str]
    blind: bool
    created_by: str
    created_at: datetime
    closed_at: datetime | None
    source: str
    quota: int | None
    deadline: date | None

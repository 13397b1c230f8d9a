"""A lead's plan of a review task."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fercore.curation.review_filter import Order, ReviewState, SourceLabels, TaskState


@dataclass(frozen=True)
class TaskPlan:
    """A lead's plan; without `people`, everybody may take part.

    `twice`, `thrice`, `control` and `gold` are shares from 0 to 1; gold faces are those that an adjudicator has ruled
    on, and everybody who is named sees them. `run` is whose opinion gives the order, if it takes one. In a blind
    task nobody sees what others decided. `source` says on which faces the source's label is shown: "shown" on all,
    "hidden" on none, "overlap" on those that one person sees, since agreement is measured on the others. `quota` is how
    many decisions each person is asked for until the `deadline`.
    """

    name: str
    dataset: str
    state: TaskState = ReviewState.ALL
    emotion: int | None = None
    order: Order = Order.IMPORTED
    seed: int = 0
    people: Sequence[str] = ()
    twice: float = 0.0
    thrice: float = 0.0
    control: float = 0.0
    gold: float = 0.0
    instructions: str = ""
    blind: bool = True
    run: int | None = None
    source: SourceLabels = SourceLabels.OVERLAP
    quota: int | None = None
    deadline: date | None = None

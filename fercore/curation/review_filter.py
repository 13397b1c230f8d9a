"""Which faces a reviewer sees, in which order, and from where on."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

State = Literal[
    "all",
    "undecided",
    "decided",
    "rejected",
    "unlabelled",
    "disputed",
    "changed",
    "unsure",
    "doubtful",
    "flagged",
    "noted",
]
STATES: Final[tuple[State, ...]] = get_args(State)
Order = Literal[
    "imported", "random", "least sure", "poor picture", "look-alikes", "disputed first", "suspicious", "uncertain"
]
ORDERS: Final[tuple[Order, ...]] = get_args(Order)
SourceLabels = Literal["shown", "overlap", "hidden"]
SOURCE_LABELS: Final[tuple[SourceLabels, ...]] = get_args(SourceLabels)
BLIND_STATES: Final[tuple[State, ...]] = (
    "all",
    "undecided",
    "decided",
    "changed",
    "unsure",
    "doubtful",
    "flagged",
    "noted",
)
# Which faces of a dataset a task hands out.
TaskState = Literal["all", "undecided", "unlabelled", "rejected", "doubtful"]
TASK_STATES: Final[tuple[TaskState, ...]] = get_args(TaskState)


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What a reviewer filters by; `emotion` None means every emotion, `ordering` None faces as imported.

    `advisor` is the run whose opinion of each face they see. In a task the faces are what is handed out there, and
    `blind` hides what others decided. `source` says on which faces of a task the source's label is shown: on all, on
    those that one person sees, or on none. Who adjudicates rules on what votes leave open.
    """

    dataset_id: int
    reviewer: str
    state: State = "all"
    emotion: int | None = None
    face_ids: tuple[int, ...] | None = None
    ordering: int | None = None
    advisor: int | None = None
    task: int | None = None
    blind: bool = False
    adjudicates: bool = False
    source: SourceLabels = "shown"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page begins: first what this reviewer has not decided (phase 0), then the rest.

    `after` is where the last face before it lies: its number as imported, its place in an order or a task.
    """

    phase: int = 0
    after: int = -1

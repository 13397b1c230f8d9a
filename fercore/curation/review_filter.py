"""Which faces a reviewer sees, in which order, and from where on."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, get_args


class ReviewState(StrEnum):
    """A state by which reviewers filter faces; in addresses it stands as its name in the reader's language."""

    ALL = "all"
    UNDECIDED = "undecided"
    DECIDED = "decided"
    REJECTED = "rejected"
    UNLABELLED = "unlabelled"
    DISPUTED = "disputed"
    CHANGED = "changed"
    UNSURE = "unsure"
    DOUBTFUL = "doubtful"
    FLAGGED = "flagged"
    NOTED = "noted"


class Order(StrEnum):
    """An order in which faces are reviewed."""

    IMPORTED = "imported"
    RANDOM = "random"
    LEAST_SURE = "least sure"
    POOR_PICTURE = "poor picture"
    LOOK_ALIKES = "look-alikes"
    DISPUTED_FIRST = "disputed first"
    SUSPICIOUS = "suspicious"
    UNCERTAIN = "uncertain"
    HARD_TO_LEARN = "hard to learn"
    AMBIGUOUS = "ambiguous"
    FORGOTTEN = "forgotten"


class SourceLabels(StrEnum):
    """On which faces of a task the source's label is shown: all, those that one person sees, or none."""

    SHOWN = "shown"
    OVERLAP = "overlap"
    HIDDEN = "hidden"


class TileState(StrEnum):
    """The state of a face as a reviewer may see it."""

    UNDECIDED = "undecided"
    DECIDED = "decided"
    LABELLED = "labelled"
    CONFIRMED = "confirmed"
    RELABELLED = "relabelled"
    REJECTED = "rejected"
    UNSURE = "unsure"
    DISPUTED = "disputed"


STATES: Final = tuple(ReviewState)
ORDERS: Final = tuple(Order)
SOURCE_LABELS: Final = tuple(SourceLabels)
# A filter by any other would tell what others decided.
BLIND_STATES: Final = (
    ReviewState.ALL,
    ReviewState.UNDECIDED,
    ReviewState.DECIDED,
    ReviewState.CHANGED,
    ReviewState.UNSURE,
    ReviewState.DOUBTFUL,
    ReviewState.FLAGGED,
    ReviewState.NOTED,
)
# The faces of a dataset that a task hands out.
TaskState = Literal[
    ReviewState.ALL, ReviewState.UNDECIDED, ReviewState.UNLABELLED, ReviewState.REJECTED, ReviewState.DOUBTFUL
]
TASK_STATES: Final[tuple[TaskState, ...]] = get_args(TaskState)


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """A reviewer's filters; `emotion` None means every emotion, `ordering` None faces as imported.

    `advisor` is the run whose opinion of each face they see. In a task the faces are what is handed out there, and
    `blind` hides what others decided. `source` says on which faces of a task the source's label is shown: on all, on
    those that one person sees, or on none. Who adjudicates rules on what votes leave open.
    """

    dataset_id: int
    reviewer: str
    state: ReviewState = ReviewState.ALL
    emotion: int | None = None
    face_ids: tuple[int, ...] | None = None
    ordering: int | None = None
    advisor: int | None = None
    task: int | None = None
    blind: bool = False
    adjudicates: bool = False
    source: SourceLabels = SourceLabels.SHOWN


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place where the next page begins: first what this reviewer has not decided (phase 0), then the rest.

    `after` is where the last face before it lies: its number as imported, its place in an order or a task.
    """

    phase: int = 0
    after: int = -1

"""Faces that runs chose, written down as a review task with its reason and blind control faces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from fercore.clock import now
from fercore.curation.review_filter import SourceLabels
from fercore.curation.task_faces import TaskFaceKind
from fercore.errors import InputError
from fercore.language import tr
from fercore.services.naming import checked_name
from fercore.services.review import reviewers, task_writer
from fercore.services.review.task_plan import TaskPlan
from fercore.splits import Split
from fercore.store import Store
from fercore.store.comparison import selections as table
from fercore.store.tables import Selection

if TYPE_CHECKING:
    from fercore.curation.task_layout import TaskLayout

LEARNED: Final = Split.TRAIN  # on its faces nothing is measured: no control faces are mixed in


class Reason(StrEnum):
    """A reason to look at faces again."""

    CELL = "cell"
    SUREST = "surest"
    ALL_WRONG = "all-wrong"
    ONE_RIGHT = "one-right"
    DYNAMICS = "dynamics"
    SLICE = "slice"
    AUDIT = "audit"
    MAP = "map"


@dataclass(frozen=True)
class Chosen:
    """Faces of one split with the label that each has now, and the `others` from which control faces are drawn; the
    runs that chose them, and of a confusion cell its evaluation, label and prediction.
    """

    reason: Reason
    dataset_id: int
    dataset: str
    split: str
    runs: tuple[int, ...]
    faces: Mapping[int, int]
    others: Mapping[int, int] = field(default_factory=dict)
    filter: Mapping[str, Any] = field(default_factory=dict)
    evaluation: int | None = None
    label: int | None = None
    predicted: int | None = None

    @property
    def is_blind(self) -> bool:
        """True if figures are counted from these labels: their labelers see none."""
        return self.split != LEARNED


@dataclass(frozen=True)
class Sending:
    """The name of a task, its people (none: everyone may work on it), and the seed of its control faces."""

    name: str
    people: Sequence[str] = ()
    seed: int = 0


@dataclass(frozen=True)
class Selected:
    """The task that was made: its number, and how many chosen faces and control faces it has."""

    task: int
    faces: int
    control: int


def write(store: Store, chosen: Chosen, sending: Sending) -> Selected:
    """Make a task of these faces; raises InputError where there are none.

    On a validation or test split as many control faces are drawn from the others by the seed and mixed in, and neither
    the source's label nor what others decided is shown: the labeler cannot tell them apart. Decisions that were made
    earlier do not count: the faces are looked at anew.
    """
    name = checked_name(sending.name)
    people = reviewers.present_names(store, sending.people)
    if not chosen.faces:
        raise InputError(tr("None of these faces still has its label: there is nothing to send."))
    others = chosen.others if chosen.is_blind else {}
    laid = _layout(sorted(chosen.faces), sorted(others), sending.seed)
    source = SourceLabels.HIDDEN if chosen.is_blind else SourceLabels.SHOWN
    plan = TaskPlan(name, chosen.dataset, seed=sending.seed, people=people, blind=chosen.is_blind, source=source)
    task = task_writer.write(store, chosen.dataset_id, plan, laid, anew=True)
    control = [int(face) for face, kind in zip(laid.faces, laid.kinds, strict=True) if kind]
    with store.database.writing() as session:
        row = Selection(
            task_id=task,
            dataset_id=chosen.dataset_id,
            split=chosen.split,
            run_id=chosen.runs[0] if chosen.runs else None,
            runs=[] if chosen.reason == Reason.CELL else list(chosen.runs),
            reason=str(chosen.reason),
            evaluation_id=chosen.evaluation,
            label=chosen.label,
            predicted=chosen.predicted,
            filter=dict(chosen.filter),
            seed=sending.seed,
            created_by=reviewers.own_name(store),
            created_at=now(),
        )
        written = [(face, label, False) for face, label in sorted(chosen.faces.items())]
        table.add(session, row, [*written, *((face, others[face], True) for face in control)])
    return Selected(task, len(chosen.faces), len(control))


def _layout(faces: Sequence[int], others: Sequence[int], seed: int) -> "TaskLayout":
    from fercore.curation.task_layout import MixedIn, Overlap, task_layout

    extras = [MixedIn(TaskFaceKind.CONTROL, others, 0.5)] if len(others) else []
    return task_layout(faces, Overlap(), extras, shuffle=True, seed=seed)


def default_name(dataset: str, split: str) -> str:
    """A name that tells a labeler nothing of the reason."""
    return tr("Second look at {dataset}, {split}", dataset=dataset, split=tr(split))[:100]

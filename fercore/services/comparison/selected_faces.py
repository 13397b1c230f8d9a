"""Faces that runs chose, written down as a review task with its reason and blind control faces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
LONGEST: Final = 100  # characters of a task's name


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
    (made,) = write_each(store, [chosen], sending)
    return made


def control_count(parts: Sequence[Chosen], dataset: str) -> int:
    """The number of control faces in the task of a dataset's faces."""
    held_out = [chosen for chosen in parts if chosen.is_blind and chosen.dataset == dataset]
    return min(sum(len(chosen.faces) for chosen in held_out), sum(len(chosen.others) for chosen in held_out))


def write_each(store: Store, parts: Sequence[Chosen], sending: Sending) -> list[Selected]:
    """Make a task of each dataset of faces of several splits, as above; blind where any of its splits is held out.

    Control faces come from held-out splits, as many as there are chosen faces of these.
    """
    name = checked_name(sending.name)
    people = reviewers.present_names(store, sending.people)
    by_dataset: dict[str, list[Chosen]] = {}
    for chosen in parts:
        if chosen.faces:
            by_dataset.setdefault(chosen.dataset, []).append(chosen)
    if not by_dataset:
        raise InputError(tr("None of these faces still has its label: there is nothing to send."))
    named = names(name, list(by_dataset))
    return [
        _written(store, chosen, replace(sending, name=named[dataset], people=people))
        for dataset, chosen in by_dataset.items()
    ]


def _written(store: Store, parts: Sequence[Chosen], sending: Sending) -> Selected:
    """The task of one dataset's faces, and a selection for each of their splits."""
    first, held_out = parts[0], [chosen for chosen in parts if chosen.is_blind]
    faces = sorted(face for chosen in parts for face in chosen.faces)
    others = sorted(face for chosen in held_out for face in chosen.others)
    laid = _layout(faces, others, sum(len(chosen.faces) for chosen in held_out), sending.seed)
    blind = bool(held_out)
    source = SourceLabels.HIDDEN if blind else SourceLabels.SHOWN
    plan = TaskPlan(
        sending.name, first.dataset, seed=sending.seed, people=sending.people, blind=blind, source=source
    )  # fmt: skip
    task = task_writer.write(store, first.dataset_id, plan, laid, anew=True)
    control = [int(face) for face, kind in zip(laid.faces, laid.kinds, strict=True) if kind]
    for chosen in parts:
        _record(store, task, chosen, control if chosen.is_blind else (), sending.seed)
    return Selected(task, len(faces), len(control))


def _record(store: Store, task: int, chosen: Chosen, control: Sequence[int], seed: int) -> None:
    """The selection of one split's faces, and of the control faces that are of this split."""
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
            seed=seed,
            created_by=reviewers.own_name(store),
            created_at=now(),
        )
        written = [(face, label, False) for face, label in sorted(chosen.faces.items())]
        others = chosen.others
        table.add(session, row, [*written, *((face, others[face], True) for face in control if face in others)])


def _layout(faces: Sequence[int], others: Sequence[int], control: int, seed: int) -> "TaskLayout":
    from fercore.curation.task_layout import MixedIn, Overlap, task_layout

    share = control / (len(faces) + control)
    extras = [MixedIn(TaskFaceKind.CONTROL, others, share)] if others else []
    return task_layout(faces, Overlap(), extras, shuffle=True, seed=seed)


def names(name: str, datasets: Sequence[str]) -> dict[str, str]:
    """The names of tasks by dataset: the given one where there is one, else each with its dataset; 100 characters."""
    if len(datasets) == 1:
        return {datasets[0]: name}
    endings = {dataset: f" · {dataset}" for dataset in datasets}
    return {dataset: f"{name[: max(LONGEST - len(end), 40)]}{end}"[:LONGEST] for dataset, end in endings.items()}


def default_name_of(datasets: Sequence[str]) -> str:
    """A name that tells a labeler nothing of the reason, whatever the splits."""
    return tr("Second look at {dataset}", dataset=", ".join(datasets))[:LONGEST]


def default_name(dataset: str, split: str) -> str:
    """The same for faces of one split."""
    return tr("Second look at {dataset}, {split}", dataset=dataset, split=tr(split))[:LONGEST]

"""Findings sent to review as tasks, with control faces among them that nobody can tell apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fercore.clock import now
from fercore.curation import findings as sampling
from fercore.curation.checks import Check
from fercore.curation.review_filter import SourceLabels
from fercore.curation.task_faces import TaskFaceKind
from fercore.curation.votes import FaceState
from fercore.errors import InputError
from fercore.evaluation.hit_rate import LEAST
from fercore.language import tr
from fercore.services.comparison import selected_faces
from fercore.services.comparison.selected_faces import Reason
from fercore.services.naming import checked_name
from fercore.services.review import reviewers, task_writer
from fercore.services.review.task_plan import TaskPlan
from fercore.store import Store
from fercore.store.audit import audits, findings
from fercore.store.audit.findings import FoundFace
from fercore.store.comparison import selections
from fercore.store.datasets import datasets
from fercore.store.tables import Audit, Selection

if TYPE_CHECKING:
    from fercore.curation.task_layout import TaskLayout

CONTROL_SHARE: Final = 0.25


@dataclass(frozen=True)
class FindingPlan:
    """Findings of a check that people shall look at: `count` of the most suspicious, or drawn at random; without
    `people`, everyone may take part.
    """

    audit: int
    check: Check
    name: str
    count: int
    at_random: bool = False
    people: Sequence[str] = ()
    seed: int = 0


@dataclass(frozen=True)
class FindingTask:
    """A task that was made of one dataset's findings: its number, and how many findings and control faces it has."""

    task: int
    dataset: str
    faces: int
    control: int


def open_findings(store: Store, audit: int, check: Check) -> list[FoundFace]:
    """A check's findings that nobody has decided since the audit, by rank."""
    with store.database.reading() as session:
        return _open(findings.faces(session, audits.get(session, audit), check))


def send(store: Store, plan: FindingPlan) -> list[FindingTask]:
    """Make a task for each dataset of the chosen findings; raises InputError where none is left, NotFoundError.

    Labels are hidden from its labelers, and whatever others decided: a control face looks like a finding.
    """
    name = checked_name(plan.name)
    with store.database.reading() as session:
        audit = audits.get(session, plan.audit)
        found = _open(findings.faces(session, audit, plan.check))
        others = _open(findings.faces(session, audit, plan.check, control=True))
    if not found or plan.count < 1:
        raise InputError(tr("No finding of this check is left to review."))
    chosen = _drawn(found, plan.count, plan.seed) if plan.at_random else found[: plan.count]
    wanted = max(LEAST, round(len(chosen) * CONTROL_SHARE / (1 - CONTROL_SHARE)))
    controls = _drawn(others, wanted, plan.seed)
    people = reviewers.present_names(store, plan.people)
    wanted_of = list(dict.fromkeys(face.dataset for face in chosen))
    named = selected_faces.names(name, wanted_of)
    return [
        _task(
            store,
            audit,
            plan,
            TaskPlan(named[dataset], dataset, seed=plan.seed, people=people, blind=True, source=SourceLabels.HIDDEN),
            [face for face in chosen if face.dataset == dataset],
            [face for face in controls if face.dataset == dataset],
        )
        for dataset in wanted_of
    ]


def _open(found: Sequence[FoundFace]) -> list[FoundFace]:
    return [face for face in found if not face.is_decided and face.state != FaceState.REJECTED]


def _drawn(faces: Sequence[FoundFace], count: int, seed: int) -> list[FoundFace]:
    import numpy as np

    return [faces[place] for place in sorted(sampling.drawn(np.arange(len(faces)), count, seed).tolist())]


def _task(
    store: Store,
    audit: Audit,
    plan: FindingPlan,
    task_plan: TaskPlan,
    chosen: Sequence[FoundFace],
    controls: Sequence[FoundFace],
) -> FindingTask:
    with store.database.reading() as session:
        dataset_id = datasets.named(session, task_plan.dataset).id
    laid = _layout([face.face for face in chosen], [face.face for face in controls], plan.seed)
    task = task_writer.write(store, dataset_id, task_plan, laid, anew=True)
    run = audit.request.get("run")
    marked = [*((face, False) for face in chosen), *((face, True) for face in controls)]
    with store.database.writing() as session:
        for split in dict.fromkeys(face.split for face, _ in marked):
            row = Selection(
                task_id=task,
                dataset_id=dataset_id,
                split=split,
                run_id=run,
                runs=[] if run is None else [run],
                reason=str(Reason.AUDIT),
                evaluation_id=None,
                label=None,
                predicted=None,
                filter=reason(audit.id, plan.check),
                seed=plan.seed,
                created_by=reviewers.own_name(store),
                created_at=now(),
            )
            selections.add(session, row, _labelled(marked, split))
    return FindingTask(task, task_plan.dataset, len(chosen), len(controls))


def _labelled(marked: Sequence[tuple[FoundFace, bool]], split: str) -> list[tuple[int, int, bool]]:
    """The faces of a split with the label that they have now; those without one choose nothing that is counted."""
    return [
        (face.face, face.emotion, control)
        for face, control in marked
        if face.split == split and face.emotion is not None
    ]


def _layout(faces: Sequence[int], controls: Sequence[int], seed: int) -> "TaskLayout":
    from fercore.curation.task_layout import MixedIn, Overlap, task_layout

    share = len(controls) / (len(faces) + len(controls))
    extras = [MixedIn(TaskFaceKind.CONTROL, controls, share)] if controls else []
    return task_layout(faces, Overlap(), extras, shuffle=True, seed=seed)


def reason(audit: int, check: Check) -> dict[str, Any]:
    """The reason of such a task, as its selection keeps it."""
    return {"audit": audit, "check": str(check)}

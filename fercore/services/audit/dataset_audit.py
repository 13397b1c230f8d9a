"""An audit of datasets: every check in turn, kept with its findings; a job that goes on where it was stopped.

The checks need OpenCV, which listing jobs does not: they are imported where they run.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from fercore.curation.checks import Check
from fercore.errors import InputError
from fercore.jobs.kinds import JobKind
from fercore.lanes import AUDIT, CROSSVAL, Lane
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services.audit.audit_request import AuditJob, CrossvalJob
from fercore.services.review import reviewers
from fercore.store import Store
from fercore.store.audit import audits, findings
from fercore.store.datasets import datasets

if TYPE_CHECKING:
    from fercore.services.audit.checks import CheckResult

STEPS: Final = 1000  # of progress, for each check


def audit(store: Store, asked: AuditJob, progress: Progress = silent) -> int:
    """Do every check of a request and keep what it finds; returns the audit's number.

    An audit of the same faces that was asked alike and stopped goes on with the checks that it lacks. Raises
    NotFoundError for a dataset or run, InputError where there is no face or the run cannot answer.
    """
    from fercore.store.audit import audited_faces

    with store.database.one_moment() as session:
        chosen = [datasets.named(session, name) for name in asked.names]
        looked_at = audited_faces.read(session, chosen)
        rejected = audited_faces.rejected(session, chosen)
        numbers = [dataset.id for dataset in chosen]
    if not len(looked_at):
        raise InputError(tr("There is no face to audit."))
    content = audited_faces.content_hash(looked_at, numbers)
    person = reviewers.own_name(store)
    settings = asked.model_dump(mode="json", exclude={"datasets"})
    with store.database.writing() as session:
        begun = audits.begin(session, numbers, content, settings, person)
        begun.faces, begun.rejected = len(looked_at), rejected
        number, done = begun.id, set(begun.checks)
    steps = _steps(asked.checks)
    for place, (names, check) in enumerate(steps):
        if not set(names) <= done:
            heard = _part(progress, place, len(steps))
            _keep(store, number, check(store, asked, number, heard))
    with store.database.writing() as session:
        audits.end(session, number)
    return number


Results = dict[Check, "CheckResult"]
Step = Callable[[Store, AuditJob, int, Progress], Results]


def _of_copies(store: Store, asked: AuditJob, seed: int, progress: Progress) -> Results:
    from fercore.services.audit import checks, copies, duplicates, leaks

    searched = copies.searched(store, asked.names, progress)
    found = checks.of_duplicates(duplicates.of_searched(searched), searched, seed)
    leaked = checks.of_leaks(leaks.of_searched(searched), searched, seed + 1)
    return {Check.DUPLICATES: found, Check.LEAKS: leaked}


def _of_labels(store: Store, asked: AuditJob, seed: int, progress: Progress) -> Results:
    from fercore.services.audit import checks, label_issues

    source = label_issues.source_of(store, asked)
    parts, why = [], {}
    for place, name in enumerate(asked.names):
        heard = _part(progress, place, len(asked.names))
        try:
            parts.append(label_issues.audit(store, name, asked.method, source, progress=heard))
        except InputError as error:  # a dataset without labels has other faults to be told of
            why[name] = str(error)
    return {Check.LABELS: checks.of_labels(parts, why, seed)}


def _of_faces(store: Store, asked: AuditJob, seed: int, progress: Progress) -> Results:
    from fercore.services.audit import checks, not_faces

    parts = []
    for place, name in enumerate(asked.names):
        heard = _part(progress, place, len(asked.names))
        parts.append(not_faces.audit(store, name, progress=heard))
    return {Check.FACES: checks.of_faces(parts, seed)}


def _of_bias(store: Store, asked: AuditJob, _seed: int, progress: Progress) -> Results:
    from fercore.services.audit import bias, checks

    return {Check.BIAS: checks.of_bias(bias.audit(store, asked.names, progress))}


# Copies are searched once for both of their checks.
STEPS_OF: Final[tuple[tuple[tuple[Check, ...], Step], ...]] = (
    ((Check.DUPLICATES, Check.LEAKS), _of_copies),
    ((Check.FACES,), _of_faces),
    ((Check.BIAS,), _of_bias),
    ((Check.LABELS,), _of_labels),
)


def _steps(wanted: Sequence[Check]) -> list[tuple[tuple[Check, ...], Step]]:
    steps = [(tuple(check for check in names if check in wanted), step) for names, step in STEPS_OF]
    return [(names, step) for names, step in steps if names]


def _part(progress: Progress, place: int, parts: int) -> Progress:
    """The progress of one of several parts within the whole.

    Whoever works tells of several phases, each from 0: the first moves through half of the part, the next through half
    of the rest.
    """
    before, last = 0.0, 0.0

    def heard(done: int, total: int, message: str = "") -> None:
        nonlocal before, last
        share = done / total if total else 0.0
        if share < last:
            before += (1 - before) / 2
        last = share
        progress(int((place + before + (1 - before) / 2 * share) * STEPS), parts * STEPS, message)

    return heard


def _keep(store: Store, number: int, results: Results) -> None:
    """Write the findings of checks that belong together, all or none."""
    with store.database.writing() as session:
        for check, result in results.items():
            findings.add(session, number, check, False, result.found)
            findings.add(session, number, check, True, result.controls)
            audits.note(session, number, check, result.as_counted())


def _run(store: Store, asked: AuditJob, progress: Progress) -> dict[str, Any]:
    return {"audit": audit(store, asked, progress)}


KIND: Final = JobKind(
    AUDIT,
    Lane.DISK,
    AuditJob,
    _run,
    title=lambda asked: tr("Audit of {datasets}", datasets=", ".join(asked.names)),
    summary=lambda result: tr("Audit {number} is kept.", number=result["audit"]),
    repeatable=True,
)
CROSSVAL_KIND: Final = JobKind(
    CROSSVAL,
    Lane.DEVICE,
    CrossvalJob,
    _run,
    title=KIND.title,
    summary=KIND.summary,
    repeatable=True,
)

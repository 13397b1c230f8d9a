"""Label issues of a dataset: labels that look wrong to models that have not seen the faces, or to a training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fercore.curation import annotators, label_issues, out_of_fold
from fercore.curation.checks import Check
from fercore.curation.duplicates.kinds import DuplicateKind
from fercore.curation.label_issues import LabelIssues
from fercore.curation.votes import FaceState
from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.evaluation.clusters import clusters
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services.audit import cross_validation, descriptions
from fercore.services.audit.audit_request import AuditJob, Doubt
from fercore.services.audit.cross_validation import CrossValidation
from fercore.services.audit.methods import Method
from fercore.services.comparison import figures
from fercore.services.training import recipes
from fercore.services.training.training_dynamics import training_dynamics
from fercore.store import Store
from fercore.store.audit import audits, findings
from fercore.store.comparison import evaluations
from fercore.store.datasets import datasets, face_rows, faces
from fercore.store.review import labels as review_labels
from fercore.store.training import runs


@dataclass(frozen=True)
class LabelFinding:
    """A face with its label and, where it is known, the emotion that is likelier; `score` is 0 (surely right) to 1."""

    face: int
    pixels: str
    split: str
    label: str
    suggested: str | None
    score: float
    is_issue: bool


@dataclass(frozen=True)
class LabelAudit:
    """All faces that were looked at, the most suspicious first; `left_out` counts labelled faces that were not.

    `may_be_learned` is true of a model from elsewhere, which may have seen the faces: its word says less then.
    """

    dataset: str
    method: Method
    run: int | None
    findings: tuple[LabelFinding, ...]
    left_out: int
    may_be_learned: bool = False

    @property
    def issues(self) -> int:
        """The number of labels that look wrong."""
        return sum(finding.is_issue for finding in self.findings)


def audit(
    store: Store,
    dataset: str,
    method: Method = Method.FEATURES,
    source: int | CrossValidation | None = None,
    split: str | None = None,
    progress: Progress = silent,
) -> LabelAudit:
    """The label issues of a dataset, or of one of its splits, by a method and the `source` that it asks.

    `features` cross-validates small networks on visual words of all its labelled faces, `crossval` a backbone beside
    them; `run` takes the stored probabilities of a run for faces that it has not learned; `dynamics` the margins of
    faces that it has.
    Raises NotFoundError, and InputError for a source that does not fit the method or cannot answer.
    """
    run = source if isinstance(source, int) else None
    check_source(method, source)
    with store.database.reading() as session:
        dataset_id = datasets.named(session, dataset).id
        is_foreign = run is not None and runs.get(session, run).elsewhere is not None
        rows = [row for row in face_rows.rows(session, dataset_id, None) if row.label is not None]
    rows = [row for row in rows if row.state != FaceState.REJECTED]
    known = [row for row in rows if split in (None, row.split)]
    if run is None:
        looked_at, issues = _unseen(store, rows, _groups(store, dataset_id, rows), source, progress)
        issues = _with_votes(store, dataset_id, looked_at, issues)
    elif method == Method.RUN:
        looked_at, issues = _by_run(store, known, dataset_id, run)
        issues = _with_votes(store, dataset_id, looked_at, issues)
    else:
        looked_at, issues = _by_dynamics(store, known, run)
    found = [_finding(looked_at[place], issues, place) for place in issues.order.tolist()]
    found = [finding for finding in found if split in (None, finding.split)]
    return LabelAudit(dataset, method, run, tuple(found), len(known) - len(found), is_foreign)


def source_of(store: Store, doubt: Doubt | AuditJob) -> int | CrossValidation | None:
    """The source that a request's method asks; raises NotFoundError for an unknown recipe."""
    if doubt.backbone is None:
        return doubt.run
    return CrossValidation(doubt.backbone, recipes.named(store, doubt.recipe), doubt.epochs, doubt.weights)


def check_source(method: Method, source: int | CrossValidation | None) -> None:
    """Raise InputError for a source that does not fit a method."""
    if method.asks_a_run != isinstance(source, int):
        raise InputError(tr("A run is named with the methods run and dynamics, and only with them."))
    if (method == Method.CROSSVAL) != isinstance(source, CrossValidation):
        raise InputError(tr("A backbone is named with the method crossval, and only with it."))


def _finding(row: Any, issues: LabelIssues, place: int) -> LabelFinding:
    suggested = int(issues.suggested[place])
    return LabelFinding(
        face=row.face,
        pixels=row.pixels,
        split=row.split,
        label=EMOTIONS[row.label],
        suggested=EMOTIONS[suggested] if suggested >= 0 else None,
        score=float(issues.score[place]),
        is_issue=bool(issues.is_issue[place]),
    )


def _labels(rows: Sequence[Any]) -> npt.NDArray[np.int64]:
    return np.array([row.label for row in rows], np.int64)


def _groups(store: Store, dataset_id: int, rows: Sequence[Any]) -> npt.NDArray[np.int64]:
    """(N,) faces that must not be told apart: of one person, with the same pixels, or, where an audit has looked for
    them, altered copies of each other.
    """
    with store.database.reading() as session:
        audit = audits.with_check(session, dataset_id, Check.DUPLICATES)
        copies = {} if audit is None else findings.clusters(session, audit.id, Check.DUPLICATES, DuplicateKind.BLANK)
    pictures = [f"copies {copies[row.face]}" if row.face in copies else row.pixels for row in rows]
    return clusters([row.subject for row in rows], pictures)


def _unseen(
    store: Store,
    rows: Sequence[Any],
    groups: npt.NDArray[np.int64],
    plan: CrossValidation | int | None,
    progress: Progress,
) -> tuple[Sequence[Any], LabelIssues]:
    """Issues by models of which each read faces that it had not learned: small ones on visual words, and with a plan a
    backbone, too: the mean of both finds planted errors earlier than either (benchmarks/label_issues.py).
    """
    if not rows:
        raise InputError(tr("No face here has a label."))
    ids, labels = [row.face for row in rows], _labels(rows)
    shares = _by_words(store, ids, labels, groups, progress)
    if isinstance(plan, CrossValidation):
        with store.database.reading() as session:
            pixels = faces.pixels(session, ids)
        shares = (shares + cross_validation.probabilities(store, plan, pixels, labels, groups, progress)) / 2
    return rows, label_issues.by_probabilities(labels, shares)


def _by_words(
    store: Store, ids: list[int], labels: npt.NDArray[np.int64], groups: npt.NDArray[np.int64], progress: Progress
) -> npt.NDArray[np.float64]:
    """(N, 7) probabilities of each face by small networks on visual words, out of fold."""

    def told(done: int, total: int) -> None:
        progress(done, total, tr("Cross-validating"))

    words = descriptions.words(store, ids)
    if len(ids) <= out_of_fold.WHOLE:
        return out_of_fold.probabilities(descriptions.of(store, words, ids, progress), labels, groups, progress=told)
    return out_of_fold.streamed(
        lambda places: descriptions.of(store, words, [ids[place] for place in places.tolist()], silent),
        labels,
        groups,
        progress=told,
    )


def _with_votes(store: Store, dataset_id: int, rows: Sequence[Any], issues: LabelIssues) -> LabelIssues:
    """The issues where faces that several people voted on are judged by their votes and by the models together."""
    by_face: dict[int, dict[str, int]] = {}
    with store.database.reading() as session:
        for face, reviewer, _, emotion in review_labels.votes_in(session, dataset_id):
            if emotion is not None:
                by_face.setdefault(face, {})[reviewer] = emotion
    votes = [by_face.get(row.face, {}) for row in rows]
    if not any(len(vote) > 1 for vote in votes):
        return issues
    return label_issues.revised(_labels(rows), issues, annotators.by_votes(_labels(rows), issues.probabilities, votes))


def _by_run(store: Store, rows: Sequence[Any], dataset_id: int, run: int) -> tuple[Sequence[Any], LabelIssues]:
    given: dict[int, bytes] = {}
    with store.database.reading() as session:
        for split in {row.split for row in rows}:
            given |= evaluations.known_probabilities(session, run, dataset_id, split)
    learned = figures.training_pixels(store, run)
    unseen = [row for row in rows if row.face in given and row.pixels not in learned]
    if not unseen:
        raise InputError(
            tr("Run {run} has no predictions of faces here that it has not learned: evaluate it first.", run=run)
        )
    shares = np.stack([np.frombuffer(given[row.face], "<f4") for row in unseen]).astype(np.float64)
    return unseen, label_issues.by_probabilities(_labels(unseen), shares)


def _by_dynamics(store: Store, rows: Sequence[Any], run: int) -> tuple[Sequence[Any], LabelIssues]:
    recorded = training_dynamics(store, run)
    margins = dict(zip(recorded.faces.tolist(), recorded.figures.margin.tolist(), strict=True))
    labels = dict(zip(recorded.faces.tolist(), recorded.labels.tolist(), strict=True))
    learned = [row for row in rows if labels.get(row.face) == row.label]
    if not learned:
        raise InputError(tr("Run {run} has learned no face here with the label of now.", run=run))
    return learned, label_issues.by_margin(_labels(learned), np.array([margins[row.face] for row in learned]))


def as_json(audit: LabelAudit) -> dict[str, Any]:
    """An audit of labels as the command line prints it."""
    return {
        "dataset": audit.dataset,
        "method": str(audit.method),
        "run": audit.run,
        "issues": audit.issues,
        "left_out": audit.left_out,
        "may_be_learned": audit.may_be_learned,
        "findings": [
            {
                "pixels": finding.pixels,
                "split": finding.split,
                "label": finding.label,
                "suggested": finding.suggested,
                "score": finding.score,
                "face": finding.face,
                "is_issue": finding.is_issue,
            }
            for finding in audit.findings
        ],
    }

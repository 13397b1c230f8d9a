"""Evaluate a run on splits of datasets, and count its stored probabilities again once labels have changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any, Final, NoReturn

import numpy as np

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.jobs.kinds import JobKind, JobRequest
from fercore.lanes import EVALUATION, Lane
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services.comparison import evaluation_writer, stored_evaluations
from fercore.services.comparison.evaluation_writer import MADE_NOW, Origin
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.prediction import model_files
from fercore.splits import SPLITS
from fercore.store import Store
from fercore.store.comparison import evaluations as table
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.datasets import datasets, faces
from fercore.store.tables import Run
from fercore.store.training import runs

if TYPE_CHECKING:
    from fercore.prediction.predictor import Predictor

CHUNK = 2048


def evaluate(store: Store, run_id: int, dataset: str, split: str, progress: Progress = silent) -> EvaluationView:
    """Predict every labelled, unrejected face of a split; earlier evaluations stay beside it with their labels."""
    return evaluate_each(store, run_id, [(dataset, split)], progress)[0]


def evaluate_each(
    store: Store, run_id: int, on: Iterable[Sequence[str]], progress: Progress = silent
) -> list[EvaluationView]:
    """`evaluate` on each (dataset, split), with the model loaded once; what cannot be is raised after the others."""
    with store.database.reading() as session:
        run = runs.get(session, run_id)
    predictor = None
    views: list[EvaluationView] = []
    problem: InputError | None = None
    for dataset, split in on:
        try:
            target = target_of(store, dataset, split)
        except InputError as error:
            problem = problem or error
            continue
        predictor = predictor or predictor_of(store, run, progress)
        scored = _score(store, predictor, target, progress)
        views.append(keep(store, run_id, target, split, scored))
    if problem is not None:
        raise problem
    return views


@dataclass(frozen=True)
class Recounted:
    """The result of a recount: added evaluations, runs whose labels had not changed, and each run's faces that
    have a label now and were never predicted, so that they are not counted."""

    added: list[EvaluationView]
    unchanged: list[int]
    unpredicted: dict[int, int]


def recount(store: Store, dataset: str, split: str, only: int | None = None) -> Recounted:
    """Count the stored probabilities of all runs on a split (or of one) with its labels of now.

    Raises InputError where nothing can be counted: no run was evaluated there, or no face has a label.
    """
    target = target_of(store, dataset, split)
    before = [view for view in stored_evaluations.listed(store) if (view.dataset, view.split) == (dataset, split)]
    before = [view for view in before if only is None or view.run == only]
    if not before:
        raise InputError(tr("No run was evaluated on '{dataset}', {split}.", dataset=dataset, split=tr(split)))
    fresh = {view.id for view in before} - stored_evaluations.stale(store, before)
    added, unpredicted = [], {}
    for view in before:
        if view.id in fresh:
            continue
        scored = _from_stored(store, view, target)
        missing = len(target.face_ids) - len(scored.face_ids)
        if missing and not view.is_foreign:  # a model from elsewhere cannot be asked again
            unpredicted[view.run] = missing
        if scored.face_ids and not (missing and _is_counted(store, view, scored)):
            added.append(keep(store, view.run, target, split, scored, Origin(view.imported, view.id)))
    return Recounted(added, [view.run for view in before if view.id in fresh], unpredicted)


def _is_counted(store: Store, view: EvaluationView, scored: ScoredFaces) -> bool:
    """True if an evaluation has counted just these faces with just these labels."""
    known = stored_evaluations.scored(store, view.id)
    return known.face_ids == scored.face_ids and bool((known.labels == scored.labels).all())


def _from_stored(store: Store, view: EvaluationView, target: "Target") -> ScoredFaces:
    """Earlier predictions of a run for the faces that are labelled now."""
    with store.database.reading() as session:
        known = table.known_probabilities(session, view.run, target.dataset_id, view.split)
    pairs = [(face, label) for face, label in zip(target.face_ids, target.labels, strict=True) if face in known]
    raw = b"".join(known[face] for face, _ in pairs)
    probabilities = np.frombuffer(raw, "<f4").reshape(-1, len(EMOTIONS))
    return ScoredFaces([face for face, _ in pairs], np.array([label for _, label in pairs], np.int64), probabilities)


def places(store: Store) -> list[tuple[str, str]]:
    """Every (dataset, split) in which there is something to evaluate on, the oldest dataset first."""
    with store.database.reading() as session:
        known = [datasets.named(session, name) for name in datasets.names(session)]
        places = product(known, SPLITS)
        return [
            (dataset.name, split) for dataset, split in places if table.has_labelled_faces(session, dataset.id, split)
        ]


def check(store: Store, on: Iterable[Sequence[str]]) -> None:
    """Raise InputError for a (dataset, split) on which nothing can be evaluated now."""
    with store.database.reading() as session:
        for dataset, split in on:
            if split not in SPLITS:
                known = ", ".join(SPLITS)
                raise InputError(tr("There is no split '{split}'. Choose one of {known}.", split=split, known=known))
            if not table.has_labelled_faces(session, datasets.named(session, dataset).id, split):
                raise InputError(_nothing_in(dataset, split))


def _nothing_in(dataset: str, split: str) -> str:
    return tr("'{dataset}' has no labelled faces in its {split} split.", dataset=dataset, split=split)


@dataclass(frozen=True)
class Target:
    """The faces to evaluate on, and their labels of now."""

    dataset_id: int
    face_ids: list[int]
    labels: list[int]


def target_of(store: Store, dataset: str, split: str) -> Target:
    """The labelled, unrejected faces of a split; raises InputError where there are none."""
    with store.database.reading() as session:
        dataset_id = datasets.named(session, dataset).id
        face_ids, labels = table.labelled_faces(session, dataset_id, split)
    if not face_ids:
        raise InputError(_nothing_in(dataset, split))
    return Target(dataset_id, face_ids, labels)


def predictor_of(store: Store, run: Run, progress: Progress) -> "Predictor":
    """A run's model, loaded; raises InputError where it has none, StoredDataError when its file is gone."""
    model_files.check_trained(run)
    progress(0, 0, tr("Loading the model"))
    from fercore.prediction.predictor import Predictor

    return Predictor.load(model_files.model_path(store, run.id), store.settings.models_dir)


def _score(store: Store, predictor: "Predictor", target: Target, progress: Progress) -> ScoredFaces:
    parts = []
    for start in range(0, len(target.face_ids), CHUNK):
        progress(start, len(target.face_ids), tr("Predicting"))
        with store.database.reading() as session:
            pixels = faces.pixels(session, target.face_ids[start : start + CHUNK])
        parts.append(predictor.probabilities(pixels))
    return ScoredFaces(target.face_ids, np.array(target.labels, np.int64), np.concatenate(parts))


def keep(
    store: Store, run_id: int, target: Target, split: str, scored: ScoredFaces, origin: Origin = MADE_NOW
) -> EvaluationView:
    """Count and store an evaluation; one that says just the same as the run's latest there is not stored again."""
    place = (target.dataset_id, split)
    measures = evaluation_writer.measured(store, run_id, place, scored)
    with store.database.writing() as session:
        added = evaluation_writer.add(session, run_id, place, scored, replace(origin, measures=measures))
    return stored_evaluations.get(store, added)


class EvaluateJob(JobRequest):
    """Which trained run to evaluate, and on which (dataset, split)."""

    run: int
    on: list[tuple[str, str]]


def _run(store: Store, request: EvaluateJob, progress: Progress) -> dict[str, Any]:
    done = evaluate_each(store, request.run, request.on, progress)
    return {"evaluations": [evaluation.id for evaluation in done]}


KIND: Final = JobKind(
    EVALUATION, Lane.DEVICE, EvaluateJob, _run, title=lambda request: tr("Evaluate run {run}", run=request.run)
)


def refuse_unevaluated(store: Store, run: int) -> NoReturn:
    """Raise NotFoundError for a run that is not here, InputError for one that was not evaluated."""
    with store.database.reading() as session:
        runs.get(session, run)
    raise InputError(tr("Run {run} was not evaluated yet.", run=run))

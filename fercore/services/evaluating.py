"""Evaluate a run on a split of a dataset; read evaluations back, down to the faces of one confusion cell."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fercore.emotions import EMOTIONS
from fercore.errors import InputError, StoredDataError
from fercore.evaluation.confusion import confusion as confusion_of
from fercore.evaluation.metrics import Scores, accuracy, per_emotion
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.store import Store, datasets, faces, runs
from fercore.store.datasets import SPLITS
from fercore.store.runs import Scored
from fercore.store.tables import Dataset, Evaluation, Run, Snapshot

if TYPE_CHECKING:
    from fercore.prediction.predictor import Predictor

CHUNK = 2048


@dataclass(frozen=True)
class Evaluated:
    """An evaluation with what it belongs to."""

    id: int
    run: int
    backbone: str
    recipe: str
    seed: int
    snapshot: str
    trained_on: tuple[str, ...]
    dataset: str
    split: str
    n: int
    accuracy: float
    confusion: list[list[int]]

    @property
    def per_emotion(self) -> dict[str, Scores]:
        """Precision, recall, F1 and n of each emotion, one versus the rest."""
        return per_emotion(np.array(self.confusion))


@dataclass(frozen=True)
class Guess:
    """One face of a confusion cell, with the probability the run gave its guess and the true label."""

    face_id: int
    guessed: float
    true: float


def evaluate(store: Store, run_id: int, dataset: str, split: str, progress: Progress = silent) -> Evaluated:
    """Predict every labelled, unrejected face of a split; stored in place of an earlier evaluation of it."""
    return evaluate_each(store, run_id, [(dataset, split)], progress)[0]


def evaluate_each(
    store: Store, run_id: int, on: Iterable[Sequence[str]], progress: Progress = silent
) -> list[Evaluated]:
    """`evaluate` on each (dataset, split), with the model loaded once; what cannot be is raised after the others."""
    with store.database.reading() as session:
        run = runs.get(session, run_id)
    predictor = None
    found: list[Evaluated] = []
    problem: InputError | None = None
    for dataset, split in on:
        try:
            asked = _asked(store, dataset, split)
        except InputError as error:
            problem = problem or error
            continue
        predictor = predictor or predictor_of(store, run, progress)
        scored = _score(store, predictor, asked, progress)
        found.append(_keep(store, run_id, asked, split, scored))
    if problem is not None:
        raise problem
    return found


def places(store: Store) -> list[tuple[str, str]]:
    """Every (dataset, split) in which there is something to evaluate on, the oldest dataset first."""
    with store.database.reading() as session:
        known = [datasets.named(session, name) for name in datasets.names(session)]
        places = product(known, SPLITS)
        return [(one.name, split) for one, split in places if runs.has_labelled_faces(session, one.id, split)]


def check(store: Store, on: Iterable[Sequence[str]]) -> None:
    """Raise InputError for a (dataset, split) on which nothing can be evaluated now."""
    with store.database.reading() as session:
        for dataset, split in on:
            if split not in SPLITS:
                known = ", ".join(SPLITS)
                raise InputError(tr("There is no split '{split}'. There is: {known}.", split=split, known=known))
            if not runs.has_labelled_faces(session, datasets.named(session, dataset).id, split):
                raise InputError(_nothing_in(dataset, split))


def _nothing_in(dataset: str, split: str) -> str:
    return tr("'{dataset}' has no labelled faces in its {split} split.", dataset=dataset, split=split)


@dataclass(frozen=True)
class _Asked:
    dataset_id: int
    face_ids: list[int]
    labels: list[int]


def _asked(store: Store, dataset: str, split: str) -> _Asked:
    with store.database.reading() as session:
        dataset_id = datasets.named(session, dataset).id
        face_ids, labels = runs.labelled_faces(session, dataset_id, split)
    if not face_ids:
        raise InputError(_nothing_in(dataset, split))
    return _Asked(dataset_id, face_ids, labels)


def predictor_of(store: Store, run: Run, progress: Progress) -> "Predictor":
    """A run's model, loaded; raises InputError where it has none, StoredDataError when its file is gone."""
    if run.status != "done" or run.reported_epoch is None:
        raise InputError(tr("Run {run} has no trained model: its status is {status}.", run=run.id, status=run.status))
    progress(0, 0, tr("Loading the model"))
    from fercore.prediction.predictor import Predictor

    return Predictor.load(model_path(store, run.id), store.settings.models_dir)


def _score(store: Store, predictor: "Predictor", asked: _Asked, progress: Progress) -> Scored:
    parts = []
    for start in range(0, len(asked.face_ids), CHUNK):
        progress(start, len(asked.face_ids), tr("Predicting"))
        with store.database.reading() as session:
            pixels = faces.pixels(session, asked.face_ids[start : start + CHUNK])
        parts.append(predictor.probabilities(pixels))
    return Scored(asked.face_ids, np.array(asked.labels, np.int64), np.concatenate(parts))


def _keep(store: Store, run_id: int, asked: _Asked, split: str, scored: Scored) -> Evaluated:
    confusion = confusion_of(scored.labels, scored.probabilities)
    with store.database.writing() as session:
        evaluation = Evaluation(
            run_id=run_id,
            dataset_id=asked.dataset_id,
            split=split,
            n=len(asked.face_ids),
            accuracy=accuracy(confusion),
            confusion=confusion.tolist(),
        )
        found = runs.replace_evaluation(session, evaluation, scored).id
    return get(store, found)


def model_path(store: Store, run_id: int) -> Path:
    """Where a run's model is; raises StoredDataError when the file is gone, DepotError when it cannot be fetched."""
    store.depot.fetch(run_id, "model.keras")
    path = store.run_folder(run_id) / "model.keras"
    if not path.is_file():
        raise StoredDataError(tr("The model of run {run} is gone: {path} does not exist.", run=run_id, path=path))
    return path


def listed(store: Store) -> list[Evaluated]:
    """Every evaluation, by run."""
    with store.database.reading() as session:
        return [_evaluated(*row) for row in runs.evaluations(session)]


def get(store: Store, evaluation_id: int) -> Evaluated:
    """One evaluation."""
    with store.database.reading() as session:
        evaluation = session.get_one(Evaluation, evaluation_id)
        run = runs.get(session, evaluation.run_id)
        return _evaluated(
            evaluation,
            run,
            session.get_one(Snapshot, run.snapshot_id),
            session.get_one(Dataset, evaluation.dataset_id),
        )


def _evaluated(evaluation: Evaluation, run: Run, snapshot: Snapshot, dataset: Dataset) -> Evaluated:
    return Evaluated(
        id=evaluation.id,
        run=run.id,
        backbone=run.backbone,
        recipe=run.recipe["name"],
        seed=run.seed,
        snapshot=snapshot.name,
        trained_on=tuple(snapshot.datasets),
        dataset=dataset.name,
        split=evaluation.split,
        n=evaluation.n,
        accuracy=evaluation.accuracy,
        confusion=evaluation.confusion,
    )


def cell(store: Store, evaluation_id: int, label: int, predicted: int) -> list[Guess]:
    """The faces of one confusion cell, the surest guesses first."""
    with store.database.reading() as session:
        rows = runs.cell(session, evaluation_id, label, predicted)
    guesses = []
    for face_id, raw in rows:
        probabilities = np.frombuffer(raw, "<f4")
        guesses.append(Guess(face_id, float(probabilities[predicted]), float(probabilities[label])))
    return sorted(guesses, key=lambda guess: -guess.guessed)


def faces_of_cell(store: Store, name: str) -> tuple[int, ...]:
    """The faces of the cell that a link names as `evaluation.label.predicted`; empty for a name of nothing."""
    parts = name.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return ()
    return tuple(sorted(guess.face_id for guess in cell(store, *map(int, parts))))


def scored(store: Store, evaluation_id: int) -> Scored:
    """The stored probabilities of an evaluation."""
    with store.database.reading() as session:
        return runs.scored(session, evaluation_id)


def as_json(found: Evaluated) -> dict[str, Any]:
    """An evaluation as the command line prints it."""
    return {
        "run": found.run,
        "dataset": found.dataset,
        "split": found.split,
        "n": found.n,
        "accuracy": found.accuracy,
        "emotions": list(EMOTIONS),
        "confusion": found.confusion,
        "per_emotion": {name: asdict(scores) for name, scores in found.per_emotion.items()},
    }


def work(store: Store, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The job `evaluate`."""
    done = evaluate_each(store, arguments["run"], arguments["on"], progress)
    return {"evaluations": [one.id for one in done]}

"""Stored evaluations as they are read: with what they belong to, down to the faces of one confusion cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
from sqlalchemy.orm import Session

from fercore.emotions import EMOTIONS
from fercore.evaluation.metrics import Scores, baseline, per_emotion, without
from fercore.language import trn
from fercore.services.comparison.earlier_trainings import chosen_on, with_earlier
from fercore.services.comparison.imported_file import ImportedFile, imported_file
from fercore.services.comparison.training_key import TrainingKey, training_of
from fercore.services.datasets import exports
from fercore.splits import Split
from fercore.store import Store
from fercore.store.comparison import evaluations
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.system import names
from fercore.store.tables import Dataset, Evaluation, Run, Snapshot
from fercore.store.training import lineage, runs

_present: Final[dict[tuple[str, int, str, int | None], tuple[tuple[object, ...], str]]] = {}


@dataclass(frozen=True)
class EvaluationView:
    """An evaluation with what it belongs to; `learned` counts the run's training faces by emotion, `epochs_done` the
    epochs that it reached. `chosen_on` is true where the run chose its epoch, or when to stop, on these faces.
    `imported` is the file of a model from elsewhere, of which nothing else is known.
    `selected_by` are the runs whose confusions chose faces of which it counts a label that was changed since.
    `continues` are the runs before this one, the nearest first: what they learned and chose on counts as the run's own.
    """

    id: int
    run: int
    training: TrainingKey
    recipe: str
    seed: int
    epochs_done: int | None
    snapshot: str
    trained_on: tuple[str, ...]
    learned: dict[str, int]
    dataset_id: int
    dataset: str
    split: str
    n: int
    accuracy: float
    confusion: list[list[int]]
    labels_hash: str
    recounts: int | None
    created_at: datetime
    chosen_on: bool = False
    imported: ImportedFile | None = None
    selected_by: tuple[int, ...] = ()
    continues: tuple[int, ...] = ()
    study_dataset: str = ""
    study_trained_on: tuple[str, ...] = ()

    @property
    def backbone(self) -> str:
        """The run's backbone."""
        return self.training.backbone

    @property
    def is_foreign(self) -> bool:
        """True if the run is a model from elsewhere: what it learned is unknown."""
        return self.training.is_foreign

    @property
    def words_only(self) -> bool:
        """True if the file of a model from elsewhere gave words: there is nothing to calibrate."""
        return self.imported is not None and self.imported.words_only

    @property
    def per_emotion(self) -> dict[str, Scores]:
        """Precision, recall, F1 and n of each emotion, one versus the rest."""
        return per_emotion(np.array(self.confusion))

    @property
    def is_training_accuracy(self) -> bool:
        """True if the run learned the split that it was evaluated on."""
        return self.split == Split.TRAIN and self.dataset in self.trained_on

    @property
    def baseline(self) -> tuple[str, float]:
        """The most frequent emotion, and the accuracy of always naming it."""
        index, share = baseline(np.array(self.confusion))
        return EMOTIONS[index], share

    @property
    def unlearned(self) -> list[str]:
        """Emotions that faces here show and no training face did; none of a model from elsewhere."""
        if self.is_foreign:
            return []
        shown = (EMOTIONS[row] for row, counts in enumerate(self.confusion) if sum(counts))
        return [name for name in shown if not self.learned.get(name)]

    @property
    def accuracy_of_learned(self) -> tuple[float, int]:
        """(accuracy, faces) without the faces of emotions that the training never showed."""
        return without(np.array(self.confusion), [EMOTIONS.index(name) for name in self.unlearned])


def listed(store: Store, run: int | None = None) -> list[EvaluationView]:
    """The latest evaluation of each run, or of one, on each split, by run."""
    with store.database.reading() as session:
        return _all_evaluated(session, evaluations.latest(session, run))


def of_run(store: Store, run: int, dataset: str, split: str) -> EvaluationView | None:
    """The latest evaluation of a run on a split, if there is one."""
    return next((view for view in listed(store, run) if (view.dataset, view.split) == (dataset, split)), None)


def history(store: Store, evaluation_id: int) -> list[EvaluationView]:
    """All evaluations of the same run on the same split, the newest first; raises NotFoundError."""
    with store.database.reading() as session:
        return _all_evaluated(session, evaluations.earlier(session, evaluations.get(session, evaluation_id)))


def get(store: Store, evaluation_id: int) -> EvaluationView:
    """One evaluation; raises NotFoundError."""
    with store.database.reading() as session:
        evaluation = evaluations.get(session, evaluation_id)
        run = runs.get(session, evaluation.run_id)
        snapshot = session.get(Snapshot, run.snapshot_id) if run.snapshot_id else None
        dataset = session.get_one(Dataset, evaluation.dataset_id)
        return _all_evaluated(session, [(evaluation, run, snapshot, dataset)])[0]


def _all_evaluated(
    session: Session, rows: Sequence[tuple[Evaluation, Run, Snapshot | None, Dataset]]
) -> list[EvaluationView]:
    counts = runs.epoch_counts(session, [run.id for _, run, _, _ in rows])
    first = names.study_names(session)
    before = lineage.earlier(session)
    views = [_evaluated(*row, counts.get(row[1].id)) for row in rows]
    views = [with_earlier(view, before.get(view.run, ())) for view in views]
    return [_under_study_names(view, first) for view in views]


def _under_study_names(view: EvaluationView, first: Mapping[str, str]) -> EvaluationView:
    """With the names by which the study knows its datasets, where these were renamed."""
    trained_on = tuple(first.get(name, name) for name in view.trained_on)
    return replace(view, study_dataset=first.get(view.dataset, view.dataset), study_trained_on=trained_on)


def _evaluated(
    evaluation: Evaluation, run: Run, snapshot: Snapshot | None, dataset: Dataset, epochs_done: int | None
) -> EvaluationView:
    return EvaluationView(
        id=evaluation.id,
        run=run.id,
        training=training_of(run, snapshot),
        recipe=run.recipe["name"],
        seed=run.seed,
        epochs_done=epochs_done,
        snapshot=snapshot.name if snapshot else "",
        trained_on=tuple(snapshot.datasets) if snapshot else (),
        learned=snapshot.counts[Split.TRAIN] if snapshot else {},
        dataset_id=dataset.id,
        dataset=dataset.name,
        split=evaluation.split,
        n=evaluation.n,
        accuracy=evaluation.accuracy,
        confusion=evaluation.confusion,
        labels_hash=evaluation.labels_hash,
        recounts=evaluation.recounts,
        selected_by=tuple(evaluation.selected_by),
        created_at=evaluation.created_at,
        chosen_on=chosen_on(evaluation.split, dataset.name, run, snapshot),
        imported=imported_file(evaluation.imported),
    )


def stale(store: Store, views: Iterable[EvaluationView]) -> set[int]:
    """The evaluations counted with other labels than now; a model from elsewhere by the faces that it named."""
    listed = list(views)
    marks = {name: exports.mark(store, exports.ExportKind.DATASET, name) for name in {view.dataset for view in listed}}
    places = {(view.dataset_id, view.dataset, view.split) for view in listed}
    present = {
        (dataset_id, split): _present_labels(store, dataset_id, split, marks[name])
        for dataset_id, name, split in places
    }
    changed = [view for view in listed if view.labels_hash != present[view.dataset_id, view.split]]
    return {
        view.id
        for view in changed
        if not view.is_foreign
        or view.labels_hash != _present_labels(store, view.dataset_id, view.split, marks[view.dataset], view.id)
    }


def _present_labels(
    store: Store, dataset_id: int, split: str, mark: tuple[object, ...], evaluation_id: int | None = None
) -> str:
    """The hash of labels now, of a split or an evaluation's own faces, read again once the dataset has changed."""
    key = (store.settings.database, dataset_id, split, evaluation_id)
    known = _present.get(key)
    if known is None or known[0] != mark:
        with store.database.reading() as session:
            known = _present[key] = (mark, evaluations.present_labels(session, dataset_id, split, evaluation_id))
    return known[1]


def scored(store: Store, evaluation_id: int) -> ScoredFaces:
    """The stored probabilities of an evaluation."""
    with store.database.reading() as session:
        return evaluations.scored(session, evaluation_id)


def selection_mark(runs: Sequence[int]) -> str:
    """The mark of figures that count labels which were changed since runs had confused the faces; else empty."""
    if not runs:
        return ""
    return trn(
        "labels changed after selection by run {runs}",
        "labels changed after selection by runs {runs}",
        len(runs),
        runs=", ".join(map(str, runs)),
    )


def as_json(view: EvaluationView) -> dict[str, Any]:
    """An evaluation as the command line prints it."""
    return {
        "evaluation": view.id,
        "run": view.run,
        "dataset": view.dataset,
        "split": view.split,
        "n": view.n,
        "accuracy": view.accuracy,
        "emotions": list(EMOTIONS),
        "confusion": view.confusion,
        "per_emotion": {name: asdict(scores) for name, scores in view.per_emotion.items()},
        "labels": view.labels_hash,
        "recounts": view.recounts,
        "selected_by": list(view.selected_by),
        "mark": selection_mark(view.selected_by),
    }

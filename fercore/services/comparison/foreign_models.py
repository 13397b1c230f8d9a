"""Models from elsewhere: predictions that another program made become a run to be compared."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from fercore.errors import InputError, RowFaultsError
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services.comparison import evaluation, evaluation_writer, named_faces, stored_evaluations
from fercore.services.comparison.evaluation_writer import Origin
from fercore.services.comparison.imported_file import ImportedFile
from fercore.services.comparison.named_faces import Matched, NamedFaces
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.sources import predictions
from fercore.sources.prediction_rows import PredictionRows
from fercore.splits import Split
from fercore.store import Store
from fercore.store.comparison import foreign_runs
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.comparison.foreign_runs import PlaceFace
from fercore.store.datasets import datasets
from fercore.store.training import runs

_LONGEST_NAME: Final = 100


@dataclass(frozen=True)
class ForeignModel:
    """A model from elsewhere, and the number of its evaluations."""

    run: int
    name: str
    evaluations: int
    created_at: datetime


@dataclass(frozen=True)
class ImportedPredictions:
    """The evaluation that a file became: `matched` faces, the names in `unmatched` rows, and the labelled faces of the
    split; `unlabelled` matched faces have no label and were not counted. `replaces` is true where other predictions of
    this model counted until now.
    """

    evaluation: EvaluationView
    matched: int
    unmatched: list[str]
    labelled: int
    unlabelled: int
    replaces: bool = False

    @property
    def run(self) -> int:
        """The run that stands for the model."""
        return self.evaluation.run


def import_predictions(
    store: Store, file: Path, name: str, dataset: str, split: str, progress: Progress = silent
) -> ImportedPredictions:
    """Store a file's predictions on a split, counted with the labels of now, as an evaluation of the named model.

    The same name again is the same model. Raises InputError, and then nothing is stored: RowFaultsError for rows that
    cannot be used, UnreadableSourceError for another file.
    """
    name = _checked_name(name)
    evaluation.check(store, [(dataset, split)])
    progress(0, 0, tr("Reading predictions"))
    rows = predictions.read(file)
    with store.database.reading() as session:
        dataset_id = datasets.named(session, dataset).id
        faces = foreign_runs.place_faces(session, dataset_id, Split(split))
    matched = named_faces.match(NamedFaces(split, faces), rows)
    if matched.faults:
        raise RowFaultsError(matched.faults)
    scored = _scored(faces, matched, rows)
    if not scored.face_ids:
        raise InputError(_nothing_matched(matched, dataset, split))
    labelled = sum(face.label is not None for face in faces)
    imported = ImportedFile(
        file.name, _digest(file), len(rows.places), len(matched.unmatched), labelled, rows.words_only, rows.others
    )
    place = (dataset_id, str(split))
    origin = Origin(imported, measures=evaluation_writer.measured(store, None, place, scored))
    earlier = _earlier(store, name, dataset, split)
    with store.database.writing() as session:
        run = foreign_runs.ensure(session, name)
        added = evaluation_writer.add(session, run.id, place, scored, origin)
    left = len(matched.rows) - len(scored.face_ids)
    return ImportedPredictions(
        stored_evaluations.get(store, added),
        len(scored.face_ids),
        matched.unmatched,
        labelled,
        left,
        earlier not in (None, added),
    )


def _earlier(store: Store, name: str, dataset: str, split: str) -> int | None:
    """The evaluation of a model of this name on a split that counts now, if there is one."""
    place = (name, dataset, split)
    every = stored_evaluations.listed(store)
    return next((v.id for v in every if v.is_foreign and (v.backbone, v.dataset, v.split) == place), None)


def _checked_name(name: str) -> str:
    """The name in NFC without surrounding blanks; models are also called by the address of their home, with slashes."""
    clean = unicodedata.normalize("NFC", name).strip()
    if not clean or len(clean) > _LONGEST_NAME or not clean.isprintable():
        raise InputError(tr("'{name}' cannot be a model's name: use 1 to 100 printable characters.", name=name))
    return clean


def _scored(faces: Sequence[PlaceFace], matched: Matched, rows: PredictionRows) -> ScoredFaces:
    """The probabilities of the matched faces that have a label now."""
    counted = [face for face in faces if face.id in matched.rows and face.label is not None]
    labels = np.array([face.label for face in counted], np.int64)
    return ScoredFaces([face.id for face in counted], labels, rows.shares[[matched.rows[face.id] for face in counted]])


def _nothing_matched(matched: Matched, dataset: str, split: str) -> str:
    if not matched.unmatched:
        return tr(
            "All faces that the file names have no label in '{dataset}', {split}.", dataset=dataset, split=tr(split)
        )
    return tr(
        "No row names a face of '{dataset}', {split}; the first says '{name}'. Name faces by number, by file or by the "
        "hash of their pixels.",
        dataset=dataset,
        split=tr(split),
        name=matched.unmatched[0],
    )


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def listed(store: Store) -> list[ForeignModel]:
    """All models from elsewhere, newest first."""
    with store.database.reading() as session:
        return [
            ForeignModel(run.id, run.elsewhere or "", count, run.created_at)
            for run, count in foreign_runs.listed(session)
        ]


def find(store: Store, run_id: int) -> ForeignModel | None:
    """The model from elsewhere that has this run's number; None where it is another run's."""
    return next((model for model in listed(store) if model.run == run_id), None)


def remove(store: Store, run_id: int) -> None:
    """Delete a model from elsewhere with its predictions; raises InputError for a run that was trained here."""
    with store.database.writing() as session:
        run = runs.get(session, run_id)
        if run.elsewhere is None:
            raise InputError(tr("Run {run} was trained here: delete it on the page Runs.", run=run_id))
        runs.remove(session, run_id)


def as_json(model: ForeignModel) -> dict[str, Any]:
    """A model from elsewhere as the command line prints it among the runs."""
    return {
        "run": model.run,
        "status": "done",
        "backbone": model.name,
        "recipe": None,
        "snapshot": None,
        "trained_on": [],
        "elsewhere": True,
        "epochs": 0,
        "evaluations": model.evaluations,
        "history": [],
    }

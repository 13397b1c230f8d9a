"""Training dynamics of a run: how each of its training faces was read over the epochs."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.errors import ArtifactStoreError, InputError, StoredDataError
from fercore.exports.targets import placed
from fercore.jobs import queue
from fercore.language import tr
from fercore.services.comparison.evaluation_details import path_of
from fercore.splits import Split
from fercore.store import Store
from fercore.store.datasets import face_rows
from fercore.store.tables import Job
from fercore.store.training import runs, snapshots
from fercore.training.loop import dynamics
from fercore.training.loop.dynamics import DYNAMICS_FILE, FACES_FILE, DynamicsSummary, TrainingDynamics

if TYPE_CHECKING:
    import pandas as pd

FIGURES: Final = ("loss", "confidence", "margin", "variability", "forgetting", "last_loss")


@dataclass(frozen=True)
class RunDynamics:
    """The training faces of a run that are still here, in the order of its snapshot, the labels that it learned (N,),
    and their figures over `epochs`.
    """

    run: int
    epochs: int
    faces: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    figures: DynamicsSummary


def training_dynamics(store: Store, run_id: int) -> RunDynamics:
    """The dynamics of a run; raises InputError where it kept none, StoredDataError where they cannot be read.

    Faces that were deleted for a person are never among them.
    """
    kept, labels = _kept(store, run_id)
    figures = dynamics.summary(kept)
    frozen = np.array([labels[face] for face in kept.faces.tolist()], np.int64)
    return RunDynamics(run_id, len(kept.confidence), kept.faces, frozen, figures)


def _kept(store: Store, run_id: int) -> tuple[TrainingDynamics, dict[int, int]]:
    with store.database.reading() as session:
        run = runs.get(session, run_id)
        job = session.get(Job, run.job_id) if run.job_id else None
        spread = job is not None and job.gpus == queue.ALL_GPUS
        rows = [] if run.snapshot_id is None else snapshots.rows(session, run.snapshot_id, Split.TRAIN)
    labels = {row.face_id: row.label for row in rows}
    with suppress(ArtifactStoreError):  # what is here already can be read without the place they come from
        store.artifacts.fetch(run_id, DYNAMICS_FILE, FACES_FILE)
    kept = dynamics.read(store.run_folder(run_id)) if labels else None
    if (kept is None or not len(kept.confidence)) and spread:
        raise InputError(
            tr(
                "Run {run} has no training dynamics: it was trained on all GPUs at once, where they are not kept. "
                "Train it on one GPU to see them.",
                run=run_id,
            )
        )
    if kept is None or not len(kept.confidence):
        raise InputError(
            tr(
                "Run {run} has no training dynamics: it finished no epoch yet, was trained by an earlier version or on "
                "several devices at once, or is a model from elsewhere.",
                run=run_id,
            )
        )
    return kept.without(np.array([face for face in kept.faces.tolist() if face not in labels], np.int64)), labels


def frame(store: Store, run_id: int) -> "pd.DataFrame":
    """A row for each training face of a run with its frozen label; raises what `training_dynamics` raises."""
    import pandas as pd

    found = training_dynamics(store, run_id)
    with store.database.reading() as session:
        about = face_rows.of_faces(session, found.faces.tolist())
    rows = [about[face] for face in found.faces.tolist()]
    return pd.DataFrame(
        {
            "run": found.run,
            "face": found.faces,
            "path": [path_of(row.identity, row.photo) for row in rows],
            "dataset": [row.dataset for row in rows],
            "subject": [row.subject or "" for row in rows],
            "label": [EMOTIONS[label] for label in found.labels],
            "epochs": found.epochs,
            **{name: getattr(found.figures, name) for name in FIGURES},
        }
    )


def write_csv(store: Store, run_id: int, file: Path, replace: bool = False) -> int:
    """Write the dynamics of a run as CSV; returns the number of faces. Raises what `placed` raises."""
    table = frame(store, run_id)
    with placed(file, replace) as draft:
        table.to_csv(draft, index=False, float_format="%.6g")
    return len(table)


def forget(store: Store, run_ids: Sequence[int], face_ids: Collection[int]) -> None:
    """Take faces out of what these runs kept, wherever it lies."""
    gone = np.array(sorted(face_ids), np.int64)
    for run_id in run_ids:
        with suppress(ArtifactStoreError):
            store.artifacts.fetch(run_id, DYNAMICS_FILE, FACES_FILE)
        folder = store.run_folder(run_id)
        try:
            kept = dynamics.read(folder)
        except StoredDataError:
            continue
        if kept is None or not np.isin(kept.faces, gone).any():
            continue
        left = kept.without(gone)
        dynamics.write(folder, list(np.stack([left.confidence, left.margin], axis=2)), left.faces)
        with suppress(ArtifactStoreError):
            store.artifacts.send(run_id)

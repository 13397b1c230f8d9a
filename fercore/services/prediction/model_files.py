"""The files of a trained run that can be taken away: which are there, checked against Keras, and why others are not."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from fercore.errors import ArtifactStoreError, InputError, StoredDataError
from fercore.lanes import MODEL_EXPORT
from fercore.language import tr
from fercore.language.sentences import words
from fercore.prediction.formats import FORMATS, ModelFormat
from fercore.statuses import Status
from fercore.store import Store
from fercore.store.jobs import queue
from fercore.store.tables import Run
from fercore.store.training import runs

RECORD: Final = "exports"


class FileState(StrEnum):
    """The state of a run's file in one format."""

    NONE = "not made yet"
    WAITS = "is being made"
    DONE = "checked"
    FAILED = "failed"


@dataclass(frozen=True)
class Parity:
    """The largest difference of any probability from Keras on so many faces, held out of the training or generated."""

    faces: int
    largest: float
    generated: bool


@dataclass(frozen=True)
class ModelFile:
    """A run's file in one format; `error` says why there is none where it could not be made."""

    run: int
    format: ModelFormat
    state: FileState
    bytes: int = 0
    opset: int | None = None
    parity: Parity | None = None
    error: str = ""

    @property
    def name(self) -> str:
        """A name for the file outside of its run's folder."""
        return f"run-{self.run}{Path(FORMATS[self.format].file).suffix}"


def listed(store: Store, run_id: int) -> list[ModelFile]:
    """A trained run's files in all formats; raises NotFoundError."""
    with store.database.reading() as session:
        run = runs.get(session, run_id)
        waiting = {each["format"] for each in queue.active_arguments(session, MODEL_EXPORT) if each["run"] == run_id}
    return [_file(store, run, form, form in waiting) for form in ModelFormat]


def of_run(store: Store, run_id: int, form: ModelFormat) -> ModelFile:
    """A trained run's file in one format; raises NotFoundError."""
    return next(file for file in listed(store, run_id) if file.format == form)


def _file(store: Store, run: Run, form: ModelFormat, waits: bool) -> ModelFile:
    path = place(store, run.id, form)
    if form == ModelFormat.KERAS:
        size = path.stat().st_size if path.is_file() else 0
        return ModelFile(run.id, form, FileState.DONE if size else FileState.NONE, size)
    known = noted(run, form)
    if waits:
        return ModelFile(run.id, form, FileState.WAITS)
    if known is None:
        return ModelFile(run.id, form, FileState.NONE)
    if "error" in known:
        return ModelFile(run.id, form, FileState.FAILED, error=words(known["error"]))
    if not path.is_file() and not store.settings.runs_url:
        gone = tr("The file is gone from the folder of the run.")
        return ModelFile(run.id, form, FileState.FAILED, error=gone)
    parity = Parity(known["faces"], known["largest"], known["generated"])
    return ModelFile(run.id, form, FileState.DONE, known["bytes"], known["opset"], parity)


def noted(run: Run, form: ModelFormat) -> dict[str, Any] | None:
    """The facts of a run's file, or its failure, as they were written down; None where nobody tried."""
    kept: Mapping[str, dict[str, Any]] = (run.record or {}).get(RECORD, {})
    return kept.get(form)


def place(store: Store, run_id: int, form: ModelFormat) -> Path:
    """The path of a run's file, whether it is there or not."""
    return store.run_folder(run_id) / FORMATS[form].file


def checked(store: Store, run: Run, form: ModelFormat) -> bytes | None:
    """The bytes of a file that was checked against Keras and is still the same; None where there is none."""
    known = noted(run, form)
    if known is None or "sha256" not in known:
        return None
    path = place(store, run.id, form)
    try:
        store.artifacts.fetch(run.id, path.name)
        data = path.read_bytes() if path.stat().st_size == known["bytes"] else b""
    except (OSError, ArtifactStoreError):
        return None
    return data if hashlib.sha256(data).hexdigest() == known["sha256"] else None


@cache
def lacking(form: ModelFormat) -> tuple[str, ...]:
    """The packages that a format needs to be made and that are not installed here."""
    return tuple(name for name in FORMATS[form].packages if find_spec(name) is None)


def check_trained(run: Run) -> None:
    """Raise InputError for a run that has no model: it is from elsewhere, or its training did not end."""
    if run.elsewhere is not None:
        raise InputError(
            tr(
                "Run {run} is a model from elsewhere, '{name}': only its predictions are here. Import those of other "
                "faces from a file.",
                run=run.id,
                name=run.elsewhere,
            )
        )
    if run.status != Status.DONE or run.reported_epoch is None:
        raise InputError(tr("Run {run} has no trained model: its status is {status}.", run=run.id, status=run.status))


def model_path(store: Store, run_id: int) -> Path:
    """The place of a run's model; raises StoredDataError where it is gone, ArtifactStoreError if unreachable."""
    store.artifacts.fetch(run_id, "model.keras")
    path = store.run_folder(run_id) / "model.keras"
    if not path.is_file():
        raise StoredDataError(tr("The model of run {run} is gone: {path} does not exist.", run=run_id, path=path))
    return path

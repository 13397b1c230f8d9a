"""Model files to take away: made by a job after each training or when asked for, checked, and written to a place."""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.clock import now
from fercore.errors import Cancelled, FercoreError, InputError, NotFoundError
from fercore.exports.targets import placed, refuse_over
from fercore.jobs import queue
from fercore.jobs.kinds import JobKind, JobRequest
from fercore.lanes import MODEL_EXPORT, Lane
from fercore.language import tr
from fercore.prediction.formats import FORMATS, ModelFormat
from fercore.progress import Progress, silent
from fercore.services.prediction import conversion, model_card, model_files
from fercore.services.prediction.conversion import SampleFaces
from fercore.services.prediction.model_files import FileState, ModelFile
from fercore.splits import Split
from fercore.store import Store
from fercore.store.datasets import faces
from fercore.store.training import runs, snapshots

FACES: Final = 1000
_LEARNED: Final = 3000  # faces of either kind that tell what is new to a model
_NO_FACES: Final = np.empty((0, 48, 48), np.uint8)
_DRAWN: Final = 20  # generated faces of each emotion and style, where a run has none that it did not learn


class ModelExportJob(JobRequest):
    """Which trained run, and which format."""

    run: int
    format: ModelFormat = ModelFormat.ONNX


@dataclass(frozen=True)
class ModelReport:
    """The file that was written and how it was checked: on so many faces, with the largest difference from Keras."""

    file: str
    format: str
    opset: int | None
    parity: dict[str, Any]


def after_training(store: Store, run_id: int) -> None:
    """Queue the ONNX file of a run that has just been trained, where this installation makes such files."""
    if store.settings.export_runs and not model_files.lacking(ModelFormat.ONNX):
        queue.submit(store, KIND, ModelExportJob(run=run_id))


def start(store: Store, run_id: int, form: ModelFormat) -> int:
    """Queue a run's file, also once more after a failure; returns the job's number.

    Raises InputError for a run without a model, or whose file is being made.
    """
    with store.database.reading() as session:
        model_files.check_trained(runs.get(session, run_id))
    if model_files.of_run(store, run_id, form).state == FileState.WAITS:
        raise InputError(tr("The {format} file of run {run} is being made.", format=FORMATS[form].title, run=run_id))
    return queue.submit(store, KIND, ModelExportJob(run=run_id, format=form))


def write(
    store: Store, request: ModelExportJob, to: Path, replace: bool = False, progress: Progress = silent
) -> ModelReport:
    """Write a run's file to a place, made first where there is none; into a folder under a name of its own.

    Raises InputError where the place is taken or the run has no model, FercoreError where the file cannot be made.
    """
    target = to.expanduser().absolute()
    target = target / ModelFile(request.run, request.format, FileState.NONE).name if target.is_dir() else target
    refuse_over(target, replace)
    made = make(store, request, progress)
    data = content(store, request.run, request.format)
    with placed(target, replace) as draft:
        draft.write_bytes(data)
    # The training's own file is handed on as it is: there is nothing to compare.
    parity = {"faces": made.parity.faces, "largest": made.parity.largest} if made.parity else {"faces": 0, "largest": 0}
    return ModelReport(str(target), request.format, made.opset, parity)


def content(store: Store, run_id: int, form: ModelFormat) -> bytes:
    """The bytes of a run's file; raises StoredDataError where it is gone or was changed since it was checked."""
    if form == ModelFormat.KERAS:
        return model_files.model_path(store, run_id).read_bytes()
    with store.database.reading() as session:
        data = model_files.checked(store, runs.get(session, run_id), form)
    if data is None:
        raise FercoreError(
            tr(
                "The {format} file of run {run} is not the one that was checked: make it anew.",
                format=FORMATS[form].title,
                run=run_id,
            )
        )
    return data


def make(store: Store, request: ModelExportJob, progress: Progress = silent) -> ModelFile:
    """Make a run's file and check it, unless it is there; a failure is written down and raised."""
    with store.database.reading() as session:
        run = runs.get(session, request.run)
        model_files.check_trained(run)
        is_there = request.format == ModelFormat.KERAS or model_files.checked(store, run, request.format) is not None
    if is_there:
        return model_files.of_run(store, request.run, request.format)
    try:
        _keep(store, request, progress)
    except (Cancelled, NotFoundError):
        raise
    except FercoreError as error:
        _note(store, request, {"error": str(error)})
        raise
    except OSError as error:  # a full disk, or one that cannot be read
        _note(store, request, {"error": error.strerror or str(error)})
        raise
    with store.database.reading() as session:
        run = runs.get(session, request.run)
        return model_files._file(store, run, request.format, waits=False)


def _keep(store: Store, request: ModelExportJob, progress: Progress) -> None:
    """Convert the model, and leave the file in the run's folder with what is known of it."""
    sample, generated = _sample(store, request.run)
    model = model_files.model_path(store, request.run)
    notes = model_card.notes(store, request.run)
    data, done = conversion.converted(model, request.format, sample, notes, progress)
    store.artifacts.fetch(request.run)  # else what is not here would be taken for deleted
    path = model_files.place(store, request.run, request.format)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.replace(path)
    facts = {
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "opset": done.opset,
        "faces": len(sample.compared),
        "largest": done.largest,
        "generated": generated,
    }
    try:
        _note(store, request, facts)
    except NotFoundError:  # deleted meanwhile
        shutil.rmtree(path.parent, ignore_errors=True)
        raise
    store.artifacts.send(request.run)


def _note(store: Store, request: ModelExportJob, facts: Mapping[str, Any]) -> None:
    with store.database.writing() as session:
        known = (runs.held(session, request.run).record or {}).get(model_files.RECORD, {})
        noted = {**known, str(request.format): {**facts, "at": now().isoformat()}}
        runs.note(session, request.run, {model_files.RECORD: noted})


def _sample(store: Store, run_id: int) -> tuple[SampleFaces, bool]:
    """Faces for a conversion, spread over their order, and true if those to compare on had to be generated.

    Compared are up to `FACES` that the run did not learn, the test split before validation.
    """
    with store.database.reading() as session:
        snapshot_id = runs.snapshot_of(session, run_id)
        by_split = {split: [row.face_id for row in snapshots.rows(session, snapshot_id, split)] for split in Split}
        held = [*by_split[Split.TEST], *by_split[Split.VALIDATION]]
        compared, learned, validation = (
            faces.pixels(session, _spread(ids, most)) if ids else _NO_FACES
            for ids, most in ((held, FACES), (by_split[Split.TRAIN], _LEARNED), (by_split[Split.VALIDATION], _LEARNED))
        )
    return SampleFaces(compared if held else _generated(run_id), learned, validation), not held


def _spread(ids: Sequence[int], most: int) -> list[int]:
    return [ids[place] for place in sorted({int(place) for place in np.linspace(0, len(ids) - 1, min(most, len(ids)))})]


def _generated(seed: int) -> npt.NDArray[np.uint8]:
    from fercore.drawing.faces import dataset
    from fercore.drawing.styles import Style

    return np.concatenate([dataset(style, _DRAWN, seed=seed)[0] for style in Style])


def _run(store: Store, request: ModelExportJob, progress: Progress) -> dict[str, Any]:
    made = make(store, request, progress)
    return {"format": request.format, "bytes": made.bytes, "largest": made.parity.largest if made.parity else 0.0}


def _summary(result: Mapping[str, Any]) -> str:
    return tr(
        "{format}, {size} MB; largest difference from Keras: {largest}.",
        format=FORMATS[ModelFormat(result["format"])].title,
        size=f"{result['bytes'] / 1e6:,.1f}",
        largest=f"{result['largest']:.1g}",
    )


KIND: Final = JobKind(
    MODEL_EXPORT,
    Lane.DISK,
    ModelExportJob,
    _run,
    title=lambda request: tr(
        "Make the {format} file of run {run}", format=FORMATS[request.format].title, run=request.run
    ),
    summary=_summary,
    repeatable=True,
)

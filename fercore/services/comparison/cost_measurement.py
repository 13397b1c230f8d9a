"""Operations and latency of trained runs, measured on this machine and stored with them."""

import platform
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from fercore.clock import now
from fercore.errors import InputError, StoredDataError
from fercore.jobs.kinds import JobKind, JobRequest
from fercore.lanes import COST, Lane
from fercore.language import tr, trn
from fercore.progress import Progress, silent
from fercore.services.comparison import evaluation
from fercore.store import Store
from fercore.store.tables import Run
from fercore.store.training import runs


def measure(store: Store, run_ids: Sequence[int], progress: Progress = silent) -> list[int]:
    """Load each model, count its operations, time it and store both with the run; returns the runs measured.

    A run that cannot be measured does not stop the others: its error is raised after them.
    """
    measured: list[int] = []
    problem: InputError | StoredDataError | None = None
    for place, run_id in enumerate(dict.fromkeys(run_ids)):
        try:
            with store.database.reading() as session:
                run = runs.get(session, run_id)
            facts = _measured(store, run, progress, (place, len(run_ids)))
        except (InputError, StoredDataError) as error:
            problem = problem or error
            continue
        with store.database.writing() as session:
            known = (runs.get(session, run_id).record or {}).get("latency", {})
            runs.note(session, run_id, {"macs": facts["macs"], "latency": {**known, **facts["latency"]}})
        measured.append(run_id)
    if problem is not None:
        raise problem
    return measured


def _measured(store: Store, run: Run, progress: Progress, at: tuple[int, int]) -> dict[str, Any]:
    predictor = evaluation.predictor_of(store, run, progress)
    from fercore.prediction.latency import measure as timed
    from fercore.training.hardware.devices import see
    from fercore.training.hardware.precision import DeviceKind
    from fercore.training.models.operations import count_macs

    backend = store.settings.keras_backend
    devices = see(backend).devices
    device = next((each for each in devices if each.kind != DeviceKind.CPU), devices[0])

    def heard(done: int, total: int) -> None:
        progress(at[0] * total + done, at[1] * total, tr("Measuring run {run}", run=run.id))

    latency = asdict(timed(predictor, heard)) | {"backend": backend, "at": now().isoformat()}
    name = f"{platform.node()}, {device.kind}" + ("" if device.kind == DeviceKind.CPU else f" {device.name}")
    return {"macs": count_macs(predictor.model), "latency": {name: latency}}


class CostJob(JobRequest):
    """The trained runs to measure."""

    runs: list[int]


def _run(store: Store, request: CostJob, progress: Progress) -> dict[str, Any]:
    return {"runs": measure(store, request.runs, progress)}


KIND: Final = JobKind(
    COST,
    Lane.DEVICE,
    CostJob,
    _run,
    title=lambda request: trn("Measure {count} run", "Measure {count} runs", len(request.runs)),
)

"""Which devices trainings get, what the backend sees of them, and why it sees no GPU."""

import subprocess
import sys
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from threading import Lock, Thread
from typing import Final

from fercore.jobs import devices
from fercore.jobs.engine import EngineAwayError
from fercore.jobs.engines import chosen, engine
from fercore.lanes import EngineName
from fercore.language import tr, trn
from fercore.settings import ROOT, Settings
from fercore.store import Store
from fercore.training.hardware.devices import BackendDevices, NoGpuReason, from_json
from fercore.training.hardware.precision import Device, DeviceKind

_GPU_BUILDS: Final = {
    "tensorflow": "pip install 'tensorflow[and-cuda]'",
    "jax": "pip install 'jax[cuda12]'",
    "torch": "https://pytorch.org/get-started/locally/",
}
BACKENDS: Final = tuple(_GPU_BUILDS)
_PATIENCE_S: Final = 120


class ProbeFailure(StrEnum):
    """Why a backend did not say what it sees."""

    NOT_INSTALLED = "not installed"
    SILENT = "silent"
    BROKEN = "broken"


@dataclass(frozen=True)
class BackendReport:
    """The devices of a backend; `failure` why it did not say, with the last line of its words as `detail`."""

    seen: BackendDevices
    failure: ProbeFailure | None = None
    detail: str = ""


# What each backend was asked about with which GPUs: loading one takes seconds, and cards do not come and go.
_answers: Final[dict[tuple[str, str], "Future[BackendReport]"]] = {}
_lock: Final = Lock()


def known(settings: Settings) -> BackendReport | None:
    """The backend's devices, None until it has told them: the first caller has it asked in the background."""
    key = (settings.keras_backend, _visible(settings))
    with _lock:
        if key not in _answers:
            _answers[key] = Future()
            Thread(target=_fulfil, args=(_answers[key], settings), daemon=True).start()
    return _answers[key].result() if _answers[key].done() else None


def _fulfil(answer: "Future[BackendReport]", settings: Settings) -> None:
    try:
        answer.set_result(ask(settings))
    except Exception as error:  # Nobody may wait for an answer that never comes.
        answer.set_result(_broken(settings.keras_backend, str(error)))


def ask(settings: Settings) -> BackendReport:
    """The backend's report on the GPUs that trainings get, asked in a process of its own.

    It takes memory and a GPU that this one does not need.
    """
    backend = settings.keras_backend
    nothing = BackendDevices(backend, ())
    if backend not in BACKENDS or find_spec(backend) is None:
        return BackendReport(nothing, ProbeFailure.NOT_INSTALLED)
    command = [sys.executable, "-m", "fercore.training.hardware.devices", backend, _visible(settings)]
    try:
        answer = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE_S, check=True, stdin=subprocess.DEVNULL
        )
        return BackendReport(from_json(answer.stdout.strip().splitlines()[-1]))
    except subprocess.TimeoutExpired:
        return BackendReport(nothing, ProbeFailure.SILENT)
    except subprocess.CalledProcessError as error:
        return _broken(backend, error.stderr)
    except (OSError, ValueError, IndexError) as error:  # no process, or no answer in its words
        return _broken(backend, str(error))


def _broken(backend: str, words: str) -> BackendReport:
    return BackendReport(BackendDevices(backend, ()), ProbeFailure.BROKEN, (words.strip().splitlines() or ["?"])[-1])


def _visible(settings: Settings) -> str:
    """The CUDA_VISIBLE_DEVICES of a process with all GPUs that trainings get; '' where it keeps its own."""
    every = ",".join(devices.slots(settings)) or None
    return devices.visible(settings, every, 1).get("CUDA_VISIBLE_DEVICES", "")


def problems(settings: Settings, answer: BackendReport) -> list[str]:
    """Obstacles between trainings and GPUs, each a sentence with its remedy."""
    sentences = []
    if unknown := devices.strangers(settings):
        sentences.append(
            tr(
                "FERCORE_GPUS names {names}, but this machine has {known}: trainings do without. Correct FERCORE_GPUS.",
                names=", ".join(unknown),
                known=", ".join(devices.numbers()),
            )
        )
    if answer.failure is not None:
        sentences.append(_failure(answer))
    elif answer.seen.reason is not None:
        sentences.append(why(answer.seen.backend, cause(settings, answer.seen)))
    return sentences


def _failure(answer: BackendReport) -> str:
    backend = answer.seen.backend
    if answer.failure == ProbeFailure.NOT_INSTALLED:
        return tr(
            "The Keras backend '{backend}' is not installed: set KERAS_BACKEND to one of {known} and install it.",
            backend=backend,
            known=", ".join(BACKENDS),
        )
    if answer.failure == ProbeFailure.SILENT:
        return tr(
            "{backend} did not say within {seconds} s which devices it sees: a driver may hang. "
            "Restart the machine, or hide its GPUs with CUDA_VISIBLE_DEVICES=-1.",
            backend=backend,
            seconds=_PATIENCE_S,
        )
    return tr("{backend} cannot be loaded: {why}", backend=backend, why=answer.detail)


def described(device: Device) -> str:
    """A device in a few words: kind, name, memory."""
    memory = "" if device.memory_mb is None else f", {device.memory_mb / 1024:.0f} GB"
    return (
        device.kind.upper() if device.name in ("", DeviceKind.CPU) else f"{device.kind.upper()}: {device.name}{memory}"
    )


def why(backend: str, cause: str) -> str:
    """Why a backend sees no GPU, as a sentence."""
    return tr("{backend} sees no GPU, so training runs on the CPU: {why}.", backend=backend, why=cause)


def cause(settings: Settings, seen: BackendDevices) -> str:
    """Obstacles between a backend and a GPU, and their remedies."""
    reason = seen.reason
    if reason not in (NoGpuReason.WINDOWS, NoGpuReason.MACOS) and devices.numbers() and not devices.names(settings):
        reason = NoGpuReason.HIDDEN  # There are cards, and what is set lets none of them through.
    if reason == NoGpuReason.HIDDEN and settings.gpus is not None:
        return tr("FERCORE_GPUS lets trainings have none. Set it to all, or to numbers as 0,1")
    return remedy(seen.backend, reason)


def remedy(backend: str, reason: NoGpuReason | None) -> str:
    """A reason in words, and what to do about it."""
    if reason == NoGpuReason.WINDOWS:
        return tr(
            "on Windows it uses none. Run fercore inside WSL2 (`wsl --install`, then install it there), "
            "or set KERAS_BACKEND=torch with a CUDA build of torch"
        )
    if reason == NoGpuReason.MACOS:
        return tr("its build for macOS uses none here")
    if reason == NoGpuReason.HIDDEN:
        return tr("CUDA_VISIBLE_DEVICES hides them all. Unset it")
    if reason == NoGpuReason.NO_DRIVER:
        return tr("this machine has no driver of NVIDIA or AMD. If it has such a card, install its driver")
    if reason == NoGpuReason.CPU_BUILD:
        return tr("what is installed is built for CPUs. Install its build for GPUs: {how}", how=_GPU_BUILDS[backend])
    return tr(
        "the driver is there, but CUDA's libraries are missing or do not fit. Install them: {how}",
        how=_GPU_BUILDS[backend],
    )


def given(settings: Settings, seen: BackendDevices) -> list[str]:
    """The devices of trainings: GPUs of this machine that the backend can use, its CPU, or a cluster."""
    if settings.ray_address:
        return [f"Ray: {settings.ray_address}"]
    usable = [described(device) for device in seen.devices if device.kind != DeviceKind.CPU]
    if not usable:
        return ["CPU"]
    return [f"GPU {name}" for name in devices.names(settings)] or usable  # Apple's and AMD's have no names here


def cluster(store: Store) -> str | None:
    """The devices that a cluster offers to trainings, or why it is silent; None where they run on this machine."""
    name = chosen(store.settings)
    if name == EngineName.LOCAL:
        return None
    try:
        capacity = engine(store, name).capacity()
    except EngineAwayError as error:
        return str(error)
    if not capacity.gpus:
        return trn(
            "Trains on the CPUs of a cluster: {count} machine",
            "Trains on the CPUs of a cluster: {count} machines",
            len(capacity.cpus),
        )
    return tr(
        "Trains on a cluster: {gpus} on {machines}",
        gpus=trn("{count} GPU", "{count} GPUs", len(capacity.gpus)),
        machines=trn("{count} machine", "{count} machines", len(capacity.cpus)),
    )

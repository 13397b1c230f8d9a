"""What works on this machine: backend, devices, weights, detector, database."""

import platform
import subprocess
import sys
from importlib.util import find_spec
from typing import Any, Final

from fercore.errors import FercoreError
from fercore.language import tr
from fercore.settings import ROOT, Settings
from fercore.training.backbones import BACKBONES
from fercore.training.devices import Reason, Seen, from_json
from fercore.training.precision import Device, precision_for
from fercore.training.weights import cache_folder, weights_state

_GPU_BUILDS: Final = {
    "tensorflow": "pip install 'tensorflow[and-cuda]'",
    "jax": "pip install 'jax[cuda12]'",
    "torch": "https://pytorch.org/get-started/locally/",
}
BACKENDS: Final = tuple(_GPU_BUILDS)
_PATIENCE_S: Final = 120


def examine(settings: Settings) -> dict[str, Any]:
    """A report with the list of problems, each a sentence with its remedy."""
    problems: list[str] = []
    weights = {name: weights_state(backbone) for name, backbone in BACKBONES.items()}
    missing = [BACKBONES[name].weights_file for name, state in weights.items() if state == "missing"]
    if missing:
        problems.append(
            tr(
                "ImageNet weights are missing: put {files} into {folder}, or train with --weights none.",
                files=", ".join(missing),
                folder=cache_folder(),
            )
        )
    seen = devices(settings.keras_backend, problems)
    return {
        "python": platform.python_version(),
        "backend": settings.keras_backend,
        "devices": [described(device) for device in seen.devices],
        "precision": precision_for("auto", seen.devices),
        "database": _database(settings, problems),
        "detector": _detector(problems),
        "weights": weights,
        "problems": problems,
    }


def devices(backend: str, problems: list[str]) -> Seen:
    """What a backend sees, asked in a process of its own: it takes memory and a GPU that this one does not need.

    What is wrong is added to `problems`, each a sentence with its remedy.
    """
    nothing = Seen(backend, ())
    if backend not in BACKENDS or find_spec(backend) is None:
        problems.append(
            tr(
                "The Keras backend '{backend}' is not installed: set KERAS_BACKEND to one of {known} and install it.",
                backend=backend,
                known=", ".join(BACKENDS),
            )
        )
        return nothing
    command = [sys.executable, "-m", "fercore.training.devices", backend]
    try:
        answer = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE_S, check=True, stdin=subprocess.DEVNULL
        )
        seen = from_json(answer.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        problems.append(
            tr(
                "{backend} did not say within {seconds} s which devices it sees: a driver may hang. "
                "Start the machine anew, or hide its GPUs with CUDA_VISIBLE_DEVICES=-1.",
                backend=backend,
                seconds=_PATIENCE_S,
            )
        )
        return nothing
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["?"])[-1]
        problems.append(tr("{backend} cannot be loaded: {why}", backend=backend, why=last))
        return nothing
    if seen.reason is not None:
        problems.append(why(backend, seen.reason))
    return seen


def described(device: Device) -> str:
    """A device in a few words: kind, name, memory."""
    memory = "" if device.memory_mb is None else f", {device.memory_mb / 1024:.0f} GB"
    return device.kind.upper() if device.name in ("", "cpu") else f"{device.kind.upper()}: {device.name}{memory}"


def why(backend: str, reason: Reason) -> str:
    """Why a backend sees no GPU, and what to do about it."""
    if reason == "windows":
        told = tr(
            "on Windows it uses none. Run fercore inside WSL2 (`wsl --install`, then install it there), "
            "or set KERAS_BACKEND=torch with a CUDA build of torch"
        )
    elif reason == "macos":
        told = tr("its build for macOS uses none here")
    elif reason == "hidden":
        told = tr("CUDA_VISIBLE_DEVICES hides them all. Unset it")
    elif reason == "no driver":
        told = tr("this machine has no driver of NVIDIA or AMD. If it has such a card, install its driver")
    elif reason == "cpu build":
        told = tr("what is installed is built for CPUs. Install its build for GPUs: {how}", how=_GPU_BUILDS[backend])
    else:
        told = tr(
            "the driver is there, but CUDA's libraries are missing or do not fit. Install them: {how}",
            how=_GPU_BUILDS[backend],
        )
    return tr("{backend} sees no GPU, so training runs on the CPU: {why}.", backend=backend, why=told)


def _database(settings: Settings, problems: list[str]) -> str:
    from sqlalchemy.engine import make_url

    from fercore.store.database import Database

    shown = make_url(settings.database).render_as_string(hide_password=True)
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        Database(settings.database).close()
    except (FercoreError, OSError) as error:
        problems.append(str(error))
    return shown


def _detector(problems: list[str]) -> str:
    from fercore.faces.detection import detector

    try:
        detector("haar")
    except FercoreError as error:
        problems.append(str(error))
        return "missing"
    return "haar"

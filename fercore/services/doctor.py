"""What works on this machine: backend, devices, weights, detector, database."""

import platform
import subprocess
import sys
from importlib.util import find_spec
from typing import Any, Final

from fercore.errors import FercoreError
from fercore.language import tr
from fercore.settings import Settings
from fercore.training.backbones import BACKBONES
from fercore.training.weights import cache_folder, weights_state

BACKENDS: Final = ("tensorflow", "jax", "torch")
# Asked in a process of its own: a backend takes memory and a GPU that this process does not need.
_DEVICES: Final = {
    "tensorflow": "import tensorflow as tf; print([d.name for d in tf.config.list_physical_devices()])",
    "jax": "import jax; print([str(d) for d in jax.devices()])",
    "torch": "import torch; n = torch.cuda.device_count(); "
    "print(['cpu', *[torch.cuda.get_device_name(i) for i in range(n)]])",
}


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
    return {
        "python": platform.python_version(),
        "backend": settings.keras_backend,
        "devices": _devices(settings.keras_backend, problems),
        "database": _database(settings, problems),
        "detector": _detector(problems),
        "weights": weights,
        "problems": problems,
    }


def _devices(backend: str, problems: list[str]) -> list[str]:
    if backend not in BACKENDS or find_spec(backend) is None:
        problems.append(
            tr(
                "The Keras backend '{backend}' is not installed: set KERAS_BACKEND to one of {known} and install it.",
                backend=backend,
                known=", ".join(BACKENDS),
            )
        )
        return []
    answer = subprocess.run(
        [sys.executable, "-c", _DEVICES[backend]], capture_output=True, text=True, timeout=120, check=False
    )
    if answer.returncode:
        problems.append(
            tr(
                "{backend} cannot be loaded: {why}",
                backend=backend,
                why=answer.stderr.strip().splitlines()[-1],
            )
        )
        return []
    found = [part.strip(" '\"[]") for part in answer.stdout.strip().splitlines()[-1].split(",")]
    if not any("gpu" in device.lower() or "cuda" in device.lower() for device in found):
        problems.append(tr("{backend} sees no GPU: training runs on the CPU.", backend=backend))
    return found


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

"""The record of a run, from which it can be made again: weights, versions, commit, devices, time."""

import hashlib
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fercore import __version__
from fercore.settings import ROOT
from fercore.training.models.pretrained import find_weights

if TYPE_CHECKING:
    from fercore.training.loop.config import TrainingConfig

PACKAGES: Final = {
    "tensorflow": ("keras", "tensorflow", "numpy"),
    "jax": ("keras", "jax", "jaxlib", "numpy"),
    "torch": ("keras", "torch", "numpy"),
}


def of_process(backend: str, plan: "TrainingConfig") -> dict[str, Any]:
    """The facts that this process knows of the training that it is about to do; loads the backend.

    Raises what `find_weights` raises where the weights cannot be had.
    """
    from fercore.training.hardware.devices import see

    return {
        "weights": _weights(find_weights(plan.backbone, plan.weights)),
        "versions": {"fercore": __version__, "python": platform.python_version(), **_versions(backend)},
        "commit": commit(),
        "backend": backend,
        "devices": [f"{device.kind}: {device.name}" for device in see(backend).devices],
        "host": platform.node(),
    }


def _weights(file: Path | None) -> dict[str, str] | None:
    """The file that a training starts from, with its SHA-256; None where it starts from random numbers."""
    if file is None:
        return None
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return {"file": str(file), "sha256": digest}


def _versions(backend: str) -> dict[str, str]:
    versions = {}
    for name in PACKAGES.get(backend, ("keras", "numpy")):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:  # installed under another name, as tensorflow-cpu is
            continue
    return versions


def commit() -> str | None:
    """The commit of the checkout that runs, marked where files differ from it; None outside of a checkout."""
    if not (ROOT / ".git").exists():
        return None
    command = ["git", "-C", str(ROOT), "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip() or None

"""Which devices a Keras backend sees, and why none where it sees no GPU.

Loads the backend: only for processes that may, such as a training or `doctor`'s child.
"""

import json
import os
import platform
import re
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from fercore.training.hardware.precision import Device, DeviceKind


class NoGpuReason(StrEnum):
    """Obstacles between a backend and a GPU."""

    HIDDEN = "hidden"
    WINDOWS = "windows"
    MACOS = "macos"
    NO_DRIVER = "no driver"
    CPU_BUILD = "cpu build"
    LIBRARIES = "libraries"


NAMES: Final = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}  # of the backends, for people
_MIB: Final = 2**20
_A_CARD: Final = re.compile(r"\d|GPU-|MIG-")  # how CUDA_VISIBLE_DEVICES begins where it lets one through


@dataclass(frozen=True, slots=True)
class BackendDevices:
    """The devices a backend sees; `reason` why no GPU is among them, None where one is."""

    backend: str
    devices: tuple[Device, ...]
    reason: NoGpuReason | None = None


@dataclass(frozen=True, slots=True)
class GpuFacts:
    """Versions that decide whether a backend can find a GPU."""

    system: str  # as platform.system() says
    hidden: bool  # CUDA_VISIBLE_DEVICES lets no device through
    driver: bool  # of NVIDIA or AMD
    gpu_build: bool  # the backend as installed was built for a GPU


def see(backend: str) -> BackendDevices:
    """The backend's devices; raises what loading the backend raises."""
    find, gpu_build = _BACKENDS[backend]
    devices = tuple(find())
    if any(device.kind != DeviceKind.CPU for device in devices):
        return BackendDevices(backend, devices)
    visible = visible_cards()
    hidden = visible is not None and _A_CARD.match(visible) is None
    driver = Path("/proc/driver/nvidia/version").exists() or Path("/dev/kfd").exists() or _windows_driver()
    return BackendDevices(backend, devices, why_none(backend, GpuFacts(platform.system(), hidden, driver, gpu_build())))


def visible_cards() -> str | None:
    """The cards that CUDA lets this process see, as its variable names them; None for all."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    return None if visible is None else visible.strip()


def why_none(backend: str, facts: GpuFacts) -> NoGpuReason:
    """The first thing that keeps a backend from a GPU; what cannot be mended comes before what can."""
    if facts.system == "Windows" and backend != "torch":
        return NoGpuReason.WINDOWS
    if facts.system == "Darwin":
        return NoGpuReason.MACOS
    if facts.hidden:
        return NoGpuReason.HIDDEN
    if not facts.driver:
        return NoGpuReason.NO_DRIVER
    return NoGpuReason.LIBRARIES if facts.gpu_build else NoGpuReason.CPU_BUILD


def _windows_driver() -> bool:
    """Under WSL2 and Windows the driver lies elsewhere than on Linux."""
    places = ("/usr/lib/wsl/lib/libcuda.so.1", "C:/Windows/System32/nvcuda.dll")
    return any(Path(place).exists() for place in places)


def _tensorflow() -> list[Device]:
    import tensorflow as tf

    devices = []
    for device in tf.config.list_physical_devices():
        kind = {"GPU": DeviceKind.GPU, "TPU": DeviceKind.TPU}.get(device.device_type, DeviceKind.CPU)
        details = tf.config.experimental.get_device_details(device) if kind == DeviceKind.GPU else {}
        name = "cpu" if kind == DeviceKind.CPU else details.get("device_name", device.name)
        devices.append(Device(kind, name, details.get("compute_capability")))
    return devices


def _tensorflow_build() -> bool:
    import tensorflow as tf

    return bool(tf.test.is_built_with_gpu_support())


def _jax() -> list[Device]:
    import jax

    devices = []
    for device in jax.local_devices():
        kind = DeviceKind(device.platform) if device.platform in ("gpu", "tpu") else DeviceKind.CPU
        capability = getattr(device, "compute_capability", None) if kind == DeviceKind.GPU else None
        limit = (device.memory_stats() or {}).get("bytes_limit") if kind != DeviceKind.CPU else None
        devices.append(Device(kind, device.device_kind, _pair(capability), None if limit is None else limit // _MIB))
    return devices


def _jax_build() -> bool:
    return any(find_spec(f"jax_{name}_plugin") for name in ("cuda12", "cuda13", "rocm60", "rocm7"))


def _torch() -> list[Device]:
    import torch

    devices = [Device(DeviceKind.CPU, "cpu")]
    for number in range(torch.cuda.device_count()):
        card = torch.cuda.get_device_properties(number)
        capability = (card.major, card.minor) if torch.version.hip is None else None
        devices.append(Device(DeviceKind.GPU, card.name, capability, card.total_memory // _MIB))
    if torch.backends.mps.is_available():
        devices.append(Device(DeviceKind.GPU, "Apple GPU"))
    return devices


def _torch_build() -> bool:
    import torch

    return torch.version.cuda is not None or torch.version.hip is not None


def _pair(capability: object) -> tuple[int, int] | None:
    """'8.0' → (8, 0); None for AMD's names."""
    parts = str(capability).split(".")
    return (int(parts[0]), int(parts[1])) if len(parts) == 2 and all(part.isdigit() for part in parts) else None


_BACKENDS: Final[dict[str, tuple[Callable[[], list[Device]], Callable[[], bool]]]] = {
    "tensorflow": (_tensorflow, _tensorflow_build),
    "jax": (_jax, _jax_build),
    "torch": (_torch, _torch_build),
}


def from_json(text: str) -> BackendDevices:
    """The output of a child process that ran `main`."""
    document: dict[str, Any] = json.loads(text)
    devices = tuple(
        Device(
            DeviceKind(entry["kind"]),
            entry["name"],
            entry["capability"] and tuple(entry["capability"]),
            entry["memory_mb"],
        )
        for entry in document["devices"]
    )
    return BackendDevices(document["backend"], devices, document["reason"] and NoGpuReason(document["reason"]))


def main(backend: str, visible: str = "") -> None:
    """Print what a backend sees as JSON on the last line, of the cards in `visible` if they are given."""
    if visible:
        os.environ["CUDA_VISIBLE_DEVICES"] = visible
    print(json.dumps(asdict(see(backend))))


if __name__ == "__main__":
    main(*sys.argv[1:])

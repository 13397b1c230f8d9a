"""In which arithmetic a training runs, decided from a description of the devices alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from fercore.training.recipes.recipe import Precision

Arithmetic = Literal["float32", "bfloat16", "float16"]
POLICIES: Final[dict[Arithmetic, str]] = {
    "float32": "float32",
    "bfloat16": "mixed_bfloat16",
    "float16": "mixed_float16",  # Keras scales the loss by itself under this one
}
"""Keras' names: activations in the arithmetic, weights in float32."""

_TENSOR_CORES: Final = (7, 0)  # Volta and Turing: float16
_AMPERE: Final = (8, 0)  # and later: bfloat16, which needs no scaling of the loss


@dataclass(frozen=True, slots=True)
class Device:
    """One device that a backend sees; `capability` is CUDA's, None where the device has none."""

    kind: Literal["cpu", "gpu", "tpu"]
    name: str
    capability: tuple[int, int] | None = None
    memory_mb: int | None = None


def precision_for(asked: Precision, devices: Sequence[Device]) -> Arithmetic:
    """What was asked for, or with 'auto' what every accelerator is fast in."""
    if asked != "auto":
        return asked
    accelerators = [device for device in devices if device.kind != "cpu"]
    if not accelerators:
        return "float32"
    found = {_fast(device) for device in accelerators}
    return found.pop() if len(found) == 1 else "float32"


def _fast(device: Device) -> Arithmetic:
    if device.kind == "tpu":
        return "bfloat16"
    if device.capability is None or device.capability < _TENSOR_CORES:
        return "float32"
    return "bfloat16" if device.capability >= _AMPERE else "float16"

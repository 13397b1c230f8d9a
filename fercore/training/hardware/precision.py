"""In which arithmetic a training runs, decided from a description of the devices alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fercore.training.recipes.recipe import Precision


class Arithmetic(StrEnum):
    """The numbers in which a training computes; stored with its checkpoints as these words."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"


class DeviceKind(StrEnum):
    """The kind of a device that a backend sees."""

    CPU = "cpu"
    GPU = "gpu"
    TPU = "tpu"


POLICIES: Final[dict[Arithmetic, str]] = {
    Arithmetic.FLOAT32: "float32",
    Arithmetic.BFLOAT16: "mixed_bfloat16",
    Arithmetic.FLOAT16: "mixed_float16",  # Keras scales the loss by itself under this one
}
"""Keras' names: activations in the arithmetic, weights in float32."""

_TENSOR_CORES: Final = (7, 0)  # Volta and Turing: float16
_AMPERE: Final = (8, 0)  # and later: bfloat16, which needs no scaling of the loss


@dataclass(frozen=True, slots=True)
class Device:
    """One device that a backend sees; `capability` is CUDA's, None where the device has none."""

    kind: DeviceKind
    name: str
    capability: tuple[int, int] | None = None
    memory_mb: int | None = None


def precision_for(precision: Precision, devices: Sequence[Device]) -> Arithmetic:
    """The chosen precision, or with 'auto' the one that every accelerator is fast in."""
    if precision != "auto":
        return Arithmetic(precision)
    accelerators = [device for device in devices if device.kind != DeviceKind.CPU]
    if not accelerators:
        return Arithmetic.FLOAT32
    arithmetics = {_fast(device) for device in accelerators}
    return arithmetics.pop() if len(arithmetics) == 1 else Arithmetic.FLOAT32


def _fast(device: Device) -> Arithmetic:
    if device.kind == DeviceKind.TPU:
        return Arithmetic.BFLOAT16
    if device.capability is None or device.capability < _TENSOR_CORES:
        return Arithmetic.FLOAT32
    return Arithmetic.BFLOAT16 if device.capability >= _AMPERE else Arithmetic.FLOAT16

"""Memory: what a training holds, and how its lack shows in each backend. Imports no backend itself."""

from typing import Final

import psutil

_NAMES: Final = frozenset({"ResourceExhaustedError", "OutOfMemoryError", "MemoryError"})
_WORDS: Final = (
    "RESOURCE_EXHAUSTED",  # XLA, under JAX
    "CUDA_ERROR_OUT_OF_MEMORY",
    "out of memory",  # CUDA, HIP and MPS under torch
    "can't allocate memory",  # torch on a CPU
    "MemoryError",  # one that TensorFlow wrapped because it came from the batches
    "OOM when allocating",
)
_MIB: Final = 2**20


def is_out_of_memory(error: BaseException) -> bool:
    """True if a backend, NumPy or Python says that memory is short, by the error's kinds or its text."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    return bool(kinds & _NAMES) or any(word in str(error) for word in _WORDS)


def held_mb(backend: str) -> float | None:
    """The device's peak in MiB, or what this process holds where the backend runs on a CPU; None if nobody says."""
    return _device_mb(backend) or _process_mb()


def _device_mb(backend: str) -> float | None:
    """The fullest device's peak."""
    if backend == "tensorflow":
        import tensorflow as tf

        cards = range(len(tf.config.list_physical_devices("GPU")))
        peaks = [tf.config.experimental.get_memory_info(f"GPU:{number}")["peak"] for number in cards]
    elif backend == "jax":
        import jax

        statistics = [device.memory_stats() or {} for device in jax.local_devices() if device.platform != "cpu"]
        peaks = [stats.get("peak_bytes_in_use", 0) for stats in statistics]
    elif backend == "torch":
        import torch

        peaks = [torch.cuda.max_memory_allocated(number) for number in range(torch.cuda.device_count())]
    else:
        return None
    return max(peaks, default=0) / _MIB or None


def _process_mb() -> float:
    """Resident memory of this process."""
    return float(psutil.Process().memory_info().rss) / _MIB

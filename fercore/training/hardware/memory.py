"""Memory: what a training holds, and how its lack shows in each backend. Imports no backend itself."""

import ctypes
import sys
from pathlib import Path
from typing import Final

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
_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # glibc's malloc.h


def keep_freed() -> None:
    """Let glibc reuse what this process frees, in place of fetching the same pages anew in every step.

    A step on a CPU frees and asks for hundreds of megabytes; zeroing fresh pages took a seventh of its time.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_MMAP_MAX, 0)
        mallopt(_TRIM_THRESHOLD, 2**31 - 1)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a backend, NumPy or Python says that memory is short, by the error's kinds or its text."""
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

        told = [device.memory_stats() or {} for device in jax.local_devices() if device.platform != "cpu"]
        peaks = [stats.get("peak_bytes_in_use", 0) for stats in told]
    elif backend == "torch":
        import torch

        peaks = [torch.cuda.max_memory_allocated(number) for number in range(torch.cuda.device_count())]
    else:
        return None
    return max(peaks, default=0) / _MIB or None


def _process_mb() -> float | None:
    """Resident memory of this process: now on Linux, at most so far elsewhere; None on Windows."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next((line for line in status.read_text().splitlines() if line.startswith("VmRSS:")), None)
        return None if line is None else int(line.split()[1]) / 1024
    if sys.platform == "win32":
        return None
    import resource

    unit = 1 if sys.platform == "darwin" else 1024  # bytes on macOS, KiB elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / _MIB

"""Settings of the whole process, in Python and in the C library, each with the benchmark that justifies it."""

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_TURN: Final = 0.0002  # seconds
_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # glibc's malloc.h


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage, and never again among what was made meanwhile: for imports, which leave none.

    Looking costs a fifth of their time (`benchmarks/app.py`, from the start to the page painted), and Streamlit looks
    through everything after each run of a page, through all of TensorFlow once a model was loaded
    (`benchmarks/after_prediction.py`).
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def short_turns() -> Iterator[None]:
    """Let threads take turns quickly.

    A fast device keeps the main thread in Python, and those that make the next batches would wait for its 5
    milliseconds to end again and again, and the device for them: `benchmarks/feeding.py`.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def environment(**changes: str) -> dict[str, str]:
    """This process's environment with changes, for a process that it starts."""
    return {**os.environ, **changes}


def let_threads_sleep() -> None:
    """Let the threads of OpenMP and OpenBLAS sleep soon while they wait for each other; for before NumPy is imported.

    They would spin, and where other processes want the cores, each waits for one that does not run:
    `benchmarks/waiting_threads.py`. What the environment says already stands.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")  # 2^4 rounds


def keep_freed_memory() -> None:
    """Let glibc reuse what this process frees, in place of fetching the same pages anew in every step.

    A step on a CPU frees and asks for hundreds of megabytes; zeroing fresh pages took a seventh of its time:
    `benchmarks/training.py`.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_MMAP_MAX, 0)
        mallopt(_TRIM_THRESHOLD, 2**31 - 1)


def return_memory() -> None:
    """Give freed memory back to the system, which glibc does not while it lies between other things.

    After some big pictures a server held a gigabyte that it did not use: `benchmarks/hostile.py`.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)

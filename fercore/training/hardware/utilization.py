"""The device's use in an epoch. Imports no backend.

nvidia-smi comes with every driver and fits it; the Python package for the same library would be one more to install.
"""

import os
import subprocess
import time
from types import TracebackType
from typing import Final, Self

from fercore.training.hardware.devices import visible_cards

_ASK: Final = ("nvidia-smi", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits", "--loop=1")


class UtilizationMeter:
    """A context; afterwards `share` is how much of its device was in use meanwhile, from 0 to 1.

    Of GPUs it is the mean of what nvidia-smi says each second, over the cards that this process sees; of a CPU
    this process's time on all cores. None where nobody tells.
    """

    def __init__(self, on_gpu: bool) -> None:
        self.share: float | None = None
        self._on_gpu = on_gpu
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        self._process = _ask() if self._on_gpu else None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process is not None:
            self._process.terminate()
            self.share = mean_share(self._process.communicate()[0])
        elif not self._on_gpu:
            wall = (time.perf_counter() - self._wall) * (os.cpu_count() or 1)
            self.share = min((time.process_time() - self._cpu) / wall, 1.0)


def mean_share(output: str) -> float | None:
    """The mean of percentages, one a line, as a share; lines of another kind do not count."""
    percent = [float(line) for line in output.splitlines() if line.strip().isdecimal()]
    return sum(percent) / len(percent) / 100 if percent else None


def _ask() -> "subprocess.Popen[str] | None":
    """nvidia-smi, writing until it is ended; it ends by itself when nobody reads any more."""
    visible = visible_cards()
    chosen = [f"--id={visible}"] if visible else []
    try:
        return subprocess.Popen([*_ASK, *chosen], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    except OSError:
        return None

"""Which GPUs this machine has, found without loading a backend, and what a job's process may see of them."""

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import Final

from fercore.machine import cores
from fercore.settings import NO_GPUS, Settings, parted
from fercore.store.jobs.scheduler import CPU

HIDDEN: Final = "-1"
_LONG: Final = ("GPU-", "MIG-")
_MIG: Final = re.compile(r"^\s+MIG .*UUID: (MIG-[^)\s]+)")
_GPU: Final = re.compile(r"^GPU (\d+):")


def names(settings: Settings) -> tuple[str, ...]:
    """CUDA's names of the GPUs that trainings get, such as ('0', '1'): as set, as made visible, or as found.

    A number that this machine does not have is left out of what is set. What is made visible ends, as for CUDA,
    at the first name that it cannot use.
    """
    if settings.gpus is not None:
        return tuple(name for name in _set(settings.gpus) if _is_here(name))
    if settings.cuda_visible_devices is not None:
        return tuple(takewhile(_is_usable, parted(settings.cuda_visible_devices)))
    return _detected().names


def strangers(settings: Settings) -> tuple[str, ...]:
    """The numbers in `FERCORE_GPUS` that this machine does not have."""
    return tuple(name for name in _set(settings.gpus or "") if not _is_here(name))


def numbers() -> tuple[str, ...]:
    """The numbers of this machine's cards, as `nvidia-smi -L` lists them."""
    return _detected().cards


def _set(given: str) -> tuple[str, ...]:
    """Numbers and long names, as the settings let them through; a negative number ends them, as for CUDA."""
    if given.strip().lower() in NO_GPUS:
        return ()
    return tuple(takewhile(lambda name: not name.startswith("-"), parted(given)))


def _is_usable(name: str) -> bool:
    return name.startswith(_LONG) or (name.isdecimal() and _is_here(name))


def _is_here(name: str) -> bool:
    """True if a number is one of the listed cards; where none is listed, as for AMD's, nobody knows better."""
    return not name.isdecimal() or not numbers() or str(int(name)) in numbers()


def slots(settings: Settings) -> tuple[str, ...]:
    """A short name for each GPU: its number, or its place where CUDA knows it by a long name."""
    return tuple(name if name.isdigit() else f"#{place}" for place, name in enumerate(names(settings)))


def cpus(settings: Settings) -> tuple[str, ...]:
    """A name for each training that may run on the CPU at a time."""
    return (CPU, *(f"{CPU}-{number}" for number in range(2, settings.cpu_runs + 1)))


def is_cpu(devices: str | None) -> bool:
    """True if a job has no GPU of its own."""
    return not devices or devices.startswith(CPU)


def visible(settings: Settings, devices: str | None, gpus: int) -> dict[str, str]:
    """The variables with which a job's process sees the devices it got and no others.

    `FERCORE_GPUS` keeps all of them, since a job that ends starts the next one. Where there is no GPU to
    hide, nothing is set: a backend may know a device that is not asked for here. Trainings that share the CPU
    get their part of its cores as threads: two that use one core each are far ahead of one that uses two.
    """
    known = dict(zip(slots(settings), names(settings), strict=True))
    environment = {"FERCORE_GPUS": ",".join(known.values())} if known else {}
    if devices is None or is_cpu(devices):
        hide = known or gpus == 0 or settings.gpus is not None
        environment |= _part_of_cores(settings) if not known else {}
        return {**environment, "CUDA_VISIBLE_DEVICES": HIDDEN} if hide else environment
    return {
        **environment,
        "CUDA_VISIBLE_DEVICES": ",".join(known[slot] for slot in devices.split(",") if slot in known),
    }


def _part_of_cores(settings: Settings) -> dict[str, str]:
    """Of TensorFlow and of torch; JAX has no such variable."""
    if settings.cpu_runs == 1:
        return {}
    threads = str(max(1, cores() // settings.cpu_runs))
    return {"TF_NUM_INTRAOP_THREADS": threads, "OMP_NUM_THREADS": threads}


@dataclass(frozen=True)
class GpuList:
    """The cards' numbers, and what CUDA calls the devices: a card that is cut into MIG instances counts as those."""

    cards: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@cache
def _detected() -> GpuList:
    """Asked once per process: cards do not come and go."""
    try:
        answer = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return GpuList()
    return parsed(answer.stdout) if answer.returncode == 0 else GpuList()


def parsed(listing: str) -> GpuList:
    """The output of `nvidia-smi -L`."""
    cards: list[str] = []
    names: list[str] = []
    for line in listing.splitlines():
        if gpu := _GPU.match(line):
            cards.append(gpu[1])
            names.append(gpu[1])
        elif mig := _MIG.match(line):
            names = [name for name in names if name not in cards[-1:]]
            names.append(mig[1])
    return GpuList(tuple(cards), tuple(names))

"""Which GPUs this machine has, found without loading a backend, and what a job's process may see of them."""

import re
import subprocess
from functools import cache
from typing import Final

from fercore.machine import cores
from fercore.settings import Settings
from fercore.store.lanes import CPU

HIDDEN: Final = "-1"
_NO_GPU: Final = ("", "none", "cpu", HIDDEN)
_MIG: Final = re.compile(r"^\s+MIG .*UUID: (MIG-[^)\s]+)")
_GPU: Final = re.compile(r"^GPU (\d+):")


def names(settings: Settings) -> tuple[str, ...]:
    """What CUDA calls the GPUs of this machine, such as ('0', '1'): as set, as made visible, or as found."""
    for given in (settings.gpus, settings.cuda_visible_devices):
        if given is not None:
            return () if given.strip().lower() in _NO_GPU else tuple(part.strip() for part in given.split(","))
    return _found()


def slots(settings: Settings) -> tuple[str, ...]:
    """A short name for each GPU: its number, or its place where CUDA knows it by a long name."""
    return tuple(name if name.isdigit() else f"#{place}" for place, name in enumerate(names(settings)))


def cpus(settings: Settings) -> tuple[str, ...]:
    """A name for each training that may run on the CPU at a time."""
    return (CPU, *(f"{CPU}-{number}" for number in range(2, settings.cpu_runs + 1)))


def is_cpu(devices: str | None) -> bool:
    """Whether a job has no GPU of its own."""
    return not devices or devices.startswith(CPU)


def visible(settings: Settings, devices: str | None, gpus: int) -> dict[str, str]:
    """The variables with which a job's process sees the devices it got and no others.

    `FERCORE_GPUS` keeps all of them, since a job that ends starts the next one. Where there is no GPU to
    hide, nothing is set: a backend may know a device that is not asked for here. Trainings that share the CPU
    get their part of its cores as threads: two that use one core each are far ahead of one that uses two.
    """
    known = dict(zip(slots(settings), names(settings), strict=True))
    kept = {"FERCORE_GPUS": ",".join(known.values())} if known else {}
    if devices is None or is_cpu(devices):
        hide = known or gpus == 0 or settings.gpus is not None
        kept |= _part_of_cores(settings) if not known else {}
        return {**kept, "CUDA_VISIBLE_DEVICES": HIDDEN} if hide else kept
    return {**kept, "CUDA_VISIBLE_DEVICES": ",".join(known[slot] for slot in devices.split(",") if slot in known)}


def _part_of_cores(settings: Settings) -> dict[str, str]:
    """Of TensorFlow and of torch; JAX has no such variable."""
    if settings.cpu_runs == 1:
        return {}
    threads = str(max(1, cores() // settings.cpu_runs))
    return {"TF_NUM_INTRAOP_THREADS": threads, "OMP_NUM_THREADS": threads}


@cache
def _found() -> tuple[str, ...]:
    """Asked once per process: cards do not come and go."""
    try:
        answer = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return parsed(answer.stdout) if answer.returncode == 0 else ()


def parsed(listing: str) -> tuple[str, ...]:
    """The devices in what `nvidia-smi -L` prints; a card that is cut into MIG instances counts as those."""
    found: list[str] = []
    card = ""
    for line in listing.splitlines():
        if gpu := _GPU.match(line):
            card = gpu[1]
            found.append(card)
        elif mig := _MIG.match(line):
            found = [name for name in found if name != card]
            found.append(mig[1])
    return tuple(found)

"""Lanes in which jobs wait, and the engines that start them."""

from enum import StrEnum
from typing import Final


class Lane(StrEnum):
    """Trainings have a device of their own each, readers share the disk, and visitors wait for neither: see
    `store/jobs/scheduler`."""

    DISK = "disk"
    DEVICE = "device"
    VISIT = "visit"


class EngineName(StrEnum):
    """An engine that starts the processes of jobs: this machine, or a Ray cluster."""

    LOCAL = "local"
    RAY = "ray"


ALL_LANES: Final = tuple(Lane)

# Kinds of jobs that other rooms than their own name; `services/jobs` lists them all.
TRAINING: Final = "train"
EVALUATION: Final = "evaluate"
COST: Final = "cost"
EXPORT: Final = "export"
MODEL_EXPORT: Final = "export model"
DEMO: Final = "demo"
AUDIT: Final = "audit"
FREEZE: Final = "freeze"
MAP: Final = "map"
CROSSVAL: Final = "crossval"
BATCH: Final = "batch"
CLIP: Final = "clip"

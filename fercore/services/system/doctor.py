"""The state of this machine: backend, devices, weights, detector, database."""

import platform
from pathlib import Path
from typing import Any

from fercore.errors import FercoreError
from fercore.language import tr
from fercore.services.training import devices
from fercore.settings import Settings
from fercore.store import Store, open_store
from fercore.training.hardware.precision import precision_for
from fercore.training.models.backbones import BACKBONES
from fercore.training.models.pretrained import CacheState, cache_folder, weights_state


def examine(settings: Settings) -> dict[str, Any]:
    """A report with the list of problems, each a sentence with its remedy."""
    problems: list[str] = []
    weights = {name: weights_state(backbone) for name, backbone in BACKBONES.items()}
    published = [backbone.imagenet for backbone in BACKBONES.values() if weights[backbone.name] == CacheState.MISSING]
    missing = [weights.file for weights in published if weights is not None]
    if missing:
        problems.append(
            tr(
                "ImageNet weights are missing: put {files} into {folder}, or train with --weights none.",
                files=", ".join(missing),
                folder=cache_folder(),
            )
        )
    answer = devices.ask(settings)
    problems += devices.problems(settings, answer)
    seen = answer.seen
    return {
        "python": platform.python_version(),
        "backend": settings.keras_backend,
        "devices": [devices.described(device) for device in seen.devices],
        "trainings": devices.given(settings, seen),
        "precision": precision_for("auto", seen.devices),
        "database": _database(settings, problems),
        "detector": _detector(settings, problems),
        "weights": weights,
        "problems": problems,
    }


def _database(settings: Settings, problems: list[str]) -> str:
    from fercore.store.database_url import address
    from fercore.store.system.file_swap import leftovers

    shown = "?"
    try:
        shown = address(settings.database).render_as_string(hide_password=True)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        store = open_store(settings)
        store.database.close()
        problems += [store.recovered] if store.recovered else []
        problems += [_left(folder) for folder in leftovers(settings.data_dir, _roots(store))]
    except (FercoreError, OSError) as error:
        problems.append(str(error))
    return shown


def _roots(store: Store) -> list[Path]:
    return [store.settings.data_dir, store.photos, store.recipes, store.settings.models_dir]


def _left(folder: Path) -> str:
    return tr("An interrupted restore left '{folder}'; look what is in it before you delete it.", folder=folder)


def _detector(settings: Settings, problems: list[str]) -> str:
    from fercore.faces.detection import detector
    from fercore.services.datasets import detectors

    found = detectors.choice(settings)
    problems += [found.problem] if found.problem else []
    try:
        detector(found.name, settings.yunet)
    except FercoreError as error:
        problems.append(str(error))
        return "missing"
    return found.name

"""What works on this machine: backend, devices, weights, detector, database."""

import platform
from typing import Any

from fercore.errors import FercoreError
from fercore.language import tr
from fercore.services import seeing
from fercore.settings import Settings
from fercore.training.backbones import BACKBONES
from fercore.training.precision import precision_for
from fercore.training.weights import cache_folder, weights_state


def examine(settings: Settings) -> dict[str, Any]:
    """A report with the list of problems, each a sentence with its remedy."""
    problems: list[str] = []
    weights = {name: weights_state(backbone) for name, backbone in BACKBONES.items()}
    missing = [BACKBONES[name].weights_file for name, state in weights.items() if state == "missing"]
    if missing:
        problems.append(
            tr(
                "ImageNet weights are missing: put {files} into {folder}, or train with --weights none.",
                files=", ".join(missing),
                folder=cache_folder(),
            )
        )
    answer = seeing.ask(settings)
    problems += seeing.problems(settings, answer)
    seen = answer.seen
    return {
        "python": platform.python_version(),
        "backend": settings.keras_backend,
        "devices": [seeing.described(device) for device in seen.devices],
        "trainings": seeing.given(settings, seen),
        "precision": precision_for("auto", seen.devices),
        "database": _database(settings, problems),
        "detector": _detector(problems),
        "weights": weights,
        "problems": problems,
    }


def _database(settings: Settings, problems: list[str]) -> str:
    from fercore.store.address import address
    from fercore.store.database import Database

    shown = "?"
    try:
        shown = address(settings.database).render_as_string(hide_password=True)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        Database(settings.database).close()
    except (FercoreError, OSError) as error:
        problems.append(str(error))
    return shown


def _detector(problems: list[str]) -> str:
    from fercore.faces.detection import detector

    try:
        detector("haar")
    except FercoreError as error:
        problems.append(str(error))
        return "missing"
    return "haar"

"""Run by a test in a process of its own: train, resume, evaluate and predict under one backend; prints JSON.

With `--start FILE` it only trains, from these weights and without dropout, as another backend can do it, too.

KERAS_BACKEND=jax python tests/training/backend_run.py FOLDER [--backbone MobileNetV2] [--faces 400]
"""

import argparse
import json
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from fercore.drawing.faces import dataset
from fercore.errors import Cancelled
from fercore.evaluation.confusion import confusion
from fercore.evaluation.metrics import accuracy
from fercore.prediction.predictor import Predictor
from fercore.training.data.faces import TrainingFaces
from fercore.training.loop.dynamics import read
from fercore.training.loop.events import Hooks
from fercore.training.models.backbones import backbone
from fercore.training.recipes.recipe import MODERN

RECIPE = MODERN.model_copy(update={"average": "fit", "flip_at_test": True, "mixup": 0.2, "small_batch_size": 16})


def main() -> None:
    """Two epochs at once, the same cut after the first and resumed, then the held-out faces."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--backbone", default="MobileNetV2")
    parser.add_argument("--faces", type=int, default=400)
    parser.add_argument("--start", type=Path)
    given = parser.parse_args()
    import keras

    from fercore.training.loop.config import TrainingConfig
    from fercore.training.loop.trainer import train

    recipe = RECIPE.model_copy(update={"dropout": 0.0}) if given.start else RECIPE
    plan = TrainingConfig(backbone(given.backbone), recipe, given.start or "none", seed=3, epochs=2)
    faces, unseen = (
        TrainingFaces(*dataset("west", -(-count // 7), seed)) for seed, count in ((1, given.faces), (2, 70))
    )
    began = time.perf_counter()
    whole = train(plan, faces, None, given.folder / "whole")
    seconds = time.perf_counter() - began
    if given.start:
        print(json.dumps([epoch.loss for epoch in whole.history]))
        return
    ended = []
    with suppress(Cancelled):
        train(plan, faces, None, given.folder / "cut", Hooks(ended.append, stopped=lambda: bool(ended)))
    resumed = train(plan, faces, None, given.folder / "cut", resume=True)
    result = [Predictor.load(item.model_path, given.folder).probabilities(unseen.pixels) for item in (whole, resumed)]
    print(
        json.dumps(
            {
                "backend": keras.config.backend(),
                "seconds": seconds,
                "history": [epoch.model_dump() for epoch in whole.history],
                "resumed": [epoch.model_dump() for epoch in resumed.history],
                "accuracy": accuracy(confusion(unseen.labels, result[0])),
                "same dynamics": _same_dynamics(given.folder / "whole", given.folder / "cut"),
                "apart": float(np.abs(result[0] - result[1]).max()),
            }
        )
    )


def _same_dynamics(whole: Path, cut: Path) -> bool:
    """True if both trainings kept what two epochs thought of each face, and it is the same."""
    first, second = read(whole), read(cut)
    if first is None or second is None or len(first.confidence) != 2:
        return False
    return np.array_equal(first.confidence, second.confidence) and np.array_equal(first.faces, second.faces)


if __name__ == "__main__":
    main()

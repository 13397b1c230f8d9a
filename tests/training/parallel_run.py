"""Run by a test in a process of its own: train on two logical devices of a CPU, resume, predict; prints JSON."""

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=2"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import keras

if keras.config.backend() == "tensorflow":
    import tensorflow as tf

    halves = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], halves)

from fercore.drawing.faces import dataset
from fercore.errors import Cancelled
from fercore.prediction.predictor import Predictor
from fercore.training.data.faces import TrainingFaces
from fercore.training.hardware.distribution import distribution
from fercore.training.loop import trainer
from fercore.training.loop.config import TrainingConfig
from fercore.training.loop.events import Hooks
from fercore.training.loop.trainer import train
from fercore.training.models.backbones import backbone
from fercore.training.recipes.recipe import MODERN
from tests.training import small

folder = Path(sys.argv[1])
if sys.argv[2] == "small":
    trainer.build = small.build
recipe = MODERN.model_copy(update={"average": "fit", "small_batch_size": 16, "input_px": 32})
plan = TrainingConfig(backbone("MobileNetV2"), recipe, "none", seed=3, epochs=2, all_devices=True)
faces = TrainingFaces(*dataset("west", 7, 1))
whole = train(plan, faces, None, folder / "whole")
ended = []
with suppress(Cancelled):
    train(plan, faces, None, folder / "cut", Hooks(ended.append, stopped=lambda: bool(ended)))
resumed = train(plan, faces, None, folder / "cut", resume=True)
found = [Predictor.load(item.model_path, folder).probabilities(faces.pixels) for item in (whole, resumed)]
print(
    json.dumps(
        {
            "devices": distribution().devices,
            "losses": [[epoch.loss for epoch in item.history] for item in (whole, resumed)],
            "apart": float(abs(found[0] - found[1]).max()),
            "shape": found[0].shape,
        }
    )
)

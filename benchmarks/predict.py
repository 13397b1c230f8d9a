"""Faces and photos read by ONNX Runtime, as fercore does, beside Keras' `predict` of the same model, in one run.

Crops per second in batches, and a cold `fercore predict` from the shell to its answer, each way in turn; medians with
the smallest and largest. The model is a MobileNetV2 with random weights, which take as long as trained ones.

    python benchmarks/predict.py
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

CROPS, ROUNDS, COLD_ROUNDS = 2048, 7, 5
WAYS = ("ONNX Runtime", "Keras")


def installation(folder: Path) -> dict[str, str]:
    """An installation with one run and its checked ONNX file; returns the environment that names it."""
    places = {"FERCORE_DATA_DIR": str(folder / "data"), "FERCORE_MODELS_DIR": str(folder / "models")}
    os.environ.update(places)
    from fercore.prediction.formats import ModelFormat
    from fercore.services.prediction import model_export
    from fercore.services.prediction.model_export import ModelExportJob
    from fercore.services.system import demo
    from fercore.services.system.installation import opened
    from fercore.services.training import runs as run_service
    from fercore.services.training import snapshots
    from fercore.services.training.runs import TrainRequest
    from fercore.settings import read_settings
    from fercore.store.training import runs
    from fercore.training.models.backbones import backbone
    from fercore.training.models.network import build
    from fercore.training.recipes.recipe import MODERN

    store = opened(read_settings(), print)
    demo._draw(store, "west", lambda *_: None)
    snapshots.freeze(store, "speed", ["demo-west"])
    run = run_service.create(store, TrainRequest("speed", "MobileNetV2", MODERN, "none"))
    build(backbone("MobileNetV2"), MODERN, None).save(store.run_folder(run) / "model.keras")
    with store.database.writing() as session:
        runs.set_values(session, run, status="done", reported_epoch=1)
    made = model_export.make(store, ModelExportJob(run=run, format=ModelFormat.ONNX))
    print(f"the ONNX file: {made.bytes / 1e6:.1f} MB, opset {made.opset}, {made.parity}")
    store.database.close()
    return {**os.environ, **places, "RUN": str(run)}


def crops_per_second(folder: Path, run: str) -> None:
    """Both ways by turns in this process; Keras' own `predict` gets batches of 256."""
    import numpy as np

    from fercore.prediction.onnx import OnnxPredictor
    from fercore.prediction.predictor import Predictor

    place = folder / "models" / f"run-{run}"
    faces = np.random.default_rng(0).integers(0, 256, (CROPS, 48, 48), np.uint8)
    onnx = OnnxPredictor.load(place / "model.onnx")
    keras = Predictor.load(place / "model.keras", folder / "models")
    ways: dict[str, Callable[[], object]] = {
        "ONNX Runtime": lambda: onnx.probabilities(faces),
        "Keras predict": lambda: keras.model.predict(faces, batch_size=256, verbose=0),
        "Keras, as fercore": lambda: keras.probabilities(faces),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for round_ in range(ROUNDS + 1):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            if round_:  # the first compiles
                seconds[name].append(time.perf_counter() - began)
    for name, taken in seconds.items():
        told(f"crops/s, {name}", [CROPS / each for each in taken], ",.0f")


def cold(folder: Path, environment: dict[str, str], photo: Path) -> None:
    """Seconds from the shell to the answer, by turns with and without the ONNX file."""
    file = folder / "models" / f"run-{environment['RUN']}" / "model.onnx"
    aside = file.with_suffix(".aside")
    command = [sys.executable, "-m", "fercore", "predict", str(photo), "--run", environment["RUN"], "--json"]
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    for round_ in range(COLD_ROUNDS + 1):
        for name in WAYS:
            wanted, other = (file, aside) if name == "ONNX Runtime" else (aside, file)
            if other.exists():
                other.rename(wanted)
            began = time.perf_counter()
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
            if round_:
                seconds[name].append(time.perf_counter() - began)
    for name, taken in seconds.items():
        told(f"seconds of a cold `fercore predict`, {name}", taken, ".2f")


def told(what: str, values: list[float], form: str) -> None:
    """One line: median, smallest and largest."""
    print(f"{what}: {statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})")


def main() -> None:
    """Both comparisons on one installation in a temporary folder."""
    from fercore.drawing.photos import portrait_photo
    from fercore.drawing.styles import Style

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photo = folder / "photo.jpg"
        portrait_photo([(Style.WEST, 3)], seed=2, size=(1152, 864)).save(photo, quality=90)
        environment = installation(folder)
        crops_per_second(folder, environment["RUN"])
        cold(folder, environment, photo)


if __name__ == "__main__":
    main()

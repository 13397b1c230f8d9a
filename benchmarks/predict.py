"""Faces and photos read by ONNX Runtime, as fercore does, beside Keras' `predict` of the same model, in one run.

    python benchmarks/predict.py [--peer PYTHON]

Crops per second in batches; a photo of one megapixel with one face from its bytes to probabilities, warm, beside the
plain way (Haar on the whole picture, and Keras' `predict` of each face); and a cold `fercore predict` from the shell to
its answer; each way in turn, medians with the smallest and largest. PYTHON is the interpreter of an environment with
the package `fer`, which carries weights of its own and is then measured on the same photo. The model is a MobileNetV2
with random weights, which take as long as trained ones.
"""

import argparse
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

CROPS, ROUNDS, WARM_ROUNDS, COLD_ROUNDS = 2048, 7, 30, 5
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


def warm(folder: Path, run: str, photo: Path) -> None:
    """Milliseconds from the bytes of a photo with one face to its probabilities, once all is loaded."""
    import cv2
    import numpy as np

    from fercore.faces.extraction import extractor
    from fercore.prediction.onnx import OnnxPredictor
    from fercore.prediction.predictor import Predictor
    from fercore.services.prediction import photos

    place, data = folder / "models" / f"run-{run}", photo.read_bytes()
    onnx, finder = OnnxPredictor.load(place / "model.onnx"), extractor()
    keras = Predictor.load(place / "model.keras", folder / "models")
    cascade = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")

    def plain() -> int:
        gray = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
        boxes = cascade.detectMultiScale(gray, 1.1, 5)
        for x, y, width, height in boxes:
            crop = cv2.resize(gray[y : y + height, x : x + width], (48, 48), interpolation=cv2.INTER_AREA)
            keras.model.predict(crop[None], verbose=0)
        return len(boxes)

    ways: dict[str, Callable[[], int]] = {
        "fercore": lambda: len(photos.predict(onnx, "photo", data, finder).faces),
        "its detector and checks alone": lambda: len(finder.attempt(data).faces),
        "plain way": plain,
    }
    milliseconds: dict[str, list[float]] = {name: [] for name in ways}
    found = {}
    for round_ in range(WARM_ROUNDS + 1):
        for name, way in ways.items():
            began = time.perf_counter()
            found[name] = way()
            if round_:
                milliseconds[name].append(1000 * (time.perf_counter() - began))
    for name, taken in milliseconds.items():
        told(f"ms from a photo's bytes to probabilities, warm, {name} ({found[name]} face)", taken, ".1f")


PEER = """
import sys, time
import cv2
from fer.fer import FER
data = open(sys.argv[1], "rb").read()
import numpy as np
reader = FER()
for round_ in range(int(sys.argv[2]) + 1):
    began = time.perf_counter()
    faces = reader.detect_emotions(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR))
    if round_:
        print("took", 1000 * (time.perf_counter() - began), len(faces))
"""


def peer(python: Path, photo: Path) -> None:
    """The same by the package `fer`, in its own environment."""
    command = [str(python), "-c", PEER, str(photo), str(WARM_ROUNDS)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    rows = [line.split()[1:] for line in lines if line.startswith("took")]
    told(f"the same, the package fer ({rows[0][1]} face)", [float(taken) for taken, _ in rows], ".1f")


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
    """All comparisons on one installation in a temporary folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer", type=Path)
    given = parser.parse_args()
    from fercore.drawing.photos import portrait_photo
    from fercore.drawing.styles import Style

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photo = folder / "photo.jpg"
        portrait_photo([(Style.WEST, 3)], seed=2, size=(1152, 864)).save(photo, quality=90)
        environment = installation(folder)
        crops_per_second(folder, environment["RUN"])
        warm(folder, environment["RUN"], photo)
        if given.peer:
            peer(given.peer, photo)
        cold(folder, environment, photo)


if __name__ == "__main__":
    main()

"""Faces a second of one backbone: the paper's way, ours, and the limit that augmentation and reading take nothing.

    python benchmarks/training.py MobileNetV2 --data FOLDER [--faces 4096] [--epochs 6]

FOLDER holds `fer2013/train.npz`; without it faces are drawn. Each way trains in a process of its own; the three take
turns epoch by epoch, so that a machine that grows slower does so for all. A ratio is the median over the turns; the
first epoch of each process is not counted, its extra time (compiling) is shown apart.
All three have the same batches of 64, class weights and optimizer. The paper's way is Keras' ImageDataGenerator,
`flow_from_directory` and `fit`, in float32; the limit is `fit` from memory without augmentation. Ours and the limit
compute in what the device is fastest in (float32 on a CPU). `KERAS_BACKEND` chooses the backend of all three.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.real_faces import rows_or_drawn
from fercore.emotions import EMOTIONS
from fercore.training.data.class_weights import as_array, class_weights
from fercore.training.data.faces import TrainingFaces
from fercore.training.models.backbones import BACKBONES, backbone
from fercore.training.models.pretrained import InitialWeights
from fercore.training.recipes.recipe import PAPER

RECIPE = PAPER.model_copy(update={"small_below": 0, "patience": None, "precision": "auto"})
WAYS = {"paper": "the paper's way", "ours": "ours", "limit": "limit, no augmentation"}


def wait() -> None:
    """Until it is this process' turn."""
    sys.stdin.readline()


def tell(seconds: float) -> None:
    """How long the turn took."""
    print(json.dumps(seconds), flush=True)


def clocked(model: Any, epochs: int, *given: Any, **named: Any) -> None:
    """A fit, one epoch in each turn."""
    for _ in range(epochs):
        wait()
        began = time.perf_counter()
        model.fit(*given, epochs=1, verbose=0, **named)
        tell(time.perf_counter() - began)


def papers_way(name: str, faces: TrainingFaces, epochs: int, pictures: Path) -> None:
    """Files read and warped one by one for each batch, three channels from the host."""
    import keras
    from keras.src.legacy.preprocessing.image import ImageDataGenerator  # tf.keras' own, under any backend

    network = backbone(name)
    side = (network.input_px, network.input_px)
    base = getattr(keras.applications, name)(include_top=False, weights=None, input_shape=(*side, 3))
    features = (
        base.output if network.head_max_pool is None else keras.layers.MaxPooling2D(network.head_max_pool)(base.output)
    )
    features = keras.layers.Dense(256, activation="relu")(keras.layers.GlobalAveragePooling2D()(features))
    features = keras.layers.Dense(7, activation="softmax")(keras.layers.Dropout(0.3)(features))
    model = keras.Model(base.input, features)
    model.compile(keras.optimizers.Adam(1e-5), "categorical_crossentropy", metrics=["accuracy"])
    generator = ImageDataGenerator(
        rescale=1 / 255,
        rotation_range=20,
        width_shift_range=0.2,
        height_shift_range=0.2,
        shear_range=0.3,
        zoom_range=0.3,
        fill_mode="nearest",
    )
    flow = generator.flow_from_directory(
        str(pictures), target_size=side, batch_size=64, classes=list(EMOTIONS), class_mode="categorical"
    )
    weights = dict(enumerate(as_array(class_weights(faces.counts())).tolist()))
    clocked(model, epochs, flow, class_weight=weights)


def ours(name: str, faces: TrainingFaces, epochs: int) -> None:
    """The trainer itself, as a run does it; checkpoints are written between its epochs, and not in them."""
    from fercore.training.loop.config import TrainingConfig
    from fercore.training.loop.events import EpochMetrics, Hooks
    from fercore.training.loop.trainer import train

    def note_epoch(epoch: EpochMetrics) -> None:
        tell(epoch.seconds)
        if epoch.number < epochs:
            wait()

    wait()
    with tempfile.TemporaryDirectory() as folder:
        train(
            TrainingConfig(backbone(name), RECIPE, InitialWeights.NONE, 0, epochs),
            faces,
            None,
            Path(folder),
            Hooks(on_epoch=note_epoch),
        )


def limit(name: str, faces: TrainingFaces, epochs: int) -> None:
    """The same network on the same faces from memory, nothing done to them."""
    import keras

    from fercore.process import keep_freed_memory
    from fercore.training.data.batches import one_hot
    from fercore.training.hardware.devices import see
    from fercore.training.hardware.precision import precision_for
    from fercore.training.models.fused_batchnorm import fuse
    from fercore.training.models.network import build

    keep_freed_memory()
    model = build(backbone(name), RECIPE, None, None, precision_for("auto", see(keras.config.backend()).devices))
    fuse(model)
    model.compile(keras.optimizers.Adam(1e-5), "categorical_crossentropy", metrics=["accuracy"])
    weights = as_array(class_weights(faces.counts()))[faces.labels]
    whole = faces.pixels, one_hot(faces.labels), weights
    if keras.config.backend() != "tensorflow":
        clocked(model, epochs, *whole[:2], sample_weight=weights, batch_size=64, shuffle=True)
        return
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False  # else an epoch ends only when the tuning thread next wakes
    rows = tf.data.Dataset.from_tensor_slices(whole).shuffle(len(faces))
    clocked(model, epochs, rows.batch(64).prefetch(2).with_options(options))


def draw_files(faces: TrainingFaces, folder: Path) -> None:
    """One PNG for each face in its emotion's folder, as the paper's faces lay."""
    import cv2

    for emotion in EMOTIONS:
        (folder / emotion).mkdir(parents=True)
    for number, (pixels, label) in enumerate(zip(faces.pixels, faces.labels, strict=True)):
        cv2.imwrite(str(folder / EMOTIONS[label] / f"{number}.png"), pixels)


def faces_of(given: argparse.Namespace) -> TrainingFaces:
    """The faces of all three ways."""
    return rows_or_drawn(given.data and given.data / "fer2013" / "train.npz", given.faces)


def one_way(given: argparse.Namespace) -> None:
    """One way, in this process."""
    faces = faces_of(given)
    if given.way == "paper":
        papers_way(given.backbone, faces, given.epochs, given.pictures)
    else:
        (ours if given.way == "ours" else limit)(given.backbone, faces, given.epochs)


class Child:
    """One way in a process of its own, which trains one epoch whenever it is asked to."""

    def __init__(self, given: argparse.Namespace, way: str, pictures: Path) -> None:
        command = [sys.executable, __file__, given.backbone, "--way", way, "--pictures", str(pictures)]
        command += ["--faces", str(given.faces), "--epochs", str(given.epochs)]
        command += ["--data", str(given.data)] if given.data else []
        self._complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115 (lives as long as the child)
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints, text=True
        )

    def epoch(self) -> float:
        """The seconds of its next epoch."""
        self.ask()
        return self.answer()

    def ask(self) -> None:
        """Let it begin its next epoch."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def answer(self) -> float:
        """The seconds of the epoch that it was asked for."""
        assert self._process.stdout
        for line in self._process.stdout:
            with suppress(json.JSONDecodeError):  # Keras prints, too
                return float(json.loads(line))
        self._complaints.seek(0)
        sys.exit(f"A way to train failed:\n{self._complaints.read()[-2000:]}")


def main() -> None:
    """Run the three ways in turn and print what they did."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("backbone", choices=list(BACKBONES))
    parser.add_argument("--data", type=Path, help="the folder that holds fer2013/train.npz")
    parser.add_argument("--faces", type=int, default=4096)
    parser.add_argument("--epochs", type=int, default=6, help="2 or more; the first is not counted")
    parser.add_argument("--hasty", action="store_true", help="all first epochs at once: spoils their times, no others")
    parser.add_argument("--way", choices=list(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--pictures", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.epochs < 2:
        parser.error("give 2 epochs or more: the first is not counted")
    if given.way:
        one_way(given)
        return
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        draw_files(faces_of(given), Path(folder))
        children = {way: Child(given, way, Path(folder)) for way in WAYS}
        if given.hasty:
            for child in children.values():
                child.ask()
            for way, child in children.items():
                times[way].append(child.answer())
        for number in range(len(times["ours"]), given.epochs):
            for way, child in children.items():
                times[way].append(child.epoch())
                print(f"epoch {number + 1}, {WAYS[way]}: {times[way][-1]:.2f} s", file=sys.stderr)
    show(given, times)


def show(given: argparse.Namespace, times: dict[str, list[float]]) -> None:
    """The table."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    print(f"{given.backbone}, {given.faces:,} faces, {given.epochs} epochs of each in turn; load now {load}")
    for way, (first, *counted) in times.items():
        rate, extra = given.faces / median(counted), first - median(counted)
        print(f"{WAYS[way]:24s}{rate:8.0f} faces/s   first epoch {extra:6.1f} s longer")
    print(f"ours / the paper's way  {ratio(times['paper'], times['ours']):8.2f}")
    print(f"share of the limit      {ratio(times['limit'], times['ours']):8.2f}")


def ratio(others: list[float], mine: list[float]) -> float:
    """How many times as fast mine was: the median over the turns but the first."""
    return median(other / own for other, own in zip(others[1:], mine[1:], strict=True))


if __name__ == "__main__":
    main()

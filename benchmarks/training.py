"""Faces a second of one backbone: the paper's way, ours, and the limit that augmentation and reading take nothing.

    python benchmarks/training.py MobileNetV2 --data FOLDER [--faces 4096] [--epochs 4] [--rounds 2]

FOLDER holds `fer2013/train.npz`; without it faces are drawn. Each way trains in a process of its own, in turn; the
best epoch of all rounds counts, without the first of each process, whose extra time (compiling) is shown apart.
All three have the same batches of 64, class weights and optimizer. The paper's way is Keras' ImageDataGenerator,
`flow_from_directory` and `fit`; the limit is `fit` on arrays in memory without augmentation.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fercore.emotions import EMOTIONS, FER2013_CODES
from fercore.training.backbones import BACKBONES, backbone
from fercore.training.class_weights import as_array, class_weights
from fercore.training.data import Faces
from fercore.training.recipe import PAPER

RECIPE = PAPER.model_copy(update={"small_below": 0, "patience": None})
WAYS = {"paper": "the paper's way", "ours": "ours", "limit": "limit, no augmentation"}


def read(folder: Path | None, count: int) -> Faces:
    """The first real training rows, or drawn faces."""
    if folder is None:
        from fercore.drawing.faces import dataset

        return Faces(*dataset("west", -(-count // 7), seed=0)).at(np.arange(count))
    with np.load(folder / "fer2013" / "train.npz") as file:
        labels = np.array(FER2013_CODES, dtype=np.int64)[file["labels"][:count]]
        return Faces(file["images"][:count], labels)


def clocked(model: Any, epochs: int, *given: Any, **named: Any) -> list[float]:
    """The seconds of each epoch of a fit."""
    seconds = []
    for _ in range(epochs):
        began = time.perf_counter()
        model.fit(*given, epochs=1, verbose=0, **named)
        seconds.append(time.perf_counter() - began)
    return seconds


def papers_way(name: str, faces: Faces, epochs: int, pictures: Path) -> list[float]:
    """Files read and warped one by one for each batch, three channels from the host."""
    import keras
    import tensorflow as tf

    one = backbone(name)
    side = (one.input_px, one.input_px)
    base = getattr(keras.applications, name)(include_top=False, weights=None, input_shape=(*side, 3))
    features = base.output if one.head_max_pool is None else keras.layers.MaxPooling2D(one.head_max_pool)(base.output)
    features = keras.layers.Dense(256, activation="relu")(keras.layers.GlobalAveragePooling2D()(features))
    features = keras.layers.Dense(7, activation="softmax")(keras.layers.Dropout(0.3)(features))
    model = keras.Model(base.input, features)
    model.compile(keras.optimizers.Adam(1e-5), "categorical_crossentropy", metrics=["accuracy"])
    generator = tf.keras.preprocessing.image.ImageDataGenerator(
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
    return clocked(model, epochs, flow, class_weight=weights)


def ours(name: str, faces: Faces, epochs: int) -> list[float]:
    """The trainer itself, as a run does it; checkpoints are written between its epochs, and not in them."""
    from fercore.training.trainer import Plan, train

    with tempfile.TemporaryDirectory() as folder:
        trained = train(Plan(backbone(name), RECIPE, "none", 0, epochs), faces, None, Path(folder))
    return [epoch.seconds for epoch in trained.history]


def limit(name: str, faces: Faces, epochs: int) -> list[float]:
    """The same network on the same faces from memory, nothing done to them."""
    import keras

    from fercore.training.batches import one_hot
    from fercore.training.network import build

    model = build(backbone(name), RECIPE, None)
    model.compile(keras.optimizers.Adam(1e-5), "categorical_crossentropy", metrics=["accuracy"])
    weights = as_array(class_weights(faces.counts()))[faces.labels]
    return clocked(model, epochs, faces.pixels, one_hot(faces.labels), sample_weight=weights, batch_size=64)


def draw_files(faces: Faces, folder: Path) -> None:
    """One PNG for each face in its emotion's folder, as the paper's faces lay."""
    import cv2

    for emotion in EMOTIONS:
        (folder / emotion).mkdir(parents=True)
    for number, (pixels, label) in enumerate(zip(faces.pixels, faces.labels, strict=True)):
        cv2.imwrite(str(folder / EMOTIONS[label] / f"{number}.png"), pixels)


def one_way(given: argparse.Namespace) -> list[float]:
    """The seconds of each epoch, in this process."""
    faces = read(given.data, given.faces)
    if given.way == "paper":
        return papers_way(given.backbone, faces, given.epochs, given.pictures)
    return (ours if given.way == "ours" else limit)(given.backbone, faces, given.epochs)


def in_child(given: argparse.Namespace, way: str, pictures: Path) -> list[float]:
    """The same in a process of its own."""
    command = [sys.executable, __file__, given.backbone, "--way", way, "--pictures", str(pictures)]
    command += ["--faces", str(given.faces), "--epochs", str(given.epochs)]
    command += ["--data", str(given.data)] if given.data else []
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        sys.exit(f"{WAYS[way]} failed:\n{answer.stderr[-2000:]}")
    seconds: list[float] = json.loads(answer.stdout.strip().splitlines()[-1])
    return seconds


def main() -> None:
    """Run the three ways in turn and print what they did."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("backbone", choices=list(BACKBONES))
    parser.add_argument("--data", type=Path, help="the folder that holds fer2013/train.npz")
    parser.add_argument("--faces", type=int, default=4096)
    parser.add_argument("--epochs", type=int, default=4, help="2 or more; the first is not counted")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--way", choices=list(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--pictures", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.epochs < 2:
        parser.error("give 2 epochs or more: the first is not counted")
    if given.way:
        print(json.dumps(one_way(given)))
        return
    found: dict[str, list[list[float]]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        draw_files(read(given.data, given.faces), Path(folder))
        for number in range(given.rounds):
            for way in WAYS:
                found[way].append(in_child(given, way, Path(folder)))
                print(f"round {number + 1}, {WAYS[way]}: {[round(s, 2) for s in found[way][-1]]} s", file=sys.stderr)
    show(given, found)


def show(given: argparse.Namespace, found: dict[str, list[list[float]]]) -> None:
    """The table."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    print(f"{given.backbone}, {given.faces:,} faces, {given.rounds} rounds of {given.epochs} epochs; load now {load}")
    best = {way: min(min(run[1:]) for run in runs) for way, runs in found.items()}
    for way, runs in found.items():
        extra = min(run[0] - min(run[1:]) for run in runs)
        print(f"{WAYS[way]:24s}{given.faces / best[way]:8.0f} faces/s   first epoch {extra:6.1f} s longer")
    print(f"ours / the paper's way  {best['paper'] / best['ours']:8.2f}")
    print(f"share of the limit      {best['limit'] / best['ours']:8.2f}")


if __name__ == "__main__":
    main()

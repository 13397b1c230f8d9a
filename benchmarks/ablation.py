"""What each knob of `modern` is worth: one change at a time, chosen on Training rows alone.

    python benchmarks/ablation.py --data FOLDER [--backbone MobileNetV2] [--faces 6000] [--epochs 8] [--seeds 2]

FOLDER holds `fer2013/train.npz`. A seeded tenth of the rows used, with no copy of a learned face in it, decides;
PublicTest and PrivateTest are not read. Each training has a process of its own; the table is printed as it grows.
`last` is the last epoch's accuracy, which no choice has favoured; `best` that of the best epoch.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fercore.emotions import FER2013_CODES
from fercore.training.backbones import BACKBONES, backbone
from fercore.training.data import Faces, hold_out
from fercore.training.recipe import MODERN, PAPER, Recipe

NO_WARP = {"zoom": 0.0, "shear_degrees": 0.0, "rotation_degrees": 0.0, "shift": 0.0}
CHANGES: dict[str, dict[str, Any]] = {
    "modern": {},
    "input 96 px": {"input_px": 96},
    "pixels by 1/255": {"preprocessing": "rescale"},
    "no flip": {"augmentation": {"flip": False}},
    "no warp": {"augmentation": NO_WARP},
    "the paper's warp": {"augmentation": PAPER.augmentation.model_dump() | {"flip": True}},
    "no label smoothing": {"label_smoothing": 0.0},
    "mixup 0.2": {"mixup": 0.2},
    "SGD": {"optimizer": "sgd", "learning_rate": 0.01, "learning_rate_scratch": 0.05, "weight_decay": 0.0005},
    "Adam": {"optimizer": "adam"},
    "constant rate": {"schedule": "constant"},
    "averaged weights": {"average": "fit"},
    "Keras' momentum of normalisation": {"batch_norm_momentum": None},
    "Keras' depthwise start": {"depthwise_start": "keras"},
    "Keras' residual start": {"residual_start": "keras"},
    "class weights": {"class_weights": True},
    "class weights up to 3": {"class_weights": True, "class_weight_clip": 3.0},
    "mirror at test": {"flip_at_test": True},
    "batch 64": {"batch_size": 64, "small_batch_size": 64},
    "no dropout": {"dropout": 0.0},
}


def changed(change: dict[str, Any]) -> Recipe:
    """`modern` with one change, watched on the deciding faces."""
    knobs = MODERN.model_dump() | {"watches": "validation", "reported": "last", "patience": None}
    augmentation = knobs["augmentation"] | change.get("augmentation", {})
    return Recipe.model_validate(knobs | change | {"augmentation": augmentation})


def read(folder: Path, count: int) -> tuple[Faces, Faces]:
    """The faces to learn from and those that decide, of the first training rows."""
    with np.load(folder / "fer2013" / "train.npz") as file:
        labels = np.array(FER2013_CODES, dtype=np.int64)[file["labels"][:count]]
        return hold_out(Faces(file["images"][:count], labels), 0.1, seed=0)


def one(given: argparse.Namespace) -> dict[str, float]:
    """One training in this process."""
    from fercore.training.trainer import Plan, train

    learned, deciding = read(given.data, given.faces)
    plan = Plan(backbone(given.backbone), changed(CHANGES[given.change]), "none", given.seed, given.epochs)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        watched = [epoch.watch_accuracy or 0.0 for epoch in train(plan, learned, deciding, Path(folder)).history]
    return {"last": watched[-1], "best": max(watched), "seconds": time.perf_counter() - began}


def in_child(given: argparse.Namespace, change: str, seed: int) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, __file__, "--change", change, "--seed", str(seed), "--data", str(given.data)]
    command += ["--backbone", given.backbone, "--faces", str(given.faces), "--epochs", str(given.epochs)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        sys.exit(f"'{change}' failed:\n{answer.stderr[-2000:]}")
    found: dict[str, float] = json.loads(answer.stdout.strip().splitlines()[-1])
    return found


def main() -> None:
    """Train them all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds fer2013/train.npz")
    parser.add_argument("--backbone", choices=list(BACKBONES), default="MobileNetV2")
    parser.add_argument("--faces", type=int, default=28_709, help="of the training rows, the first")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=list(CHANGES), help="these changes, beside modern itself")
    parser.add_argument("--change", choices=list(CHANGES), help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.epochs < 1 or given.seeds < 1:
        parser.error("give 1 epoch and 1 seed or more")
    if given.change:
        print(json.dumps(one(given)))
        return
    learned, deciding = read(given.data, given.faces)
    print(f"{given.backbone} from scratch, {len(learned):,} faces learned, {len(deciding):,} decide,", end=" ")
    print(f"{given.epochs} epochs, {given.seeds} seeds\n\n| change | last | best | against modern | seconds |")
    print("|---|---|---|---|---|", flush=True)
    base = 0.0
    for change in ["modern", *(name for name in given.only or CHANGES if name != "modern")]:
        found = [in_child(given, change, seed) for seed in range(given.seeds)]
        last = [each["last"] for each in found]
        base = mean(last) if change == "modern" else base
        spread = f" ± {stdev(last):.4f}" if len(last) > 1 else ""
        best, seconds = mean(each["best"] for each in found), mean(each["seconds"] for each in found)
        print(
            f"| {change} | {mean(last):.4f}{spread} | {best:.4f} | {mean(last) - base:+.4f} | {seconds:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()

"""What each knob of `modern` is worth: one change at a time, chosen on Training rows alone.

    python benchmarks/ablation.py --data FOLDER [--backbone MobileNetV2] [--faces 6000] [--epochs 8] [--seeds 2]

FOLDER holds `fer2013/train.npz`. A seeded tenth of the rows used, with no copy of a learned face in it, decides;
PublicTest and PrivateTest are not read. Each training has a process of its own, `--at-once` of them beside each
other, each on cores of its own where there is no GPU; trainings found in the file `--kept` are not repeated.
`last` is the last epoch's accuracy, which no choice has favoured, `best` that of the best epoch, `recall` the mean of
the emotions' recalls. `p` is that of a paired t-test over the deciding faces against `modern` of the same seeds, times
the number of changes (Bonferroni); it knows how the faces scatter, not how the seeds do: for that, see the ± of
several seeds.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from queue import SimpleQueue
from statistics import mean, stdev
from typing import Any

import numpy as np
from scipy.stats import ttest_rel

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.real_faces import rows
from fercore.evaluation.confusion import confusion, predicted
from fercore.evaluation.metrics import per_emotion
from fercore.prediction.predictor import Predictor
from fercore.training.data.faces import TrainingFaces, hold_out
from fercore.training.loop.events import EpochMetrics, Hooks
from fercore.training.models.backbones import BACKBONES, backbone
from fercore.training.models.pretrained import InitialWeights
from fercore.training.recipes.recipe import MODERN, PAPER, Recipe

NO_WARP = {"zoom": 0.0, "shear_degrees": 0.0, "rotation_degrees": 0.0, "shift": 0.0}
RATES = {name: getattr(MODERN, name) for name in ("learning_rate", "learning_rate_scratch", "learning_rate_plain")}
CHANGES: dict[str, dict[str, Any]] = {
    "modern": {},
    "the backbone's own input": {"input_px": None},
    "input 96 px": {"input_px": 96},
    "pixels by 1/255": {"preprocessing": "rescale"},
    "no flip": {"augmentation": {"flip": False}},
    "no warp": {"augmentation": NO_WARP},
    "half the warp": {"augmentation": {"zoom": 0.05, "shear_degrees": 2.5, "rotation_degrees": 5, "shift": 0.04}},
    "linear between pixels": {"augmentation": {"interpolation": "linear"}},
    "the paper's warp": {"augmentation": PAPER.augmentation.model_dump() | {"flip": True}},
    "no label smoothing": {"label_smoothing": 0.0},
    "mixup 0.2": {"mixup": 0.2},
    "SGD": {"optimizer": "sgd", "learning_rate": 0.01, "learning_rate_scratch": 0.05, "weight_decay": 0.0005},
    "Adam": {"optimizer": "adam"},
    "three times the rate": {name: 3 * rate for name, rate in RATES.items()},
    "a third of the rate": {name: rate / 3 for name, rate in RATES.items()},
    "constant rate": {"schedule": "constant"},
    "two epochs of warm-up": {"warmup_epochs": 2.0},
    "averaged weights": {"average": "fit"},
    "Keras' momentum of normalisation": {"batch_norm_momentum": None},
    "Keras' depthwise start": {"depthwise_start": "keras"},
    "Keras' residual start": {"residual_start": "keras"},
    "class weights": {"class_weights": True},
    "class weights up to 3": {"class_weights": True, "class_weight_clip": 3.0},
    "mirror at test": {"flip_at_test": True},
    "batch 64": {"batch_size": 64},
    "batch 128": {"batch_size": 128},
    "more decay": {"weight_decay": 0.1},
    "no dropout": {"dropout": 0.0},
}


def changed(change: dict[str, Any]) -> Recipe:
    """`modern` with one change, watched on the deciding faces."""
    knobs = MODERN.model_dump() | {"validate_on": "validation", "reported": "last", "patience": None}
    augmentation = knobs["augmentation"] | change.get("augmentation", {})
    return Recipe.model_validate(knobs | change | {"augmentation": augmentation})


def read(folder: Path, count: int) -> tuple[TrainingFaces, TrainingFaces]:
    """The faces to learn from and those that decide, of the first training rows."""
    return hold_out(rows(folder / "fer2013" / "train.npz", count), 0.1, seed=0)


def train_once(given: argparse.Namespace) -> dict[str, Any]:
    """One training in this process."""
    from fercore.training.loop.config import TrainingConfig
    from fercore.training.loop.trainer import train

    learned, deciding = read(given.data, given.faces)
    plan = TrainingConfig(
        backbone(given.backbone), changed(CHANGES[given.change]), InitialWeights.NONE, given.seed, given.epochs
    )
    began = time.perf_counter()

    def tell(epoch: EpochMetrics) -> None:
        line = f"{given.change}, seed {given.seed}: epoch {epoch.number} {epoch.val_accuracy:.4f}"
        print(line, f"{epoch.seconds:.0f} s", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        trained = train(plan, learned, deciding, Path(folder), Hooks(on_epoch=tell))
        seconds = time.perf_counter() - began
        probabilities = Predictor.load(trained.model_path, Path(folder)).probabilities(deciding.pixels)
    watched = [epoch.val_accuracy or 0.0 for epoch in trained.history]
    recalls = [scores.recall for scores in per_emotion(confusion(deciding.labels, probabilities)).values() if scores.n]
    return {
        "last": watched[-1],
        "best": max(watched),
        "recall": mean(recalls),
        "right": (predicted(probabilities) == deciding.labels).astype(int).tolist(),
        "seconds": seconds,
    }


class Kept:
    """Finished trainings, one JSON line each, so that an interrupted table goes on where it stopped."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given, self.file = given, given.kept
        self.same = {"backbone": given.backbone, "faces": given.faces, "epochs": given.epochs}
        self.figures: dict[tuple[str, int], dict[str, Any]] = {}
        for line in self.file.read_text().splitlines() if self.file and self.file.exists() else []:
            one_line = json.loads(line)
            if self.same.items() <= one_line.items():
                self.figures[one_line["change"], one_line["seed"]] = one_line

    def keep(self, change: str, seed: int, result: dict[str, Any]) -> None:
        """Remember a training, in the file as well where there is one."""
        self.figures[change, seed] = self.same | {"change": change, "seed": seed} | result
        if self.file:
            with self.file.open("a") as lines:
                print(json.dumps(self.figures[change, seed]), file=lines)


def in_child(given: argparse.Namespace, change: str, seed: int, cores: set[int]) -> dict[str, Any]:
    """The same in a process of its own, on these cores."""
    command = [sys.executable, __file__, "--change", change, "--seed", str(seed), "--data", str(given.data)]
    command += ["--backbone", given.backbone, "--faces", str(given.faces), "--epochs", str(given.epochs)]
    command += ["--cores", *map(str, cores)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(f"'{change}' failed, see above")
    result: dict[str, Any] = json.loads(answer.stdout.strip().splitlines()[-1])
    return result


def train_all(given: argparse.Namespace, changes: list[str]) -> Kept:
    """Every change with every seed that is not kept yet, each process on its share of the cores."""
    results, free = Kept(given), SimpleQueue[set[int]]()
    cores = sorted(os.sched_getaffinity(0))
    for part in range(given.at_once):
        # Those that share a GPU need the cores to compile, and not one after the other.
        free.put(set(cores) if shutil.which("nvidia-smi") else set(cores[part :: given.at_once]) or set(cores))

    def work(what: tuple[str, int]) -> None:
        mine = free.get()
        try:
            results.keep(*what, in_child(given, *what, mine))
        finally:
            free.put(mine)

    missing = [what for what in product(changes, range(given.seeds)) if what not in results.figures]
    with ThreadPoolExecutor(given.at_once) as pool:
        for _ in pool.map(work, missing):
            pass
    return results


def show(results: Kept, changes: list[str], seeds: int) -> None:
    """The table."""
    accuracies = {change: [results.figures[change, seed] for seed in range(seeds)] for change in changes}
    right = {change: np.mean([each["right"] for each in runs], axis=0) for change, runs in accuracies.items()}
    base = mean(each["last"] for each in accuracies["modern"])
    print("| change | last | best | recall | seconds | last against modern | p |\n|---|---|---|---|---|---|---|")
    for change, runs in accuracies.items():
        last = [each["last"] for each in runs]
        spread = f" ± {stdev(last):.4f}" if seeds > 1 else ""
        best, recall, seconds = (mean(each[key] for each in runs) for key in ("best", "recall", "seconds"))
        print(f"| {change} | {mean(last):.4f}{spread} | {best:.4f} | {recall:.4f} | {seconds:.0f} ", end="")
        p = min(1.0, float(ttest_rel(right[change], right["modern"]).pvalue) * (len(changes) - 1))
        print("| | |" if change == "modern" else f"| {mean(last) - base:+.4f} | {p:.3f} |")


def main() -> None:
    """Train them all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds fer2013/train.npz")
    parser.add_argument("--backbone", choices=list(BACKBONES), default="MobileNetV2")
    parser.add_argument("--faces", type=int, default=28_709, help="of the training rows, the first")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=list(CHANGES), help="these changes, beside modern itself")
    parser.add_argument("--at-once", type=int, default=1, help="trainings beside each other (default: 1)")
    parser.add_argument("--kept", type=Path, help="a file of finished trainings, read and added to")
    parser.add_argument("--cores", type=int, nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--change", choices=list(CHANGES), help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if min(given.epochs, given.seeds, given.at_once) < 1:
        parser.error("give 1 epoch, 1 seed and 1 training at once, or more")
    if given.change:
        os.sched_setaffinity(0, given.cores)
        print(json.dumps(train_once(given)))
        return
    learned, deciding = read(given.data, given.faces)
    print(f"{given.backbone} from scratch, {len(learned):,} faces learned, {len(deciding):,} decide,", end=" ")
    print(f"{given.epochs} epochs, {given.seeds} seeds\n", flush=True)
    changes = ["modern", *(name for name in given.only or CHANGES if name != "modern")]
    show(train_all(given, changes), changes, given.seeds)


if __name__ == "__main__":
    main()

"""How much sooner a sweep ends on a CPU when its trainings share the cores (FERCORE_CPU_RUNS).

    python benchmarks/beside.py [MobileNetV2] [--at-once 2] [--faces 2048] [--epochs 4] [--rounds 2]

The same trainings of drawn faces, one after the other with all cores each, then beside each other with a part of the
cores each, in turn; whole processes from start to end.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fercore.jobs import devices
from fercore.settings import Settings
from fercore.training.models.backbones import BACKBONES, backbone
from fercore.training.models.pretrained import InitialWeights
from fercore.training.recipes.recipe import MODERN


def learn(given: argparse.Namespace) -> None:
    """One training in this process."""
    from fercore.drawing.faces import dataset
    from fercore.training.data.faces import TrainingFaces
    from fercore.training.loop.config import TrainingConfig
    from fercore.training.loop.trainer import train

    pixels, labels = dataset("west", given.faces // 7, given.seed)
    with tempfile.TemporaryDirectory() as folder:
        plan = TrainingConfig(backbone(given.backbone), MODERN, InitialWeights.NONE, given.seed, given.epochs)
        train(plan, TrainingFaces(pixels, labels), None, Path(folder))


def seconds(given: argparse.Namespace, runs: int) -> float:
    """What `--at-once` trainings take when so many of them run at a time."""
    shared = devices.visible(Settings(cpu_runs=runs, gpus=""), "cpu", 1)
    command = [sys.executable, __file__, given.backbone, "--faces", str(given.faces), "--epochs", str(given.epochs)]
    began, waiting = time.perf_counter(), list(range(given.at_once))
    while waiting:
        now, waiting = waiting[:runs], waiting[runs:]
        started = [subprocess.Popen([*command, "--seed", str(seed)], env=os.environ | shared) for seed in now]
        if any(process.wait() for process in started):
            sys.exit("A training failed.")
    return time.perf_counter() - began


def main() -> None:
    """Both ways in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("backbone", nargs="?", choices=list(BACKBONES), default="MobileNetV2")
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--faces", type=int, default=2_048)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if min(given.at_once, given.faces // 7, given.epochs, given.rounds) < 1:
        parser.error("give 1 training at once, 7 faces, 1 epoch and 1 round, or more")
    if given.seed is not None:
        learn(given)
        return
    times = [(seconds(given, 1), seconds(given, given.at_once)) for _ in range(given.rounds)]
    for one_by_one, beside in times:
        print(f"one after the other {one_by_one:.0f} s, {given.at_once} beside each other {beside:.0f} s", flush=True)
    print(f"ratio {median(alone / beside for alone, beside in times):.2f} (median of {given.rounds})")


if __name__ == "__main__":
    main()

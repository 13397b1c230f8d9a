"""The price of training dynamics: the same training with and without them, epoch by epoch in turns.

    python benchmarks/dynamics.py [--backbone MobileNetV2] [--faces 2800] [--epochs 6] [--data FER2013.npz]

Two processes hold one training each and take turns, so that what else the machine does meets both alike. The first
epoch of each, in which it compiles, is left out. The ratio is that of the sums; 1.02 is the most it may be. On a
machine that others use, too, the time of the CPUs says more than the clock.
"""

import argparse
import sys
import tempfile
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.real_faces import rows_or_drawn


def one(turn: Connection, given: argparse.Namespace, dynamics: bool) -> None:
    """One training, which does an epoch whenever it is asked to and tells how long it took."""
    from fercore.training.loop.config import TrainingConfig
    from fercore.training.loop.events import EpochMetrics, Hooks
    from fercore.training.loop.trainer import train
    from fercore.training.models.backbones import backbone
    from fercore.training.recipes.recipe import MODERN

    began = [0.0]

    def tell(epoch: EpochMetrics) -> None:
        turn.send((epoch.seconds, time.process_time() - began[0]))
        if epoch.number < given.epochs:
            turn.recv()
            began[0] = time.process_time()

    recipe = MODERN.model_copy(update={"patience": None})
    plan = TrainingConfig(backbone(given.backbone), recipe, "none", 0, given.epochs, dynamics=dynamics)
    faces = rows_or_drawn(given.data, given.faces)
    turn.recv()
    with tempfile.TemporaryDirectory() as folder:
        train(plan, faces, None, Path(folder), Hooks(on_epoch=tell))


def main() -> None:
    """Print the seconds of each epoch and the ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--backbone", default="MobileNetV2")
    parser.add_argument("--faces", type=int, default=2800)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    context = get_context("spawn")
    turns = {}
    for kept in (True, False):
        mine, theirs = context.Pipe()
        context.Process(target=one, args=(theirs, given, kept), daemon=True).start()
        theirs.close()  # so that the end of that process is noticed
        turns[kept] = mine
    seconds: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for epoch in range(given.epochs):
        for kept in (True, False) if epoch % 2 else (False, True):
            turns[kept].send("go")
            seconds[kept].append(turns[kept].recv())
        (wall, cpu), (other_wall, other_cpu) = seconds[True][-1], seconds[False][-1]
        print(f"epoch {epoch + 1}: with {wall:.2f} s ({cpu:.2f} of CPUs), without {other_wall:.2f} s ({other_cpu:.2f})")
    kept, plain = (np.array(seconds[way][1:]).sum(axis=0) for way in (True, False))
    wall, cpu = kept / plain
    print(f"ratio {wall:.4f}, of the CPUs' time {cpu:.4f}, on {given.faces} faces with {given.backbone}")


if __name__ == "__main__":
    main()

"""Batches that two threads make while the main thread is busy with Python, as it is with a fast device.

    python benchmarks/feeding.py

Batches of 64 faces, the warp of `modern`: one call of OpenCV for each face against one for all, with Python's own
5 milliseconds between two threads' turns against the trainer's. `main` is how much of its own work the main thread
gets done, against being alone.
"""

import sys
import threading
import time
from contextlib import nullcontext
from itertools import product
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fercore.process import short_turns
from fercore.training.data.augmentation import apply, draw
from fercore.training.recipes.recipe import MODERN

SECONDS, ROUNDS, FACES = 1.5, 3, 64


def one_by_one(pixels: npt.NDArray[np.uint8], affine: npt.NDArray[np.float64], interpolation: int) -> None:
    """One call for each face."""
    flags = interpolation | cv2.WARP_INVERSE_MAP
    for face, its_map in zip(pixels, affine, strict=True):
        cv2.warpAffine(face, its_map, (48, 48), None, flags, cv2.BORDER_REPLICATE)


def spin() -> float:
    """Python's turns a second."""
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        count += 1
    return count / SECONDS


def main() -> None:
    """Print the table."""
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (FACES, 48, 48), dtype=np.uint8)
    affine = draw(FACES, (48, 48), MODERN.augmentation, random)
    ways = {"one call a face": one_by_one, "one call a batch": apply}
    turns = {"5 ms": nullcontext, "the trainer's": short_turns}
    times: dict[tuple[str, str], list[tuple[float, float]]] = {pair: [] for pair in product(ways, turns)}
    for _ in range(ROUNDS):
        alone = spin()
        for way, turn in times:
            made: list[int] = []
            stop = threading.Event()

            def feed(way: str = way, made: list[int] = made, stop: threading.Event = stop) -> None:
                while not stop.is_set():
                    ways[way](pixels, affine, cv2.INTER_CUBIC)
                    made.append(1)

            with turns[turn]():
                threads = [threading.Thread(target=feed) for _ in range(2)]
                for thread in threads:
                    thread.start()
                own = spin() / alone
                batches = len(made) / SECONDS
                stop.set()
                for thread in threads:
                    thread.join()
            times[way, turn].append((batches, own))
    print(f"{'':18s}{'turns':16s}{'batches/s':>10s}{'main':>8s}")
    for (way, turn), runs in times.items():
        batches, own = np.median(runs, axis=0)
        print(f"{way:18s}{turn:16s}{batches:10.0f}{own:8.2f}")


if __name__ == "__main__":
    main()

"""How much of a face's fine detail each interpolation of a warp leaves, and what it costs.

    python benchmarks/warp.py --data FOLDER [--faces 2000]

FOLDER holds `fer2013/train.npz`. The measure is the mean variance of the Laplacian (`faces/quality.sharpness`) of the
faces warped as `modern` warps them, as a share of what it was before.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fercore.faces.quality import sharpness
from fercore.training.data.augmentation import warp
from fercore.training.recipes.recipe import MODERN


def main() -> None:
    """Print one line for each interpolation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds fer2013/train.npz")
    parser.add_argument("--faces", type=int, default=2_000)
    given = parser.parse_args()
    with np.load(given.data / "fer2013" / "train.npz") as file:
        pixels = file["images"][: given.faces]
    before = sharpness(pixels).mean()
    for name in ("linear", "cubic"):
        augmentation = MODERN.augmentation.model_copy(update={"interpolation": name})
        began = time.perf_counter()
        warped = warp(pixels, augmentation, np.random.default_rng(0))
        cost = (time.perf_counter() - began) / len(pixels)
        print(f"{name:8s} leaves {sharpness(warped).mean() / before:.2f}, {cost * 1e6:.0f} µs a face")


if __name__ == "__main__":
    main()

"""What several trained networks say together of PublicTest, from the probabilities that `accuracy.py --keep` wrote.

    python benchmarks/ensemble.py FILE.npz FILE.npz ...

An ensemble's probabilities are the mean of all the files given: none is left out by how it did on PublicTest.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fercore.evaluation.confusion import confusion
from fercore.evaluation.metrics import accuracy


def main() -> None:
    """Print each network's accuracy and that of all together, with and without each face's mirror image."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.npz")
    files = parser.parse_args().files
    predictions = [dict(np.load(file)) for file in files]
    labels = predictions[0]["labels"]
    if any((run["labels"] != labels).any() for run in predictions):
        parser.error("the files speak of different faces")
    print(f"{'':32s}{'plain':>8s}{'with mirror':>14s}")
    for name, members in [
        *((file.stem, [run]) for file, run in zip(files, predictions, strict=True)),
        ("together", predictions),
    ]:
        shown = [
            accuracy(confusion(labels, np.mean([run[kind] for run in members], axis=0)))
            for kind in ("plain", "mirrored")
        ]
        print(f"{name:32s}{shown[0]:8.4f}{shown[1]:14.4f}")


if __name__ == "__main__":
    main()

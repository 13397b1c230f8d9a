"""Real faces for the benchmarks: FER2013's rows in a file, or drawn faces in their place."""

from pathlib import Path

import numpy as np

from fercore.emotions import FER2013_CODES
from fercore.training.data.faces import TrainingFaces


def rows(file: Path, count: int | None = None) -> TrainingFaces:
    """The first faces, or all, of an .npz with `images` (N, 48, 48) uint8 and FER2013's `labels` (N,)."""
    with np.load(file) as held:
        labels = np.array(FER2013_CODES, dtype=np.int64)[held["labels"][:count]]
        return TrainingFaces(held["images"][:count], labels)


def rows_or_drawn(file: Path | None, count: int) -> TrainingFaces:
    """The same, or so many drawn faces where there is no file."""
    if file is not None:
        return rows(file, count)
    from fercore.drawing.faces import dataset

    return TrainingFaces(*dataset("west", -(-count // 7), seed=0)).at(np.arange(count))

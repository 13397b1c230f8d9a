"""Explanations on real faces: does hiding what they mark matter, and how long do they take?

    python benchmarks/explanation.py TRAIN.npz [--model FILE.keras] [--backbone SmallResNet] [--epochs 3] [--faces 500]

TRAIN.npz holds `images` (N, 48, 48) uint8 and FER2013's `labels` (N,). Without --model, a backbone learns all faces but
those that are explained. Printed is by how much the probability of the predicted emotion falls when the marked tenth of
a face is blurred, beside a random tenth of the same form (the marks of another face, and a smooth blot) and scattered
pixels, with the differences' 95 % intervals over faces (bootstrap); the mean of the deletion and insertion curves; and
the median time of an explanation beside that of a prediction.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fercore.emotions import FER2013_CODES
from fercore.prediction import explanation
from fercore.prediction.explanation import Reader

Values = npt.NDArray[np.float64]
_BLOT: float = 4.0  # pixels: as smooth as the masks of an explanation


def trained(pixels: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64], name: str, epochs: int, folder: Path) -> Path:
    """The model file of a network that has learned these faces."""
    from fercore.training.data.faces import TrainingFaces
    from fercore.training.loop.checkpoints import MODEL_FILE
    from fercore.training.loop.config import TrainingConfig
    from fercore.training.loop.trainer import train
    from fercore.training.models.backbones import backbone
    from fercore.training.recipes.recipe import MODERN

    recipe = MODERN.model_copy(update={"patience": None, "validate_on": "validation"})
    config = TrainingConfig(backbone(name), recipe, "none", 0, epochs, dynamics=False)
    train(config, TrainingFaces(pixels, labels), None, folder)
    return folder / MODEL_FILE


def falls(reader: Reader, faces: npt.NDArray[np.uint8], seed: int = 0) -> dict[str, Values]:
    """(N,) by how much the predicted emotion's probability falls, by what is hidden."""
    from fercore.faces.opencv import opencv

    random = np.random.default_rng(seed)
    marks, whole, emotions = [], [], []
    for face in faces:
        found = explanation.explained(reader, face)
        emotions.append(int(found.probabilities.argmax()))
        whole.append(float(found.probabilities.max()))
        marks.append(explanation.marked(found.maps[emotions[-1]]))
    blots = [opencv().GaussianBlur(random.normal(size=face.shape), (0, 0), _BLOT) for face in faces]
    parts = {
        "the marked tenth": marks,
        "the tenth marked in another face": np.roll(marks, 1, axis=0),
        "a smooth random tenth": [explanation.marked(blot) for blot in blots],
        "scattered pixels, a tenth": [explanation.marked(random.random(face.shape)) for face in faces],
    }
    result = {}
    for name, hidden in parts.items():
        changed = np.stack([explanation.hidden(face, part) for face, part in zip(faces, hidden, strict=True)])
        result[name] = np.array(whole) - reader(changed)[np.arange(len(faces)), emotions]
    return result


def interval(values: Values, seed: int = 0) -> tuple[float, float]:
    """The 95 % interval of a mean over faces by a bootstrap of 2,000 draws."""
    random = np.random.default_rng(seed)
    means = values[random.integers(0, len(values), (2000, len(values)))].mean(1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def milliseconds(act: Any, faces: npt.NDArray[np.uint8]) -> float:
    """The median over faces, the first one left out."""
    times = []
    for face in faces:
        started = time.perf_counter()
        act(face)
        times.append((time.perf_counter() - started) * 1000)
    return float(np.median(times[1:]))


def main() -> None:
    """Print the figures of one model."""
    from fercore.prediction.predictor import Predictor

    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--backbone", default="SmallResNet")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--faces", type=int, default=500)
    given = parser.parse_args()
    held = np.load(given.data)
    pixels, labels = held["images"], np.array(FER2013_CODES, np.int64)[held["labels"]]
    drawn = np.random.default_rng(0).permutation(len(pixels))
    chosen, others = drawn[: given.faces], np.sort(drawn[given.faces :])
    with tempfile.TemporaryDirectory() as folder:
        file = given.model or trained(pixels[others], labels[others], given.backbone, given.epochs, Path(folder))
        reader = Predictor.load(file, file.parent).probabilities
    faces = pixels[chosen]
    right = (reader(faces).argmax(1) == labels[chosen]).mean()
    print(f"{given.faces} faces, accuracy {right:.3f}")
    tell_falls(falls(reader, faces))
    tell_curves(reader, faces[:60])


def tell_falls(found: dict[str, Values]) -> None:
    """Print by how much probabilities fall."""
    marked = found["the marked tenth"]
    for name, values in found.items():
        low, high = interval(marked - values)
        beside = "" if values is marked else f"; the marked tenth takes {low:.3f} to {high:.3f} more"
        print(f"  {name}: the probability falls by {values.mean():.3f}{beside}")


def tell_curves(reader: Reader, faces: npt.NDArray[np.uint8]) -> None:
    """Print the means of the curves, and the time of an explanation."""
    lines = []
    for face in faces:
        result = explanation.explained(reader, face)
        emotion = int(result.probabilities.argmax())
        lines.append(explanation.curves(reader, face, result.maps[emotion], emotion))
    deletion, insertion = (np.mean([getattr(line, name) for line in lines]) for name in ("deletion", "insertion"))
    print(
        f"  mean probability over the curves of {len(faces)} faces: deletion {deletion:.3f}, insertion {insertion:.3f}"
    )
    one = milliseconds(lambda face: reader(face[None]), faces)
    whole = milliseconds(lambda face: explanation.explained(reader, face), faces)
    print(f"  an explanation takes {whole:.0f} ms, a prediction {one:.1f} ms")


if __name__ == "__main__":
    main()

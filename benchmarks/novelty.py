"""Faces unlike those that a model learned: how well is novelty told from the faces that it read before?

    python benchmarks/novelty.py TRAIN.npz TEST.npz [--model FILE.keras] [--backbone SmallResNet] [--epochs 3]
        [--faces 2000]

Both files hold `images` (N, 48, 48) uint8 and FER2013's `labels` (N,). Without --model, a backbone learns TRAIN but its
last 4,000 faces: half of those set the scale as validation faces do, half are held out. Printed is, for held-out faces
of TRAIN, for those of TEST and for changed and other pictures, the share that is beyond 1, and the area under the ROC
curve against the held-out ones, beside that of the model's own least confidence.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import not_faces
from benchmarks.explanation import trained
from benchmarks.real_faces import rows
from fercore.prediction import novelty

HELD = 4000
Faces = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float64]


def others(faces: Faces, random: np.random.Generator) -> dict[str, Faces]:
    """Faces that were changed, and pictures of other things, as many as there are faces."""
    from fercore.drawing.faces import dataset

    planted: dict[str, Callable[[Faces, np.random.Generator], Faces]] = {
        "half faces": not_faces.half_face,
        "text": not_faces.text,
        "textures": not_faces.texture,
    }
    noise = random.integers(0, 256, faces.shape).astype(np.uint8)
    return {
        "drawn faces": dataset("west", -(-len(faces) // 7), seed=1)[0][: len(faces)],
        "upside down": faces[:, ::-1],
        "negatives": 255 - faces,
        "lower half covered": np.concatenate([faces[:, :24], np.full_like(faces[:, 24:], 128)], axis=1),
        **{name: np.stack([make(faces, random) for _ in faces]) for name, make in planted.items()},
        "noise": noise,
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("train", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--backbone", default="SmallResNet")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--faces", type=int, default=2000)
    return parser.parse_args()


def main() -> None:
    """Train where no model is given, and print a line for each kind of picture."""
    given = _arguments()
    from fercore.prediction.penultimate import PenultimateLayer
    from fercore.prediction.predictor import Predictor

    whole = rows(given.train)
    learned = whole.at(np.arange(len(whole.labels) - HELD))
    validation, held = whole.pixels[-HELD : -HELD // 2], whole.pixels[-HELD // 2 :][: given.faces]
    with tempfile.TemporaryDirectory() as folder:
        file = given.model or trained(learned, given.backbone, given.epochs, Path(folder))
        predictor = Predictor.load(file, file.parent)
    layer = PenultimateLayer(predictor.model)
    some = np.linspace(0, len(learned.pixels) - 1, 3000).astype(int)
    scale = novelty.fitted(layer.features(learned.pixels[some]), layer.features(validation))
    if scale is None:
        raise SystemExit("There are too few faces.")

    def measured(pixels: Faces) -> tuple[Values, Values]:
        values = scale.of(layer.features(pixels), lambda each: each.sum(-1))
        return values.astype(np.float64), 1 - predictor.probabilities(pixels).max(1).astype(np.float64)

    plain, unsure = measured(held)
    print(f"held-out faces of the same file: {(plain > 1).mean():.1%} beyond 1", flush=True)
    kinds = {"other test faces": rows(given.test, given.faces).pixels, **others(held, np.random.default_rng(0))}
    for name, pixels in kinds.items():
        far, doubt = measured(pixels)
        truth = np.r_[np.zeros(len(plain)), np.ones(len(far))]
        areas = [roc_auc_score(truth, np.r_[one, two]) for one, two in ((plain, far), (unsure, doubt))]
        print(
            f"{name}: {(far > 1).mean():.1%} beyond 1, area {areas[0]:.3f}, by least confidence {areas[1]:.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()

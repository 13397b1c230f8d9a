"""Train one backbone on FER2013's real training rows and report PublicTest's accuracy, once, at the end.

    python benchmarks/accuracy.py --backbone MobileNetV2 --recipe modern --weights none --epochs 30

The epoch is chosen as the recipe says; with `modern` on a seeded slice of the training rows in which no
exact copy of a learned face lies. A recipe that watches the validation split is shown PublicTest in every
epoch, as the paper did. `--rows` learns from the first rows only and `--tune` leaves PublicTest alone.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.real_faces import rows
from fercore.emotions import EMOTIONS
from fercore.errors import Cancelled
from fercore.evaluation.confusion import confusion
from fercore.evaluation.metrics import accuracy, per_emotion
from fercore.evaluation.paper import find_run
from fercore.prediction.predictor import Predictor
from fercore.training.data.faces import TrainingFaces
from fercore.training.loop.events import EpochMetrics, Hooks
from fercore.training.models.backbones import BACKBONES, backbone
from fercore.training.models.pretrained import parse_weights
from fercore.training.recipes import plain_yaml
from fercore.training.recipes.recipe import RECIPES, Recipe, recipe


def read(name: str) -> TrainingFaces:
    """One npz of real rows, its class codes mapped onto the project's order."""
    folder = Path(os.environ.get("FERCORE_SHARED_DATA", ROOT.parent / "shared" / "data"))
    return rows(folder / "fer2013" / name)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", choices=list(BACKBONES), default="MobileNetV2")
    parser.add_argument("--recipe", choices=list(RECIPES), default="modern")
    parser.add_argument("--set", action="append", default=[], metavar="KNOB=VALUE", help="change one knob")
    parser.add_argument("--weights", default="none", help="imagenet, none or a file")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=int, help="learn from the first rows only")
    parser.add_argument("--tune", action="store_true", help="do not look at PublicTest")
    parser.add_argument("--folder", type=Path, help="keep the model here (default: a temporary folder)")
    parser.add_argument("--resume", action="store_true", help="go on with what lies in --folder")
    parser.add_argument("--minutes", type=float, help="end by then, with the best epoch so far")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="write PublicTest's probabilities, for ensemble.py")
    return parser.parse_args()


def chosen_recipe(name: str, changes: list[str]) -> Recipe:
    """A built-in recipe with some knobs changed, such as learning_rate=0.001 or augmentation.zoom=0.2."""
    knobs = recipe(name).model_dump()
    for change in changes:
        path, value = change.split("=", 1)
        *parents, last = path.split(".")
        target = knobs
        for parent in parents:
            target = target[parent]
        target[last] = None if value == "None" else plain_yaml.load(value)
    return Recipe.model_validate(knobs)


def show(epoch: EpochMetrics) -> None:
    """One line for one epoch."""
    watched = f"{epoch.val_accuracy:.4f}" if epoch.val_accuracy is not None else "-"
    print(
        f"epoch {epoch.number:3d}  loss {epoch.loss:.4f}  accuracy {epoch.accuracy:.4f}  watched {watched}  "
        f"rate {epoch.learning_rate:.2e}  {epoch.seconds:.1f} s"
        + (f", of which {epoch.compile_seconds:.0f} to compile" if epoch.compile_seconds else ""),
        flush=True,
    )


def report(model: Path, name: str, public: TrainingFaces, keep: Path | None) -> None:
    """PublicTest, the share of its most frequent emotion, and the paper's number."""
    predictor = Predictor.load(model, model.parent)
    plain = predictor.probabilities(public.pixels)
    mirrored = (plain + predictor.probabilities(np.ascontiguousarray(public.pixels[:, :, ::-1]))) / 2
    if keep is not None:
        np.savez(keep, labels=public.labels, plain=plain, mirrored=mirrored)
    counts = confusion(public.labels, plain)
    print(f"\nPublicTest accuracy     {accuracy(counts):.4f}  ({len(public):,} faces)")
    print(f"averaged with mirror    {accuracy(confusion(public.labels, mirrored)):.4f}")
    print(f"majority class          {max(public.counts()) / len(public):.4f}")
    paper = find_run(name, ("FER2013",)).printed.fer2013
    print(f"paper, ImageNet weights {paper:.4f}  (run on FER2013 alone)\n")
    for emotion, scores in per_emotion(counts).items():
        print(f"{emotion:9s} precision {scores.precision:.3f}  recall {scores.recall:.3f}  n {scores.n}")
    print("\nrows true, columns predicted:", ", ".join(EMOTIONS))
    print(counts)


def main() -> None:
    """Train, then look at PublicTest once."""
    from fercore.training.loop.checkpoints import MODEL_FILE
    from fercore.training.loop.config import TrainingConfig
    from fercore.training.loop.trainer import train

    given, began = arguments(), time.monotonic()

    def late() -> bool:
        return given.minutes is not None and time.monotonic() - began > 60 * given.minutes

    chosen = chosen_recipe(given.recipe, given.set)
    plan = TrainingConfig(backbone(given.backbone), chosen, parse_weights(given.weights), given.seed, given.epochs)
    faces, public = read("train.npz"), read("public_test.npz")
    if given.rows:
        faces = faces.at(np.arange(min(given.rows, len(faces))))
    print(f"{plan.backbone.name}, weights {given.weights}, {len(faces):,} rows, seed {given.seed}")
    print(chosen.model_dump_json(), flush=True)
    with tempfile.TemporaryDirectory() as spare:
        folder = given.folder or Path(spare)
        watch = None if given.tune else public
        try:
            trained = train(plan, faces, watch, folder, Hooks(on_epoch=show, stopped=late), given.resume)
            print(f"reported epoch {trained.reported_epoch}; slice watched: {chosen.validate_on}")
        except Cancelled:
            print(f"ended after {given.minutes:g} minutes, before its last epoch")
        if (folder / MODEL_FILE).exists() and not given.tune:
            report(folder / MODEL_FILE, given.backbone, public, given.keep)


if __name__ == "__main__":
    main()

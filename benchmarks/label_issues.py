"""Label errors planted in real faces: how early each way of looking finds them.

    python benchmarks/label_issues.py TRAIN.npz [--kind uniform] [--share 0.1] [--crossval 0] [--epochs 0]
        [--backbone MobileNetV2] [--seed 0]

TRAIN.npz holds `images` (N, 48, 48) uint8 and FER2013's `labels` (N,). Three kinds of errors are planted in turn:
uniform ones, confusions of one emotion with one other (as Fear with Surprise), and those of look-alikes, where a face
gets the emotion of the face that it resembles most among those of other emotions. Printed are, for all emotions and by
emotion, the average precision, the precision of the first 500 and the recall of the first tenth: of a random order, of
HOG with logistic regression out of fold, of the audit's features, with --crossval of a backbone that is trained for so
many epochs on two of three folds in turn, and with --epochs of one training's last loss and of its dynamics. What gives
probabilities is read in two ways: by the label's own alone, and in the order that the audit makes of them. The source's
own errors count as false here, so that no way can reach 1: figures compare ways, and are lower bounds.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fercore.curation import features, label_issues, out_of_fold, visual_words
from fercore.curation.similarity import vectors
from fercore.emotions import EMOTIONS, FER2013_CODES

# Fear is taken for Surprise most often, and so on: the pairs of the study's confusion matrices.
PAIRS = {"Angry": "Sad", "Disgust": "Angry", "Fear": "Surprise", "Happy": "Neutral", "Neutral": "Sad", "Sad": "Neutral"}
PAIRS["Surprise"] = "Fear"
Labels = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


def uniform(labels: Labels, chosen: npt.NDArray[np.bool_], random: np.random.Generator) -> Labels:
    """Any other emotion."""
    return np.where(chosen, (labels + random.integers(1, 7, len(labels))) % 7, labels)


def pairs(labels: Labels, chosen: npt.NDArray[np.bool_]) -> Labels:
    """The emotion that each is taken for most often."""
    taken = np.array([EMOTIONS.index(PAIRS[name]) for name in EMOTIONS])
    return np.where(chosen, taken[labels], labels)


def look_alikes(labels: Labels, chosen: npt.NDArray[np.bool_], pixels: npt.NDArray[np.uint8]) -> Labels:
    """The emotion of the face of another emotion that looks most alike, by small pictures."""
    small, planted = vectors(pixels), labels.copy()
    for place in np.flatnonzero(chosen):
        likeness = small @ small[place]
        likeness[labels == labels[place]] = -2
        planted[place] = labels[likeness.argmax()]
    return planted


def logistic(pixels: npt.NDArray[np.uint8], labels: Labels, groups: Labels) -> Scores:
    """(N, 7) probabilities by HOG with logistic regression, out of fold."""
    from sklearn.linear_model import LogisticRegression

    described, fold = features.gradients(pixels), out_of_fold.folds(labels, groups)
    shares = np.zeros((len(labels), len(EMOTIONS)))
    for part in range(out_of_fold.FOLDS):
        held = fold == part
        model = LogisticRegression(C=0.1, max_iter=1000).fit(described[~held], labels[~held])
        shares[np.ix_(held, model.classes_)] = model.predict_proba(described[held])
    return shares


def trained(pixels: npt.NDArray[np.uint8], labels: Labels, backbone: str, epochs: int) -> Iterator[tuple[str, Scores]]:
    """One training that learns all labels: its last loss, and the margins of its epochs."""
    from fercore.training.data.faces import TrainingFaces
    from fercore.training.loop import dynamics
    from fercore.training.loop.config import TrainingConfig
    from fercore.training.loop.trainer import train
    from fercore.training.models.backbones import backbone as known
    from fercore.training.recipes.recipe import MODERN

    recipe = MODERN.model_copy(update={"patience": None, "validate_on": "validation"})  # no slice is left out
    config = TrainingConfig(known(backbone), recipe, "none", 0, epochs, dynamics=True)
    with tempfile.TemporaryDirectory() as folder:
        train(config, TrainingFaces(pixels, labels), None, Path(folder))
        summary = dynamics.summary(dynamics.read(Path(folder)))
    yield f"{backbone}, {epochs} epochs: its last loss", summary.last_loss
    yield f"{backbone}, {epochs} epochs: its dynamics (margin)", -summary.margin


def cross_validated(
    pixels: npt.NDArray[np.uint8], labels: Labels, groups: Labels, backbone: str, epochs: int
) -> Scores:
    """(N, 7) probabilities by a backbone, out of fold."""
    from fercore.services.audit import cross_validation
    from fercore.services.audit.cross_validation import CrossValidation
    from fercore.settings import Settings
    from fercore.store import open_store
    from fercore.training.recipes.recipe import MODERN

    def heard(done: int, total: int, message: str) -> None:
        if done % 200 == 0:
            print(f"    {message}: {done:,} of {total:,} steps", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Settings(data_dir=Path(folder) / "data", models_dir=Path(folder) / "models"))
        plan = CrossValidation(backbone, MODERN, epochs)
        return cross_validation.probabilities(store, plan, pixels, labels, groups, heard)


def suspicions(name: str, labels: Labels, shares: Scores) -> Iterator[tuple[str, Scores]]:
    """The label's improbability alone, and the audit's order of the same (N, 7) probabilities, as ranks."""
    yield name, 1 - shares[np.arange(len(labels)), labels]
    order = label_issues.by_probabilities(labels, shares).order
    ranks = np.empty(len(order))
    ranks[order] = np.arange(len(order), 0, -1)
    yield f"{name}, in the audit's order", ranks


def ways(
    pixels: npt.NDArray[np.uint8], labels: Labels, groups: Labels, given: argparse.Namespace
) -> Iterator[tuple[str, Scores]]:
    """(name, (N,) suspicion) of each way of looking."""
    yield "random order", np.random.default_rng(given.seed + 1).random(len(labels))
    yield from suspicions("HOG + logistic regression, out of fold", labels, logistic(pixels, labels, groups))
    shares = out_of_fold.probabilities(visual_words.learned(pixels).described(pixels), labels, groups)
    yield from suspicions("the audit's features (visual words)", labels, shares)
    if given.crossval:
        by_network = cross_validated(pixels, labels, groups, given.backbone, given.crossval)
        yield from suspicions(f"{given.backbone} cross-validated, {given.crossval} epochs", labels, by_network)
        yield from suspicions("the mean of that and the audit's features", labels, (by_network + shares) / 2)
    if given.epochs:
        yield from trained(pixels, labels, given.backbone, given.epochs)


def figures(scores: Scores, wrong: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
    """Average precision, precision of the first 500, recall of the first tenth."""
    from sklearn.metrics import average_precision_score

    order = np.argsort(-scores, kind="stable")
    tenth = wrong[order[: len(wrong) // 10]].sum() / wrong.sum()
    return float(average_precision_score(wrong, scores)), float(wrong[order[:500]].mean()), float(tenth)


def main() -> None:
    """Print the figures of each kind of error and way of looking."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--kind", choices=("uniform", "pair confusions", "look-alikes"))
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--crossval", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=0)
    parser.add_argument("--backbone", default="MobileNetV2")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    held = np.load(given.data)
    pixels, true = held["images"], np.array(FER2013_CODES, np.int64)[held["labels"]]
    _, groups = np.unique(pixels.reshape(len(pixels), -1), axis=0, return_inverse=True)
    random = np.random.default_rng(given.seed)
    chosen = random.random(len(true)) < given.share
    kinds = {
        "uniform": uniform(true, chosen, random),
        "pair confusions": pairs(true, chosen),
        "look-alikes": look_alikes(true, chosen, pixels),
    }
    for kind, labels in kinds.items():
        if given.kind not in (None, kind):
            continue
        wrong = labels != true
        print(f"\n{kind}: {wrong.sum():,} of {len(true):,} labels are wrong")
        started = time.monotonic()
        for name, scores in ways(pixels, labels, groups.astype(np.int64), given):
            precision, first, tenth = figures(scores, wrong)
            took, started = time.monotonic() - started, time.monotonic()
            print(
                f"  {name}: average precision {precision:.3f}, first 500 {first:.3f}, "
                f"recall at 10 % {tenth:.3f} ({took:.0f} s)"
            )
            parts = [
                f"{emotion} {figures(scores[labels == at], wrong[labels == at])[0]:.2f}"
                for at, emotion in enumerate(EMOTIONS)
                if wrong[labels == at].any()
            ]
            print(f"    by emotion: {', '.join(parts)}", flush=True)


if __name__ == "__main__":
    main()

"""Out-of-sample probabilities by a cross-validated network: each face is read by one that has not learned it."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fercore.curation import out_of_fold
from fercore.language import tr
from fercore.progress import Progress
from fercore.services.audit.methods import EPOCHS
from fercore.store import Store
from fercore.training.models.backbones import backbone
from fercore.training.models.pretrained import InitialWeights, parse_weights
from fercore.training.recipes.recipe import Recipe

if TYPE_CHECKING:
    from fercore.training.data.faces import TrainingFaces


@dataclass(frozen=True)
class CrossValidation:
    """A network that is trained once for each fold on the others, and the seed of its weights and folds."""

    backbone: str
    recipe: Recipe
    epochs: int = EPOCHS
    weights: str = InitialWeights.NONE
    seed: int = 0

    def key(self, faces: "TrainingFaces", fold: npt.NDArray[np.int64]) -> str:
        """A name for the folder of the same training on the same faces."""
        digest = hashlib.sha256(repr((self.backbone, self.recipe, self.epochs, self.weights, self.seed)).encode())
        for part in (faces.pixels, faces.labels, fold):
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()[:24]


def probabilities(
    store: Store,
    plan: CrossValidation,
    pixels: npt.NDArray[np.uint8],
    labels: npt.NDArray[np.int64],
    groups: npt.NDArray[np.int64],
    progress: Progress,
) -> npt.NDArray[np.float64]:
    """(N, 7) probabilities of each of (N, 48, 48) faces by the network that was trained on the folds without its group.

    What was stopped goes on: a finished fold is kept, and an unfinished one resumes after its last epoch. Raises
    InputError for fewer groups than folds, and what a training raises.
    """
    from fercore.training.data.faces import TrainingFaces

    faces = TrainingFaces(pixels, labels)
    fold = out_of_fold.folds(labels, groups, plan.seed)
    folder = store.settings.data_dir / "audits" / plan.key(faces, fold)
    folder.mkdir(parents=True, exist_ok=True)
    result = np.zeros((len(faces), 7))
    for number in range(out_of_fold.FOLDS):
        held = fold == number
        kept = folder / f"fold-{number}.npy"
        if not kept.exists():
            training = folder / f"fold-{number}"
            _write(kept, _said(plan, faces, held, training, _Heard(plan, number, progress)))
            shutil.rmtree(training, ignore_errors=True)
        result[held] = np.load(kept)
    shutil.rmtree(folder, ignore_errors=True)
    return result


@dataclass
class _Heard:
    """The progress of one fold's training within all."""

    plan: CrossValidation
    number: int
    progress: Progress
    finished: int = 0

    def begin(self, history: list[Any]) -> None:
        self.finished = len(history)

    def batch(self, done: int, steps: int) -> None:
        folds, total = out_of_fold.FOLDS, self.plan.epochs * steps
        words = tr("Fold {fold} of {folds}, {backbone}", fold=self.number + 1, folds=folds, backbone=self.plan.backbone)
        self.progress(self.number * total + self.finished * steps + done, folds * total, words)

    def epoch(self, epoch: Any) -> None:
        self.finished = epoch.number


def _said(
    plan: CrossValidation, faces: "TrainingFaces", held: npt.NDArray[np.bool_], folder: Path, heard: _Heard
) -> npt.NDArray[np.float32]:
    """The (K, 7) probabilities of the held-out faces by a network that learned all others."""
    from fercore.prediction.predictor import Predictor
    from fercore.training.loop.checkpoints import MODEL_FILE
    from fercore.training.loop.config import TrainingConfig
    from fercore.training.loop.events import Hooks
    from fercore.training.loop.trainer import train

    folder.mkdir(exist_ok=True)
    recipe = plan.recipe.model_copy(update={"patience": None, "validate_on": "validation"})
    config = TrainingConfig(
        backbone(plan.backbone), recipe, parse_weights(plan.weights), plan.seed, plan.epochs, dynamics=False
    )
    hooks = Hooks(on_epoch=heard.epoch, on_batch=heard.batch, on_begin=heard.begin)
    train(config, faces.at(np.flatnonzero(~held)), None, folder, hooks, resume=True)
    return Predictor.load(folder / MODEL_FILE, folder).probabilities(faces.pixels[held])


def _write(path: Path, values: npt.NDArray[np.float32]) -> None:
    """Write an array whole or not at all."""
    draft = path.with_suffix(".part.npy")
    np.save(draft, values)
    draft.replace(path)

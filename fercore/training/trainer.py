"""One training: a backbone, a recipe, faces; progress leaves through hooks, to no store and no page."""

import hashlib
import math
import time
from dataclasses import dataclass
from pathlib import Path

import keras

from fercore.errors import Cancelled, InputError, TrainingError
from fercore.training.backbones import Backbone
from fercore.training.batches import Batches, one_hot, steps_per_epoch
from fercore.training.checkpoints import (
    MODEL_FILE,
    load_checkpoint,
    load_state,
    save_checkpoint,
    save_model,
)
from fercore.training.class_weights import as_array, class_weights, equal_weights
from fercore.training.data import Faces, hold_out
from fercore.training.network import build, count_parameters
from fercore.training.optimizers import optimizer_for
from fercore.training.progress import Epoch, Hooks, Trained, reported_epoch, should_stop
from fercore.training.recipe import Recipe
from fercore.training.weights import Weights, find_weights

_WATCH_BATCH = 256


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be trained, and how."""

    backbone: Backbone
    recipe: Recipe
    weights: Weights = "imagenet"
    seed: int = 0
    epochs: int | None = None  # None: as many as the recipe says

    @property
    def total_epochs(self) -> int:
        """The number of epochs at most."""
        return self.recipe.epochs if self.epochs is None else self.epochs


def train(
    plan: Plan,
    faces: Faces,
    watch: Faces | None,
    folder: Path,
    hooks: Hooks | None = None,
    resume: bool = False,
) -> Trained:
    """Train and leave `model.keras` and a checkpoint in `folder`, both replaced after every epoch.

    `watch` is the validation split; a recipe that watches a slice of the training faces ignores it.
    With 0 epochs the network is built and counted, and nothing is written. `resume` goes on after the
    last finished epoch. Sets Keras' global seed: one training, one process. Raises `InputError`,
    `MissingWeightsError`, `Cancelled` (the checkpoint stays) and `TrainingError`.
    """
    if not len(faces):
        raise InputError("There are no faces to train on: the snapshot has none in its training split.")
    learned, watched = _divide(plan, faces, watch)
    weights = class_weights(learned.counts()) if plan.recipe.class_weights else equal_weights(learned.counts())
    training = _Training(plan, learned, watched, weights, folder, hooks or Hooks())
    return training.run(resume)


def _divide(plan: Plan, faces: Faces, watch: Faces | None) -> tuple[Faces, Faces | None]:
    """The faces to learn from, and those to watch if there are any."""
    if plan.recipe.watches == "training slice":
        faces, watch = hold_out(faces, plan.recipe.watch_share, plan.seed)
    return faces, watch if watch is not None and len(watch) else None


@dataclass(slots=True)
class _Training:
    plan: Plan
    faces: Faces
    watch: Faces | None
    class_weights: dict[str, float]
    folder: Path
    hooks: Hooks

    def run(self, resume: bool) -> Trained:
        model, history = self._begin(resume)
        total, trainable = count_parameters(model)
        stop = should_stop(history, self.plan.recipe.patience)
        while len(history) < self.plan.total_epochs and not stop:
            history.append(self._epoch(model, len(history) + 1))
            if reported_epoch(history, self.plan.recipe) == len(history):
                save_model(model, self.folder)
            save_checkpoint(model, self.folder, self._fingerprint(), history)
            self.hooks.on_epoch(history[-1])
            stop = should_stop(history, self.plan.recipe.patience)
        reported = reported_epoch(history, self.plan.recipe)
        path = None if reported is None else self.folder / MODEL_FILE
        return Trained(total, trainable, self.class_weights, history, reported, path)

    def _begin(self, resume: bool) -> tuple[keras.Model, list[Epoch]]:
        """The compiled model and the epochs behind it."""
        keras.utils.set_random_seed(self.plan.seed % 2**32)
        state = load_state(self.folder, self._fingerprint()) if resume else None
        if state is not None:
            return load_checkpoint(self.folder, state), list(state.history)
        self.folder.mkdir(parents=True, exist_ok=True)
        file = find_weights(self.plan.backbone, self.plan.weights)
        recipe = self.plan.recipe
        model = build(self.plan.backbone, recipe, file, recipe.momentum_for(self._steps()))
        model.compile(
            optimizer=optimizer_for(recipe, file is not None, self._steps(), self.plan.total_epochs),
            loss=keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing),
            metrics=["accuracy"],
        )
        return model, []

    def _epoch(self, model: keras.Model, number: int) -> Epoch:
        started = time.perf_counter()
        recipe = self.plan.recipe
        batches = Batches(
            self.faces,
            as_array(self.class_weights),
            recipe.batch_for(len(self.faces)),
            recipe.augmentation,
            (self.plan.seed, number),
        )
        _seed_dropout(model, self.plan.seed, number)
        watcher = _Watcher(self.hooks, self._steps())
        fitted = model.fit(batches, epochs=1, shuffle=False, verbose=0, callbacks=[watcher]).history
        watched = self._watched(model, watcher)
        rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
        loss = fitted["loss"][0]
        if not math.isfinite(loss):
            raise TrainingError(
                f"The loss is {loss} after epoch {number}. Lower the learning rate (now at {rate:g}) "
                "in the recipe and start again."
            )
        return Epoch(
            number=number,
            loss=loss,
            accuracy=fitted["accuracy"][0],
            watch_loss=watched.get("loss"),
            watch_accuracy=watched.get("accuracy"),
            learning_rate=rate,
            seconds=time.perf_counter() - started,
        )

    def _watched(self, model: keras.Model, watcher: "_Watcher") -> dict[str, float]:
        if self.watch is None:
            return {}
        figures: dict[str, float] = model.evaluate(
            self.watch.pixels,
            one_hot(self.watch.labels),
            batch_size=_WATCH_BATCH,
            verbose=0,
            return_dict=True,
            callbacks=[watcher],
        )
        return figures

    def _steps(self) -> int:
        return steps_per_epoch(len(self.faces), self.plan.recipe.batch_for(len(self.faces)))

    def _fingerprint(self) -> dict[str, str | int]:
        """What must not change between a training and its continuation."""
        return {
            "backbone": self.plan.backbone.name,
            "recipe": self.plan.recipe.model_dump_json(),
            "weights": str(self.plan.weights),
            "seed": self.plan.seed,
            "epochs": self.plan.total_epochs,
            "faces": hashlib.sha256(self.faces.pixels.tobytes() + self.faces.labels.tobytes()).hexdigest(),
        }


def _seed_dropout(model: keras.Model, seed: int, epoch: int) -> None:
    """Begin each epoch's dropout anew: Keras does not save where its random numbers stood."""
    for layer in model.layers:
        generator = getattr(layer, "seed_generator", None)
        if generator is not None:
            generator.state.assign([seed % 2**32, epoch])


class _Watcher(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
    """Tells the hooks about each batch and stops between two."""

    def __init__(self, hooks: Hooks, steps: int) -> None:
        super().__init__()
        self._hooks = hooks
        self._steps = steps

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        self._hooks.on_batch(batch + 1, self._steps)
        self._check()

    def on_test_batch_end(self, batch: int, logs: object = None) -> None:
        self._check()

    def _check(self) -> None:
        if self._hooks.stopped():
            raise Cancelled("The training was cancelled. It can go on after its last finished epoch.")

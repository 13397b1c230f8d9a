"""One training: a backbone, a recipe, faces; progress leaves through hooks, to no store and no page."""

import hashlib
import math
import time
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import keras

from fercore.errors import InputError, OutOfMemoryError, TrainingError
from fercore.language.sentences import sentence
from fercore.process import keep_freed_memory, short_turns
from fercore.training.data.batches import Batches, parts_per_step, steps_per_epoch
from fercore.training.data.class_weights import as_array, class_weights, clipped, equal_weights
from fercore.training.data.faces import TrainingFaces, hold_out
from fercore.training.hardware.devices import see
from fercore.training.hardware.distribution import Distribution, distribution
from fercore.training.hardware.memory import held_mb, is_out_of_memory
from fercore.training.hardware.precision import Arithmetic, Device, DeviceKind, precision_for
from fercore.training.hardware.utilization import UtilizationMeter
from fercore.training.loop.callbacks import Dropouts, Watcher
from fercore.training.loop.checkpoints import (
    MODEL_FILE,
    load_checkpoint,
    load_state,
    save_checkpoint,
    save_model,
    write_whole,
)
from fercore.training.loop.compile_cache import keep_compiled
from fercore.training.loop.config import TrainingConfig
from fercore.training.loop.ema import EMA
from fercore.training.loop.events import EpochMetrics, Hooks, TrainingResult, reported_epoch, should_stop
from fercore.training.loop.optimizers import StepSchedule, carry_over, optimizer_for
from fercore.training.loop.outputs import OutputKeeper, StepOutputs
from fercore.training.loop.reported_model import ReportedModel
from fercore.training.loop.validation import REPORTED_WRONG_FILE, WRONG_FILE, ValidationFigures, figures, worst
from fercore.training.models.fused_batchnorm import fuse
from fercore.training.models.network import build, count_parameters, is_normalised, prepare
from fercore.training.models.operations import count_macs
from fercore.training.models.pretrained import InitialWeights, find_weights


def train(
    plan: TrainingConfig,
    faces: TrainingFaces,
    validation: TrainingFaces | None,
    folder: Path,
    hooks: Hooks | None = None,
    resume: bool = False,
) -> TrainingResult:
    """Train and leave `model.keras`, `wrong.json` and a checkpoint in `folder`, all replaced after every epoch.

    `validation` is that split; a recipe that validates on a slice of the training faces ignores it.
    With 0 epochs the network is built and counted, and nothing is written. `resume` goes on after the
    last finished epoch. Sets Keras' global seed: one training, one process. Raises `InputError`,
    `MissingWeightsError`, `Cancelled` (the checkpoint stays), `TrainingError` and its `OutOfMemoryError`.
    """
    if not len(faces):
        raise InputError(sentence("There are no faces to train on: the snapshot has none in its training split."))
    faces = faces.without_weightless() if plan.recipe.face_weights else replace(faces, weights=None)
    learned, validated = _divide(plan, faces, validation)
    learned = learned.normalised()
    weights = class_weights(learned.counts()) if plan.recipe.class_weights else equal_weights(learned.counts())
    weights = clipped(weights, plan.recipe.class_weight_clip)
    training = _Training(plan, learned, validated, weights, folder, hooks or Hooks())
    try:
        return training.run(resume)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        raise OutOfMemoryError(training.largest_part, 2 * training.parts) from error


def _divide(
    plan: TrainingConfig, faces: TrainingFaces, validation: TrainingFaces | None
) -> tuple[TrainingFaces, TrainingFaces | None]:
    """The faces to learn from, and those to validate on if there are any."""
    if plan.recipe.validate_on == "training slice":
        faces, validation = hold_out(faces, plan.recipe.validation_share, plan.seed)
    return faces, validation if validation is not None and len(validation) else None


@dataclass
class _Training:
    plan: TrainingConfig
    faces: TrainingFaces
    validation: TrainingFaces | None
    class_weights: dict[str, float]
    folder: Path
    hooks: Hooks

    def __post_init__(self) -> None:
        batch = self.plan.recipe.batch_for(len(self.faces))
        whole = steps_per_epoch(len(self.faces), batch)
        self.parts = parts_per_step(len(self.faces), whole, self.plan.accumulate)
        self.steps = whole * self.parts
        self.largest_part = math.ceil(len(self.faces) / self.steps)
        self.spread = distribution() if self.plan.all_devices else Distribution()
        self.keeps_outputs = self.plan.dynamics and self.spread.devices == 1
        self.averaging = EMA() if self.plan.recipe.average is not None else None

    @cached_property
    def arithmetic(self) -> Arithmetic:
        """The arithmetic of this machine, by the recipe."""
        precision = self.plan.recipe.precision
        return precision_for(precision, self.devices if precision == "auto" else ())

    @cached_property
    def devices(self) -> tuple[Device, ...]:
        """The backend's devices."""
        return see(keras.config.backend()).devices

    def run(self, resume: bool) -> TrainingResult:
        keep_freed_memory()
        keep_compiled(keras.config.backend(), self.devices)
        with self.spread.scope():
            model, history = self._begin(resume)
            if self.spread.devices == 1:
                fuse(model)
            prepare(model)
        self.outputs = OutputKeeper(model, self.faces, self.folder, len(history))
        self.hooks.on_begin(list(history))
        total, trainable = count_parameters(model)
        reported = ReportedModel(model, self.plan.recipe, self._float32, alone=self.spread.devices == 1)
        stop = should_stop(history, self.plan.recipe.patience)
        began_at = len(history)
        while len(history) < self.plan.total_epochs and not stop:
            history.append(self._epoch(model, reported, len(history) + 1, first=len(history) == began_at))
            if reported_epoch(history, self.plan.recipe) == len(history):
                save_model(reported.model, self.folder)
                self._keep_mistakes()
            if self.averaging is not None:
                self.averaging.restore()
            save_checkpoint(model, self.folder, self._fingerprint(), history)
            self.hooks.on_epoch(history[-1])
            stop = should_stop(history, self.plan.recipe.patience)
        number = reported_epoch(history, self.plan.recipe)
        path = None if number is None else self.folder / MODEL_FILE
        macs = count_macs(reported.model)
        return TrainingResult(total, trainable, self.class_weights, history, number, path, macs)

    def _begin(self, resume: bool) -> tuple[keras.Model, list[EpochMetrics]]:
        """The compiled model and the epochs behind it."""
        keras.utils.set_random_seed(self.plan.seed % 2**32)
        state = load_state(self.folder, self._fingerprint()) if resume else None
        if state is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            return self._new(find_weights(self.plan.backbone, self.plan.weights)), []
        self.arithmetic = state.arithmetic  # as it began, also on another card
        model = load_checkpoint(self.folder, state)
        if state.parts == self.parts:
            return model, list(state.history)
        recut = self._new(None)
        carry_over(model, recut)
        return recut, list(state.history)

    def _new(self, file: Path | None) -> keras.Model:
        """The network with fresh weights, or those of a file, compiled."""
        recipe = self.plan.recipe
        momentum = recipe.momentum_for(self.steps // self.parts)
        model = build(self.plan.backbone, recipe, file, momentum, self.arithmetic)
        rate = recipe.rate_for(self.plan.weights != InitialWeights.NONE, is_normalised(model))
        model.compile(
            optimizer=optimizer_for(recipe, rate, StepSchedule(self.steps, self.plan.total_epochs, self.parts)),
            loss=keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing),
            metrics=["accuracy", *([StepOutputs(self.steps * self.largest_part)] if self.keeps_outputs else [])],
            # torch goes back to the host after every step, whatever is asked.
            steps_per_execution=1 if keras.config.backend() == "torch" else recipe.steps_per_execution,
        )
        return model

    def _float32(self) -> keras.Model:
        """A network of the same form in float32."""
        return build(self.plan.backbone, self.plan.recipe, None, None, Arithmetic.FLOAT32)

    def _epoch(self, model: keras.Model, reported: ReportedModel, number: int, first: bool) -> EpochMetrics:
        started = time.perf_counter()
        stream = (self.plan.seed, number)
        weights = as_array(self.class_weights)
        batches = Batches(self.faces, weights, self.plan.recipe, self.steps, stream, self.spread.devices)
        watcher = Watcher(self.hooks, self.steps)
        callbacks = [callback for callback in (Dropouts(*stream), watcher, self.averaging) if callback is not None]
        with (
            self.spread.scope(),
            short_turns(),
            UtilizationMeter(any(device.kind != DeviceKind.CPU for device in self.devices)) as use,
        ):
            fitted = model.fit(batches, epochs=1, shuffle=False, verbose=0, callbacks=callbacks).history
        self.outputs.add(batches)
        rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
        loss = float(fitted["loss"][0])
        if not math.isfinite(loss):
            raise TrainingError(
                sentence(
                    "The loss is {loss} after epoch {number}. Lower the learning rate (now at "
                    "{rate}) in the recipe and start again.",
                    loss=loss,
                    number=number,
                    rate=f"{rate:g}",
                )
            )
        validated = self._validate(reported, number, watcher)
        return EpochMetrics(
            number=number,
            loss=loss,
            accuracy=float(fitted["accuracy"][0]),
            val_loss=validated.loss,
            val_accuracy=validated.accuracy,
            learning_rate=rate,
            seconds=time.perf_counter() - started,
            recalls=validated.recalls,
            compile_seconds=watcher.compile_seconds() if first else None,
            memory_mb=held_mb(keras.config.backend()),
            device_use=use.share,
        )

    def _validate(self, reported: ReportedModel, number: int, watcher: Watcher) -> ValidationFigures:
        reported.follow()
        if self.validation is None:
            return ValidationFigures()
        probabilities = reported.probabilities(self.validation.pixels, watcher.check)
        write_whole(self.folder / WRONG_FILE, worst(number, self.validation, probabilities).model_dump_json(indent=1))
        return figures(self.validation, probabilities, self.plan.recipe.label_smoothing)

    def _keep_mistakes(self) -> None:
        """Let what the reported model reads wrongly outlast later epochs."""
        if self.validation is not None:
            write_whole(self.folder / REPORTED_WRONG_FILE, (self.folder / WRONG_FILE).read_text("utf-8"))

    def _fingerprint(self) -> dict[str, str | int]:
        """Settings that must not change between a training and its continuation, and the arithmetic."""
        optional = (self.faces.targets, self.faces.weights)
        parts = [self.faces.pixels, self.faces.labels, *(each for each in optional if each is not None)]
        seen = b"".join(each.tobytes() for each in parts)
        return {
            "backbone": self.plan.backbone.name,
            "recipe": self.plan.recipe.model_dump_json(),
            "weights": self.plan.start or str(self.plan.weights),
            "seed": self.plan.seed,
            "epochs": self.plan.total_epochs,
            "faces": hashlib.sha256(seen).hexdigest(),
            "parts": self.parts,
            "arithmetic": self.arithmetic,
        }

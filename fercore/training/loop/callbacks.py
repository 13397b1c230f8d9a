"""Keras callbacks: progress and cancelling between two batches, time for compiling, and fresh dropout."""

import time
from statistics import median

import keras
import numpy as np

from fercore.errors import Cancelled
from fercore.language.sentences import sentence
from fercore.training.loop.events import Hooks


class Watcher(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
    """Tells the hooks about each batch, stops between two, and takes the time of each."""

    def __init__(self, hooks: Hooks, steps: int) -> None:
        super().__init__()
        self._hooks = hooks
        self._steps = steps
        self._began = 0.0
        self._seconds: list[float] = []

    def compile_seconds(self) -> float:
        """The seconds by which the first batch took longer than the others."""
        first, *usual = self._seconds
        return max(first - (median(usual) if usual else 0.0), 0.0)

    def on_train_batch_begin(self, batch: int, logs: object = None) -> None:
        self._began = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        self._seconds.append(time.perf_counter() - self._began)
        self._hooks.on_batch(min(batch + 1, self._steps), self._steps)
        self.check()

    def check(self) -> None:
        """Raise `Cancelled` if someone asked for it."""
        if self._hooks.stopped():
            raise Cancelled(sentence("The training was cancelled. It can go on after its last finished epoch."))


class Dropouts(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
    """Begins each epoch's dropout anew: Keras does not save where its random numbers stood.

    Under torch it draws dropout not from its own generators, but from torch's only one, which building
    the model has moved before the first epoch begins.
    """

    def __init__(self, seed: int, epoch: int) -> None:
        super().__init__()
        self._state = [seed % 2**32, epoch]

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        for layer in self.model.layers:
            generator = getattr(layer, "seed_generator", None)
            if generator is not None:
                generator.state.assign(self._state)
        if keras.config.backend() == "torch":
            import torch

            torch.manual_seed(int(np.random.SeedSequence(self._state).generate_state(1)[0]))

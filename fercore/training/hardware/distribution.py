"""One training on several devices of a machine at once: each takes its share of every batch."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import keras


@dataclass(frozen=True, slots=True)
class Distribution:
    """Over how many devices a model learns, when it is made and fitted within `scope()`."""

    devices: int = 1
    scope: Callable[[], AbstractContextManager[Any]] = nullcontext


def distribution() -> Distribution:
    """Over all GPUs that the backend sees; without one, over a CPU that was cut into several logical devices.

    TensorFlow mirrors the weights, JAX shards the batches. Under torch a training stays on one device.
    Batch normalisation takes its statistics on each device apart under TensorFlow, over all under JAX.
    """
    backend = keras.config.backend()
    if backend == "tensorflow":
        return _mirrored()
    return _sharded() if backend == "jax" else Distribution()


def _mirrored() -> Distribution:
    import tensorflow as tf

    devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    if len(devices) < 2:
        return Distribution()
    strategy = tf.distribute.MirroredStrategy([device.name for device in devices])
    return Distribution(len(devices), strategy.scope)


def _sharded() -> Distribution:
    devices = keras.distribution.list_devices()
    if len(devices) < 2:
        return Distribution()
    layout = keras.distribution.DataParallel(devices=devices, auto_shard_dataset=False)
    return Distribution(len(devices), lambda: _distributed(layout))


@contextmanager
def _distributed(layout: Any) -> Iterator[None]:
    """Outside it, models are made and predict on one device."""
    before = keras.distribution.distribution()
    keras.distribution.set_distribution(layout)
    try:
        yield
    finally:
        keras.distribution.set_distribution(before)

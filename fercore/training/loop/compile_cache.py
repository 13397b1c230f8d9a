"""Code that XLA compiled for a card, kept for the next training that computes the same."""

from collections.abc import Iterable
from importlib.util import find_spec
from typing import Final

from fercore.training.hardware.precision import Device, DeviceKind
from fercore.training.models.pretrained import cache_folder

MOST: Final = 8 * 2**30  # bytes


def keep_compiled(backend: str, devices: Iterable[Device]) -> None:
    """Let JAX keep compiled steps beside Keras' weights, unless the user has told it where to keep them.

    Compiling takes minutes for a card, where each convolution is tried in several ways; a sweep's seeds and
    snapshots of one size compute the same. Not on CPUs: what was compiled for one is wrong on another that shares
    the folder. What was not used for longest goes first where they are too many, if the package `filelock` is there.
    """
    if backend != "jax" or all(device.kind == DeviceKind.CPU for device in devices):
        return
    import jax

    if jax.config.jax_compilation_cache_dir is not None:
        return
    jax.config.update("jax_compilation_cache_dir", str(cache_folder().parent / "compiled"))
    if find_spec("filelock"):  # without it JAX can keep everything and nothing less
        jax.config.update("jax_compilation_cache_max_size", MOST)

"""Random warps of training faces: zoom, shear, rotation, shift and flip fused into one affine map each.

The warp runs on the host, beside the device's step: putting it into the model would switch XLA off,
and OpenCV needs a few milliseconds for a batch of 64.
"""

from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from fercore.training.recipes.recipe import Augmentation

Floats = npt.NDArray[np.float64]
_EDGE: Final = 3  # pixels around each face: one outside, and two more that cubic interpolation looks at
_TALLEST: Final = 32_000  # OpenCV's remap counts rows in 16 bits
_INTERPOLATIONS: Final = {"linear": cv2.INTER_LINEAR, "cubic": cv2.INTER_CUBIC}


class Parameters(NamedTuple):
    """Random draws for N faces."""

    angle: Floats  # (N,) radians
    shear: Floats  # (N,) radians
    shift: Floats  # (N, 2) pixels right and down
    zoom: Floats  # (N, 2) factors right and down; a negative one mirrors


def warp(
    pixels: npt.NDArray[np.uint8], augmentation: Augmentation, random: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """Each face of (N, H, W) warped by a draw of its own; nearest edge outside."""
    if augmentation == Augmentation(interpolation=augmentation.interpolation):
        return pixels
    affine = draw(len(pixels), pixels.shape[1:], augmentation, random)
    return apply(pixels, affine, _INTERPOLATIONS[augmentation.interpolation])


def apply(
    pixels: npt.NDArray[np.uint8], affine: Floats, interpolation: int = cv2.INTER_LINEAR
) -> npt.NDArray[np.uint8]:
    """Each face of (N, H, W) by its map of (N, 2, 3).

    The faces lie below each other in one picture, so that one call warps them all: a thread that comes back from
    OpenCV has to wait for Python's lock, once for each face if each had its own call.
    """
    most = _TALLEST // (pixels.shape[1] + 2 * _EDGE)
    warped = np.empty_like(pixels)
    for first in range(0, len(pixels), most):
        part = slice(first, first + most)
        _apply(pixels[part], affine[part], interpolation, warped[part])
    return warped


def _apply(pixels: npt.NDArray[np.uint8], affine: Floats, interpolation: int, warped: npt.NDArray[np.uint8]) -> None:
    """The same into `warped`, for no more faces than one picture holds."""
    faces, height, width = pixels.shape
    edges = np.pad(pixels, ((0, 0), (_EDGE, _EDGE), (_EDGE, _EDGE)), mode="edge")
    y, x = np.mgrid[:height, :width].reshape(2, -1).astype(np.float32)
    right, down = (affine.astype(np.float32) @ np.stack([x, y, np.ones_like(x)])).transpose(1, 0, 2)
    # Further out than one pixel there is nothing but the edge's own value.
    right = np.clip(right, -1, width) + _EDGE
    down = np.clip(down, -1, height) + (_EDGE + edges.shape[1] * np.arange(faces, dtype=np.float32))[:, None]
    below = (faces * height, width)
    picture = edges.reshape(-1, edges.shape[2])
    cv2.remap(picture, right.reshape(below), down.reshape(below), interpolation, warped.reshape(below))


def draw(faces: int, size: tuple[int, ...], augmentation: Augmentation, random: np.random.Generator) -> Floats:
    """(N, 2, 3) maps from a target pixel (x, y, 1) to the source pixel it is taken from."""
    drawn = parameters(faces, size, augmentation, random)
    return maps(size, drawn.angle, drawn.shear, drawn.shift, drawn.zoom)


def parameters(
    faces: int, size: tuple[int, ...], augmentation: Augmentation, random: np.random.Generator
) -> Parameters:
    """One draw for each face; the distributions are those of Keras' ImageDataGenerator."""
    angle = _degrees(random, augmentation.rotation_degrees, faces)
    shear = _degrees(random, augmentation.shear_degrees, faces)
    shift = _around(random, augmentation.shift, (faces, 2)) * size[::-1]
    zoom = 1 + _around(random, augmentation.zoom, (faces, 2))
    if augmentation.flip:
        zoom[:, 0] *= random.choice((-1, 1), faces)
    return Parameters(angle, shear, shift, zoom)


def maps(size: tuple[int, ...], angle: Floats, shear: Floats, shift: Floats, zoom: Floats) -> Floats:
    """(N, 2, 3) maps in the order of Keras' generator: rotation · shift · shear · zoom, about the centre."""
    height, width = size
    faces = len(angle)
    rotation = _matrices(np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle))
    slant = _matrices(np.ones(faces), -np.sin(shear), np.zeros(faces), np.cos(shear))
    linear = rotation @ slant * zoom[:, None, :]  # (N, 2, 2) on (x, y)
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    offset = centre + (rotation @ shift[:, :, None])[:, :, 0] - linear @ centre  # (N, 2)
    return np.concatenate([linear, offset[:, :, None]], axis=2)


def _matrices(*cells: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Four (N,) cells, row by row → (N, 2, 2)."""
    return np.stack(cells, axis=1).reshape(-1, 2, 2)


def _around(random: np.random.Generator, reach: float, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    return random.uniform(-reach, reach, shape)


def _degrees(random: np.random.Generator, reach: float, faces: int) -> npt.NDArray[np.float64]:
    return np.deg2rad(_around(random, reach, (faces,)))

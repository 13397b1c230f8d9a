"""Random warps of training faces: zoom, shear, rotation, shift and flip fused into one affine map each.

The warp runs on the host, beside the device's step: putting it into the model would switch XLA off,
and OpenCV needs about a millisecond for a batch of 64.
"""

import cv2
import numpy as np
import numpy.typing as npt

from fercore.training.recipe import Augmentation


def warp(
    pixels: npt.NDArray[np.uint8], augmentation: Augmentation, random: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """Each face of (N, H, W) warped by a draw of its own; nearest edge outside, bilinear between pixels."""
    if augmentation == Augmentation():
        return pixels
    maps = draw(len(pixels), pixels.shape[1:], augmentation, random)
    height, width = pixels.shape[1:]
    warped = np.empty_like(pixels)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    for face, affine, target in zip(pixels, maps, warped, strict=True):
        cv2.warpAffine(face, affine, (width, height), target, flags, cv2.BORDER_REPLICATE)
    return warped


def draw(
    faces: int, size: tuple[int, ...], augmentation: Augmentation, random: np.random.Generator
) -> npt.NDArray[np.float64]:
    """(N, 2, 3) maps from a target pixel (x, y, 1) to the source pixel it is taken from.

    The distributions and the order (rotation · shift · shear · zoom, about the centre) are those of
    Keras' ImageDataGenerator.
    """
    height, width = size
    angle = _degrees(random, augmentation.rotation_degrees, faces)
    shear = _degrees(random, augmentation.shear_degrees, faces)
    shift = _around(random, augmentation.shift, (faces, 2)) * (height, width)
    zoom = 1 + _around(random, augmentation.zoom, (faces, 2))
    if augmentation.flip:
        zoom[:, 1] *= random.choice((-1, 1), faces)
    rotation = _matrices(np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle))
    slant = _matrices(np.ones(faces), -np.sin(shear), np.zeros(faces), np.cos(shear))
    linear = rotation @ slant * zoom[:, None, :]  # (N, 2, 2) on (row, column)
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    offset = centre + (rotation @ shift[:, :, None])[:, :, 0] - linear @ centre  # (N, 2)
    rows = np.concatenate([linear, offset[:, :, None]], axis=2)
    return rows[:, ::-1][:, :, (1, 0, 2)]  # OpenCV counts x before y


def _matrices(*cells: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Four (N,) cells, row by row → (N, 2, 2)."""
    return np.stack(cells, axis=1).reshape(-1, 2, 2)


def _around(random: np.random.Generator, reach: float, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    return random.uniform(-reach, reach, shape)


def _degrees(random: np.random.Generator, reach: float, faces: int) -> npt.NDArray[np.float64]:
    return np.deg2rad(_around(random, reach, (faces,)))

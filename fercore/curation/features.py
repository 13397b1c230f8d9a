"""Features of faces that need no trained network."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fercore.curation.similarity import vectors

Features = npt.NDArray[np.float32]
_BLOCK, _STRIDE, _CELL, _BINS = (16, 16), (8, 8), (8, 8), 9
_PICTURE: Final = 3.0  # weighs the small picture about as much as a few blocks of gradients


def gradients(pixels: npt.NDArray[np.uint8]) -> Features:
    """(N, 48, 48) uint8 to (N, 900): histograms of oriented gradients (Dalal & Triggs 2005), in 5 × 5 blocks of 2 × 2
    cells of 8 pixels with 9 bins each.
    """
    height, width = pixels.shape[1:]
    descriptor = cv2.HOGDescriptor((width, height), _BLOCK, _STRIDE, _CELL, _BINS)
    size = descriptor.getDescriptorSize()
    features = np.empty((len(pixels), size), np.float32)
    for row, face in zip(features, pixels, strict=True):
        row[:] = np.ravel(descriptor.compute(np.ascontiguousarray(face)))
    return features


def described(pixels: npt.NDArray[np.uint8]) -> Features:
    """(N, 48, 48) uint8 to (N, 1044): gradients, and the picture at 12 × 12 without brightness and contrast."""
    return np.hstack([gradients(pixels), vectors(pixels) * np.float32(_PICTURE)])

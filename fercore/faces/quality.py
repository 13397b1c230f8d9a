"""How good a 48x48 crop is to look at: sharpness, brightness and contrast, one function each."""

import numpy as np
import numpy.typing as npt

from fercore.faces.pixels import Gray

Values = npt.NDArray[np.float64]


def sharpness(pixels: Gray) -> Values:
    """(N, h, w) uint8 to (N,): variance of the Laplacian (Pech-Pacheco et al. 2000); blurred faces are low."""
    deep = pixels.astype(np.int16)
    middle = deep[:, 1:-1, 1:-1]
    laplacian = deep[:, :-2, 1:-1] + deep[:, 2:, 1:-1] + deep[:, 1:-1, :-2] + deep[:, 1:-1, 2:] - 4 * middle
    found: Values = laplacian.reshape(len(pixels), -1).var(axis=1, dtype=np.float64)
    return found


def brightness(pixels: Gray) -> Values:
    """(N, h, w) uint8 to (N,): the mean gray, 0 to 255."""
    found: Values = pixels.reshape(len(pixels), -1).mean(axis=1, dtype=np.float64)
    return found


def contrast(pixels: Gray) -> Values:
    """(N, h, w) uint8 to (N,): the standard deviation of the grays (root mean square contrast)."""
    found: Values = pixels.reshape(len(pixels), -1).std(axis=1, dtype=np.float64)
    return found

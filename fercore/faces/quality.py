"""Quality of a 48x48 crop: sharpness, brightness, contrast and size, one function each."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fercore.faces.pixels import Gray

Values = npt.NDArray[np.float64]


def sharpness(pixels: Gray) -> Values:
    """(N, h, w) uint8 to (N,): variance of the Laplacian (Pech-Pacheco et al. 2000); blurred faces are low."""
    deep = pixels.astype(np.int16)
    laplacian = deep[:, :-2, 1:-1] + deep[:, 2:, 1:-1]
    laplacian += deep[:, 1:-1, :-2]
    laplacian += deep[:, 1:-1, 2:]
    laplacian -= 4 * deep[:, 1:-1, 1:-1]
    return _variance(laplacian)


def brightness(pixels: Gray) -> Values:
    """(N, h, w) uint8 to (N,): the mean gray, 0 to 255."""
    means: Values = pixels.reshape(len(pixels), -1).mean(axis=1, dtype=np.float64)
    return means


def contrast(pixels: Gray) -> Values:
    """(N, h, w) uint8 to (N,): the standard deviation of the grays (root mean square contrast)."""
    return np.sqrt(_variance(pixels))


def side(box: Sequence[float] | None) -> float | None:
    """The shorter side, in the photo's pixels, of a box (left, top, width, height) that was made a crop."""
    return None if box is None else min(box[2:4])


def _variance(whole: npt.NDArray[np.integer]) -> Values:
    """(N, h, w) whole numbers to (N,): mean square less squared mean, both sums exact in 64-bit floats.

    Several times faster than `numpy.var`, which an import would feel.
    """
    values = whole.reshape(len(whole), -1).astype(np.float64)
    count = values.shape[1]
    squares = np.einsum("ij,ij->i", values, values)
    variance: Values = (squares - values.sum(axis=1) ** 2 / count) / count
    return np.maximum(variance, 0)

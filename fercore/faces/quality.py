"""Quality of a 48x48 crop: sharpness, light, contrast, symmetry and size, one function each."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.faces.opencv import opencv
from fercore.faces.pixels import Gray

Values = npt.NDArray[np.float64]
_WHITE: Final = 250
_LIGHTING: Final = 5.0  # pixels: what changes more slowly over a face is its light
_GRAIN: Final = 1.0  # pixels
_SHIFTS: Final = range(-8, 9)  # columns between the middle of a crop and that of its face, doubled by the mirror
_ROWS: Final = slice(6, 44)  # of 48: from the forehead to the chin


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


def detail(pixels: Gray) -> Values:
    """(N, h, w) uint8 to (N,): sharpness over the variance of the grays, so that dim or flat light is no blur."""
    relative: Values = sharpness(pixels) / np.maximum(1, _variance(pixels))
    return relative


def highlight(pixels: Gray) -> Values:
    """(N, h, w) uint8 to (N,): the 95th percentile of the grays, 0 to 255.

    Lit skin has bright spots whatever its colour; a mean would call dark skin dark light.
    """
    grays: Values = np.percentile(pixels.reshape(len(pixels), -1), 95, axis=1)
    return grays


def white(pixels: Gray) -> Values:
    """(N, h, w) uint8 to (N,): the share of pixels that are white or nearly so, 0 to 1."""
    shares: Values = (pixels >= _WHITE).reshape(len(pixels), -1).mean(axis=1)
    return shares


def asymmetry(pixels: Gray) -> Values:
    """(N, h, w) uint8 to (N,): 1 less the best correlation of a face with its mirror image, 0 to 2.

    Slow changes of light are taken out first, and the mirror is shifted, as a crop's middle is seldom the face's.
    """
    cv2 = opencv()
    details = np.empty(pixels.shape, np.float32)
    for place, picture in enumerate(pixels.astype(np.float32)):
        details[place] = cv2.GaussianBlur(picture - cv2.GaussianBlur(picture, (0, 0), _LIGHTING), (0, 0), _GRAIN)
    details = details[:, _ROWS]
    best: Values = np.full(len(pixels), -1.0)
    for shift in _SHIFTS:
        shown = details[:, :, max(0, shift) : pixels.shape[2] + min(0, shift)]
        # shifted by s, a row and its mirror share the same columns: those of the row, backwards
        best = np.maximum(best, _correlation(shown, shown[:, :, ::-1]))
    away: Values = 1 - best
    return away


def side(box: Sequence[float] | None) -> float | None:
    """The shorter side, in the photo's pixels, of a box (left, top, width, height) that was made a crop."""
    return None if box is None else min(box[2:4])


def _correlation(some: npt.NDArray[np.float32], others: npt.NDArray[np.float32]) -> Values:
    """(N, h, w) twice to (N,): Pearson's correlation of each pair; 1 for a picture of one gray."""
    some = some - some.mean(axis=(1, 2), keepdims=True)
    others = others - others.mean(axis=(1, 2), keepdims=True)
    norms = np.sqrt(np.einsum("ijk,ijk->i", some, some) * np.einsum("ijk,ijk->i", others, others))
    together = np.einsum("ijk,ijk->i", some, others)
    correlations: Values = np.divide(together, norms, out=np.ones(len(some), np.float64), where=norms > 1e-3)
    return correlations


def _variance(whole: npt.NDArray[np.integer]) -> Values:
    """(N, h, w) whole numbers to (N,): mean square less squared mean, both sums exact in 64-bit floats.

    Several times faster than `numpy.var`, which an import would feel.
    """
    values = whole.reshape(len(whole), -1).astype(np.float64)
    count = values.shape[1]
    squares = np.einsum("ij,ij->i", values, values)
    variance: Values = (squares - values.sum(axis=1) ** 2 / count) / count
    return np.maximum(variance, 0)

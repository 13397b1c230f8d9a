"""A decoded picture to 8-bit RGB, smaller by a whole number: a band of rows at a time, so that no second copy of a big
picture is made.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from fercore.faces.pixels import Colour, Gray

_BAND_PIXELS: Final = 4_000_000
_BITS: Final = (8, 10, 12, 14, 16)  # of a gray value, as cameras and microscopes write them into 16
_TRANSPARENT: Final = ("RGBA", "LA", "PA", "RGBa", "La")
_WHITE: Final = (255, 255, 255, 255)


def reduced_rgb(image: Image.Image, size: tuple[int, int]) -> Colour:
    """(height, width, 3) uint8 RGB of the first frame, about as big as `size` (width, height), rounded up.

    Deep gray is scaled down to 8 bits, what is transparent lies on white.
    """
    factor = max(1, round(max(image.size) / max(size)))
    width, height = (-(-side // factor) for side in image.size)
    to_rgb = _Deep(image) if image.mode.startswith(("I", "F")) else _Opaque(image)
    reduced: Colour = np.empty((height, width, 3), np.uint8)
    for top, band in _bands(image, factor):
        part = to_rgb.of(band)
        rows = np.asarray(part.reduce(factor) if factor > 1 else part)
        reduced[top // factor : top // factor + len(rows)] = rows
    return reduced


def _bands(image: Image.Image, factor: int) -> Iterator[tuple[int, Image.Image]]:
    """The picture from above to below, each band with its first row; `factor` divides the rows of all but the last."""
    width, height = image.size
    rows = max(1, _BAND_PIXELS // (width * factor)) * factor
    if rows >= height:
        yield 0, image
        return
    for top in range(0, height, rows):
        yield top, image.crop((0, top, width, min(top + rows, height)))


class _Opaque:
    """Pictures of 8 bits, with or without a channel that says what is transparent."""

    def __init__(self, image: Image.Image) -> None:
        image.load()  # which says of some formats what is transparent
        self._is_transparent = image.mode in _TRANSPARENT or "transparency" in image.info
        # Bitmaps of 32 bits often have a fourth channel that is never filled in: nothing would be left to see.
        self._is_filled = self._is_transparent and any(
            band.convert("RGBA").getchannel("A").getbbox() for _, band in _bands(image, 1)
        )

    def of(self, band: Image.Image) -> Image.Image:
        """The band in RGB."""
        if not self._is_transparent:
            return band.convert("RGB")
        rgba = band.convert("RGBA")
        if not self._is_filled:
            return rgba.convert("RGB")
        return Image.alpha_composite(Image.new("RGBA", rgba.size, _WHITE), rgba).convert("RGB")


class _Deep:
    """Gray of 16 or 32 bits or float, by the range that the whole picture fills."""

    def __init__(self, image: Image.Image) -> None:
        ends = [(float(part.min()), float(part.max())) for part in (_finite(band) for _, band in _bands(image, 1))]
        self._range = gray_range(min(low for low, _ in ends), max(high for _, high in ends), image.mode)

    def of(self, band: Image.Image) -> Image.Image:
        """The band in RGB."""
        return Image.fromarray(eight_bits(_finite(band), *self._range)).convert("RGB")


def _finite(band: Image.Image) -> npt.NDArray[np.float32]:
    return np.nan_to_num(np.asarray(band).astype(np.float32))


def gray_range(low: float, high: float, mode: str) -> tuple[float, float]:
    """The values that become black and white: those of the number of bits that the values fill, or their own ends."""
    if mode.startswith("I;16") or (low >= 0 and 1 < high <= 65535):
        return 0.0, float(next(2**bits - 1 for bits in _BITS if high < 2**bits))
    return low, high


def eight_bits(values: npt.NDArray[np.float32], low: float, high: float) -> Gray:
    """(h, w) values to uint8, `low` black and `high` white."""
    stretched = (values - low) * (255 / max(high - low, 1e-9))
    gray: Gray = np.clip(stretched, 0, 255).astype(np.uint8)
    return gray

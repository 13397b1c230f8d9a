"""A hostile file: its name in a list, the way it is made, and what may be said of it."""

import functools
import io
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PIL import Image

from fercore.drawing.photos import portrait


class Verdict(StrEnum):
    """What a case must end in; nothing may crash, hang or fill the memory whatever it is."""

    READ = "its face is found"
    REFUSED = "a reason"
    EITHER = "read or a reason"


@dataclass(frozen=True)
class Case:
    """One file; a costly one takes seconds and is left out of the quick tests."""

    name: str
    make: Callable[[], bytes]
    verdict: Verdict = Verdict.EITHER
    is_costly: bool = False


@functools.cache
def face() -> Image.Image:
    """A small photo with one face that the detector finds."""
    return portrait([("east", 3)], 1, (320, 240))[0]


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.copy().save(buffer, form, **options)  # an image keeps its last options, whichever thread they are from
    return buffer.getvalue()


@functools.cache
def good() -> bytes:
    """The photo that lies beside each hostile one, and must be read."""
    return encoded(face(), "JPEG", quality=90)


def blank(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    return Image.new(mode, size, 90)


FORMS: dict[str, Callable[[], bytes]] = {
    "jpeg": good,
    "progressive jpeg": lambda: encoded(face(), "JPEG", progressive=True, quality=90),
    "png": lambda: encoded(face(), "PNG"),
    "webp": lambda: encoded(face(), "WEBP", quality=90),
    "lossless webp": lambda: encoded(face(), "WEBP", lossless=True),
    "tiff": lambda: encoded(face(), "TIFF"),
    "lzw tiff": lambda: encoded(face(), "TIFF", compression="tiff_lzw"),
    "deflated tiff": lambda: encoded(face(), "TIFF", compression="tiff_deflate"),
    "jpeg in tiff": lambda: encoded(face(), "TIFF", compression="jpeg"),
    "gif": lambda: encoded(face(), "GIF"),
    "bmp": lambda: encoded(face(), "BMP"),
    "ppm": lambda: encoded(face(), "PPM"),
    "avif": lambda: encoded(face(), "AVIF", quality=90),
}


def damaged(data: bytes, seed: int, count: int = 6) -> bytes:
    """Some bytes of a file changed."""
    rng, changed = np.random.default_rng(seed), bytearray(data)
    for place in rng.integers(0, len(changed), count):
        changed[place] = rng.integers(256)
    return bytes(changed)

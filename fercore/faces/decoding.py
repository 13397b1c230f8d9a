"""Picture bytes to pixels: upright, opaque, 8 bits, and at a reduced scale where the picture is big.

Hostile bytes are expected: sizes are checked in the header before a pixel is decoded.
"""

import hashlib
import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
from PIL import Image, UnidentifiedImageError

from fercore.errors import UnreadableImageError
from fercore.faces.boxes import Box
from fercore.faces.decoding_limits import MAX_PIXELS, bytes_per_pixel, check, too_many_pixels
from fercore.faces.files import MAX_FILE_BYTES
from fercore.faces.formats import enabled, no_picture, without_texts
from fercore.faces.opencv import opencv
from fercore.faces.pixels import Colour, Gray
from fercore.faces.reduction import reduced_rgb
from fercore.language.sentences import sentence
from fercore.language.system_reasons import reason
from fercore.process import return_memory

# Pixels that the longer side keeps at least where a picture is decoded at a reduced scale.
LONG_SIDE: Final = 600
# A picture that is longer than this many of its shorter sides counts as so long only: its faces are as small as
# those of an ordinary picture with that shorter side.
LONGEST_SHAPE: Final = 2.5
SCALES: Final = (1, 2, 4, 8)
# Pixels of a decoded picture at most: of longer ones, small faces are read a little less finely.
_MOST_DECODED: Final = 32_000_000
BIG: Final = 128 * 2**20  # bytes of work on one picture, from which on pictures come one after the other
_ORIENTATION_TAG: Final = 0x0112
_ORIENTATIONS: Final = range(1, 9)
# What Pillow's readers raise on broken bytes.
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    AttributeError,
    RuntimeError,
    OverflowError,
    MemoryError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class DecodedPhoto:
    """A decoded picture; one pixel of `gray` and `colour` stands for `scale` x `scale` of the full one."""

    gray: Gray  # (h, w) uint8
    colour: Colour  # (h, w, 3) uint8, RGB
    size: tuple[int, int]  # width, height of the full upright picture
    scale: int
    sha256: str
    data: bytes  # the file, to decode parts of it more finely

    def corners(self, box: Box) -> Box:
        """Left, top, right, bottom of a box (full pixels) in this picture's own, at least one pixel big."""
        rows, columns = self.gray.shape
        x, y, width, height = box
        left = min(max(0, x // self.scale), columns - 1)
        top = min(max(0, y // self.scale), rows - 1)
        right = min(columns, max(left + 1, round((x + width) / self.scale)))
        bottom = min(rows, max(top + 1, round((y + height) / self.scale)))
        return left, top, right, bottom


def decode(source: bytes | Path, scale: int | None = None) -> DecodedPhoto:
    """The picture in a file's bytes; `scale` is 1, 2, 4 or 8, or chosen from the picture's size.

    Raises `UnreadableImageError` with the reason: no known picture, broken, or too big to be safe.
    """
    data = _bytes_of(source)
    try:
        with warnings.catch_warnings(action="ignore"):
            return _decoded(data, scale)
    except UnreadableImageError:
        raise
    except UnidentifiedImageError as error:
        raise UnreadableImageError(no_picture(data)) from error
    except Image.DecompressionBombError as error:
        raise UnreadableImageError(too_many_pixels(MAX_PIXELS)) from error
    except _BROKEN as error:
        why = str(error).splitlines() or ["it ends too soon"]
        raise UnreadableImageError(sentence("The picture is broken: {why}.", why=why[0])) from error


def _decoded(data: bytes, scale: int | None) -> DecodedPhoto:
    try:
        return _opened(data, data, scale)
    except ValueError:
        # Pillow refuses long texts and colour profiles, of which nothing is needed here.
        bare = without_texts(data)
        if bare == data:
            raise
        return _opened(data, bare, scale)


def _opened(data: bytes, bare: bytes, scale: int | None) -> DecodedPhoto:
    """The picture in the bytes `bare`, as the one whose file is `data`."""
    image = Image.open(io.BytesIO(bare), formats=enabled(bare))
    check(image, bare)
    width, height = image.size
    scale = max(scale or scale_for(width, height), _least_scale(width * height))
    orientation = _orientation(image)
    with alone(width * height * bytes_per_pixel(image)):
        with image:
            pixels = _upright(_reduced(image, scale), orientation)
        del image  # before the next big one begins
    gray: Gray = opencv().cvtColor(pixels, opencv().COLOR_RGB2GRAY)
    size = (height, width) if orientation >= 5 else (width, height)
    return DecodedPhoto(gray, pixels, size, scale, hashlib.sha256(data).hexdigest(), data)


_one_big: Final = Lock()


@contextmanager
def alone(memory: int) -> Iterator[None]:
    """Let no other picture that takes so much memory be worked on at the same time, and give it back at the end."""
    if memory <= BIG:
        yield
        return
    with _one_big:
        try:
            yield
        finally:
            return_memory()


def _least_scale(pixels: int) -> int:
    return next((scale for scale in SCALES if pixels <= _MOST_DECODED * scale**2), SCALES[-1])


def reach(size: tuple[int, int]) -> int:
    """The longer side as far as it counts for the size of what can be seen: of a panorama, only a part of it."""
    return min(max(size), round(LONGEST_SHAPE * min(size)))


def scale_for(width: int, height: int) -> int:
    """The biggest of 1, 2, 4, 8 that leaves the longer side, as far as it counts, at least `LONG_SIDE` pixels."""
    return _scale((width, height), LONG_SIDE)


def decode_finer(photo: DecodedPhoto, side: int) -> DecodedPhoto:
    """The photo with a longer side, as far as it counts, of at least `side` pixels, or whole.

    Raises `UnreadableImageError`.
    """
    scale = _scale(photo.size, side)
    return photo if scale >= photo.scale else decode(photo.data, scale)


def _scale(size: tuple[int, int], side: int) -> int:
    return next((scale for scale in reversed(SCALES) if reach(size) >= side * scale), 1)


def _bytes_of(source: bytes | Path) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        try:
            with source.open("rb") as file:
                data = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise UnreadableImageError(
                sentence("'{name}' cannot be read: {strerror}.", name=source.name, strerror=reason(error))
            ) from error
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableImageError(
            sentence("The picture's file is bigger than {limit} MB.", limit=MAX_FILE_BYTES // 2**20)
        )
    return data


def _orientation(image: Image.Image) -> int:
    """EXIF's orientation 1 to 8; 1 where there is none or a broken one. Pillow itself turns a TIFF."""
    if image.format == "TIFF":
        return 1
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    except _BROKEN:
        return 1
    return value if isinstance(value, int) and value in _ORIENTATIONS else 1


def _upright(pixels: Colour, orientation: int) -> Colour:
    """(h, w, 3) pixels turned as EXIF's orientation says."""
    turned = pixels.transpose(1, 0, 2) if orientation >= 5 else pixels
    if orientation in (3, 4, 7, 8):
        turned = turned[::-1]
    if orientation in (2, 3, 6, 7):
        turned = turned[:, ::-1]
    return np.ascontiguousarray(turned)


def _reduced(image: Image.Image, scale: int) -> Colour:
    """The first frame in RGB, `scale` times smaller (rounded up); JPEG decodes straight to that size."""
    width, height = (-(-side // scale) for side in image.size)
    if scale > 1 and image.format in ("JPEG", "MPO"):
        image.draft(None, (width, height))
    return reduced_rgb(image, (width, height))

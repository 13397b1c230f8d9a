"""Picture bytes to pixels: upright, opaque, 8 bits, and at a reduced scale where the picture is big.

Hostile bytes are expected: sizes are checked in the header before a pixel is decoded.
"""

import hashlib
import io
import struct
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from fercore.errors import UnreadableImageError
from fercore.faces.boxes import Box
from fercore.faces.files import MAX_FILE_BYTES
from fercore.faces.formats import enabled, no_picture, without_texts
from fercore.faces.opencv import opencv
from fercore.faces.pixels import Colour, Gray
from fercore.language.sentences import sentence
from fercore.language.system_reasons import reason

MAX_PIXELS: Final = 178_000_000  # just below where Pillow itself refuses
# Pixels that the longer side keeps at least where a picture is decoded at a reduced scale.
LONG_SIDE: Final = 600
# A picture that is longer than this many of its shorter sides counts as so long only: its faces are as small as
# those of an ordinary picture with that shorter side.
LONGEST_SHAPE: Final = 2.5
SCALES: Final = (1, 2, 4, 8)
_BITS: Final = (8, 10, 12, 14, 16)  # of a gray value, as cameras and microscopes write them into 16
_TOO_BIG: Final = (
    f"The picture has more than {MAX_PIXELS // 10**6} million pixels, too many to be decoded safely. Make it smaller."
)
_ORIENTATION_TAG: Final = 0x0112
_TURNS: Final = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_WHITE: Final = (255, 255, 255, 255)
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
        raise UnreadableImageError(_TOO_BIG) from error
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
    with Image.open(io.BytesIO(bare), formats=enabled(bare)) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise UnreadableImageError(_TOO_BIG)
        scale = scale or scale_for(width, height)
        orientation = _orientation(image)
        pixels = np.asarray(_upright(_reduced_rgb(image, scale), orientation))
    gray: Gray = opencv().cvtColor(pixels, opencv().COLOR_RGB2GRAY)
    size = (height, width) if orientation >= 5 else (width, height)
    return DecodedPhoto(gray, pixels, size, scale, hashlib.sha256(data).hexdigest(), data)


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
    return value if isinstance(value, int) and value in _TURNS else 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def _reduced_rgb(image: Image.Image, scale: int) -> Image.Image:
    """The first frame in RGB, `scale` times smaller (rounded up); JPEG decodes straight to that size."""
    width, height = (-(-side // scale) for side in image.size)
    if scale > 1 and image.format in ("JPEG", "MPO"):
        image.draft(None, (width, height))
    opaque = _rgb(image)
    if opaque.size == (width, height):
        return opaque
    return opaque.reduce(max(1, round(max(opaque.size) / max(width, height))))


def _rgb(image: Image.Image) -> Image.Image:
    """Any mode to RGB: deep gray is scaled down to 8 bits, what is transparent lies on white."""
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_eight_bits(np.asarray(image), image.mode)).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        if not rgba.getchannel("A").getbbox():
            # Bitmaps of 32 bits often have a fourth channel that is never filled in: nothing would be left to see.
            return rgba.convert("RGB")
        return Image.alpha_composite(Image.new("RGBA", rgba.size, _WHITE), rgba).convert("RGB")
    return image.convert("RGB")


def _eight_bits(deep: npt.NDArray[np.generic], mode: str) -> Gray:
    """(h, w) of 16 or 32 bits or float to uint8, by the number of bits that the values fill; others are stretched."""
    values = np.nan_to_num(deep.astype(np.float32))
    low, high = float(values.min()), float(values.max())
    if mode.startswith("I;16") or (low >= 0 and 1 < high <= 65535):
        low, high = 0.0, float(next(2**bits - 1 for bits in _BITS if high < 2**bits))
    stretched = (values - low) * (255 / max(high - low, 1e-9))
    gray: Gray = np.clip(stretched, 0, 255).astype(np.uint8)
    return gray

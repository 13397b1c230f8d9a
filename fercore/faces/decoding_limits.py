"""Pictures that would take too much memory or time to be decoded, told from their headers."""

from typing import Final

from PIL import Image

from fercore.errors import UnreadableImageError
from fercore.language.sentences import sentence

MAX_PIXELS: Final = 178_000_000  # just below where Pillow itself refuses
MAX_SIDE: Final = 65_535  # of a JPEG, too
MAX_MEMORY: Final = 512_000_000  # bytes
# Bytes that a decoder takes for each pixel at its worst, where it keeps whole frames beside the picture.
_BYTES: Final = {"WEBP": 20, "AVIF": 10, "HEIF": 10}
_BYTES_OF_MODE: Final = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}
_USUAL_BYTES: Final = 4
_JPEG_BYTES: Final = 1  # a big one is never decoded in full size
_PROGRESSIVE_BYTES: Final = 7  # but all coefficients of such a JPEG are kept until its last scan
# Formats of which Pillow reads some kinds pixel by pixel in Python: twenty seconds for each 32 million of them.
_SLOW: Final = ("ppm", "ppm_plain", "bmp_rle")
_SLOW_PIXELS: Final = 8_000_000
# A scan of a progressive JPEG may be a few bytes long and yet visit every pixel; cameras and programs write about ten.
MAX_SCANS: Final = 100
_SCAN: Final = b"\xff\xda"


def check(image: Image.Image, data: bytes) -> None:
    """Raise `UnreadableImageError` for an opened picture, whose file is `data`, that is not decoded here."""
    most = min(MAX_PIXELS, MAX_MEMORY // bytes_per_pixel(image))
    if is_slow(image):
        most = _SLOW_PIXELS
    width, height = image.size
    if width * height > most:
        raise UnreadableImageError(too_many_pixels(most))
    if max(image.size) > MAX_SIDE:
        raise UnreadableImageError(
            sentence("The picture is longer than {most} pixels. Cut it into parts.", most=f"{MAX_SIDE:,}")
        )
    if image.format in ("JPEG", "MPO") and data.count(_SCAN) > MAX_SCANS:
        raise UnreadableImageError(
            sentence("The picture is stored in more than {most} scans. Save it as an ordinary JPEG.", most=MAX_SCANS)
        )


def too_many_pixels(most: int) -> str:
    """The sentence about a picture of more pixels than that."""
    return sentence(
        "The picture has more than {most} million pixels, too many to be decoded safely. Make it smaller.",
        most=most // 10**6,
    )


def bytes_per_pixel(image: Image.Image) -> int:
    """The memory that an opened picture takes while it is decoded."""
    if image.format in ("JPEG", "MPO"):
        return _PROGRESSIVE_BYTES if "progressive" in image.info else _JPEG_BYTES
    return _BYTES.get(image.format or "", _BYTES_OF_MODE.get(image.mode, _USUAL_BYTES))


def is_slow(image: Image.Image) -> bool:
    """True for the kinds of bitmaps that are read pixel by pixel: in words, of odd depth, or run-length encoded."""
    return any(tile[0] in _SLOW for tile in getattr(image, "tile", ()))

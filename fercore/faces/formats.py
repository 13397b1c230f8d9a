"""The picture formats that can be read here, whatever a file is called, and a sentence about any other file."""

import struct
from functools import cache
from typing import Final

from PIL import features

from fercore.faces.kinds import AVIF, HEIF, PNG, kind_of
from fercore.language.sentences import sentence

FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "PPM")
HEIF_LIBRARY: Final = "pillow-heif"
_TEXTS: Final = (b"tEXt", b"zTXt", b"iTXt", b"iCCP")  # chunks of a PNG that say nothing about its pixels


def enabled(data: bytes) -> tuple[str, ...]:
    """The formats in which a file is tried: those of Pillow, and HEIC where its library is installed."""
    kind = kind_of(data)
    if kind is HEIF:
        return ("HEIF",) if has_heif() else FORMATS
    return ("AVIF",) if kind is AVIF and features.check("avif") else FORMATS


@cache
def has_heif() -> bool:
    """True if HEIC pictures can be read; its library, which is optional, is loaded here and not before."""
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        return False
    register_heif_opener(thumbnails=False)
    return True


def no_picture(data: bytes) -> str:
    """Why these bytes cannot be read as a picture, and what to do."""
    kind = kind_of(data)
    if not data:
        return sentence("The file is empty.")
    if kind is HEIF and not has_heif():
        return sentence(
            "This is a HEIC picture, as phones write them. Install {library} to read it (pip install {library}), "
            "or save it as JPEG or PNG.",
            library=HEIF_LIBRARY,
        )
    if kind is None:
        return sentence("This file is not a readable picture. Use JPEG, PNG, WebP, AVIF, BMP, TIFF, GIF or PGM.")
    if not kind.is_picture:
        return sentence("This is a {kind}, not a picture.", kind=kind.name)
    if not kind.format or kind is AVIF:
        return sentence("This is a {kind}, which cannot be read here. Save it as JPEG or PNG.", kind=kind.name)
    return sentence("This {kind} is broken: no picture can be read from it.", kind=kind.name)


def without_texts(data: bytes) -> bytes:
    """A PNG without its texts and colour profile; other bytes as they are."""
    if kind_of(data) is not PNG:
        return data
    parts, place = [data[:8]], 8
    while place + 8 <= len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        if data[place + 4 : place + 8] not in _TEXTS:
            parts.append(data[place : place + length + 12])
        place += length + 12
    return b"".join(parts)

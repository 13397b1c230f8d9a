"""Kinds of files, by their first bytes: a name says nothing that can be relied on."""

from dataclasses import dataclass
from typing import Final

HEAD: Final = 512  # bytes that tell every kind; a tar says what it is from byte 257 on


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: Pillow's name for a picture's format, and its name in a sentence."""

    format: str
    name: str
    is_picture: bool = True


HEIF: Final = FileKind("HEIF", "HEIC picture")
AVIF: Final = FileKind("AVIF", "AVIF picture")
PNG: Final = FileKind("PNG", "PNG picture")
ZIP: Final = FileKind("", "zip file", is_picture=False)
GZIP: Final = FileKind("", "gzip file", is_picture=False)
TAR: Final = FileKind("", "tar archive", is_picture=False)
EXCEL: Final = FileKind("", "Excel file", is_picture=False)
VIDEO: Final = FileKind("", "video", is_picture=False)
_STARTS: Final = (
    (b"\xff\xd8\xff", FileKind("JPEG", "JPEG picture")),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", FileKind("GIF", "GIF picture")),
    (b"GIF89a", FileKind("GIF", "GIF picture")),
    (b"II*\0", FileKind("TIFF", "TIFF picture")),
    (b"MM\0*", FileKind("TIFF", "TIFF picture")),
    (b"II+\0", FileKind("TIFF", "TIFF picture")),
    (b"MM\0+", FileKind("TIFF", "TIFF picture")),
    (b"\xff\x0a", FileKind("", "JPEG XL picture")),
    (b"\0\0\0\x0cJXL ", FileKind("", "JPEG XL picture")),
    (b"\0\0\0\x0cjP  ", FileKind("", "JPEG 2000 picture")),
    (b"\xff\x4f\xff\x51", FileKind("", "JPEG 2000 picture")),
    (b"8BPS", FileKind("", "Photoshop picture")),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\x1f\x8b", GZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", EXCEL),
    (b"%PDF-", FileKind("", "PDF document", is_picture=False)),
    (b"PAR1", FileKind("", "Parquet file", is_picture=False)),
    (b"SQLite format 3\0", FileKind("", "SQLite database", is_picture=False)),
    (b"7z\xbc\xaf\x27\x1c", FileKind("", "7z archive", is_picture=False)),
    (b"Rar!\x1a\x07", FileKind("", "RAR archive", is_picture=False)),
    (b"BZh", FileKind("", "bzip2 file", is_picture=False)),
    (b"\xfd7zXZ\0", FileKind("", "xz file", is_picture=False)),
    (b"\x1aE\xdf\xa3", VIDEO),
    (b"\0\0\x01\xba", VIDEO),
    (b"FLV\x01", VIDEO),
)
_RIFF: Final = {b"WEBP": FileKind("WEBP", "WebP picture"), b"AVI ": VIDEO}
_HEIC_BRANDS: Final = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
_HEIF_BRANDS: Final = frozenset((b"mif1", b"mif2", b"msf1", b"miaf"))
_AVIF_BRANDS: Final = frozenset((b"avif", b"avis"))
_BMP_HEADERS: Final = frozenset((12, 16, 40, 52, 56, 64, 108, 124))  # their lengths in bytes
_SHEETS: Final = (b"xl/", b"[Content_Types].xml")


def kind_of(head: bytes) -> FileKind | None:
    """The kind of a file that starts with these bytes; None for an unknown one, text included."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return EXCEL if kind is ZIP and head[30:].startswith(_SHEETS) else kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return FileKind("BMP", "BMP picture")
    if head[:1] == b"P" and head[1:2] in b"123456" and head[2:3] in (b" ", b"\t", b"\r", b"\n"):
        return FileKind("PPM", "PGM or PPM picture")
    return TAR if head[257:262] == b"ustar" else None


def _of_brands(head: bytes) -> FileKind:
    """A file of the MP4 family: still pictures and videos share its form, and their brands tell them apart."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[place : place + 4] for place in range(16, size - 3, 4))]
    if any(brand in _AVIF_BRANDS for brand in brands):
        return AVIF
    if any(brand in _HEIC_BRANDS for brand in brands) or brands[0] in _HEIF_BRANDS:
        return HEIF
    return FileKind("", "Canon raw picture") if brands[0] == b"crx " else VIDEO

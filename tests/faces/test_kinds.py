"""Kinds of files by their first bytes."""

import pytest

from fercore.faces.kinds import HEAD, kind_of


def tar(name=b"a.png"):
    return name.ljust(257, b"\0") + b"ustar\x0000"


def ftyp(*brands, size=None):
    """The head of a file of the MP4 family: size, 'ftyp', first brand, a version, other brands."""
    first, *others = brands
    body = b"ftyp" + first + b"\0\0\0\0" + b"".join(others)
    return (size or len(body) + 4).to_bytes(4, "big") + body


def bmp(header):
    return b"BM" + bytes(12) + header.to_bytes(4, "little")


@pytest.mark.parametrize(
    ("head", "name", "is_picture"),
    [
        (b"\xff\xd8\xff\xe0", "JPEG picture", True),
        (b"\x89PNG\r\n\x1a\n", "PNG picture", True),
        (b"GIF87a", "GIF picture", True),
        (b"GIF89a", "GIF picture", True),
        (b"II*\0", "TIFF picture", True),
        (b"MM\0*", "TIFF picture", True),
        (b"II+\0", "TIFF picture", True),
        (b"MM\0+", "TIFF picture", True),
        (b"\xff\x0a", "JPEG XL picture", True),
        (b"\0\0\0\x0cJXL ", "JPEG XL picture", True),
        (b"\0\0\0\x0cjP  ", "JPEG 2000 picture", True),
        (b"\xff\x4f\xff\x51", "JPEG 2000 picture", True),
        (b"8BPS", "Photoshop picture", True),
        (b"PK\x03\x04", "zip file", False),
        (b"PK\x05\x06", "zip file", False),
        (b"PK\x03\x04" + bytes(26) + b"xl/workbook.xml", "Excel file", False),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", "Excel file", False),
        (b"PK\x03\x04" + bytes(25) + b"xl/workbook.xml", "zip file", False),
        (b"\x1f\x8b", "gzip file", False),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel file", False),
        (b"%PDF-1.7", "PDF document", False),
        (b"PAR1", "Parquet file", False),
        (b"SQLite format 3\0", "SQLite database", False),
        (b"7z\xbc\xaf\x27\x1c", "7z archive", False),
        (b"Rar!\x1a\x07", "RAR archive", False),
        (b"BZh9", "bzip2 file", False),
        (b"\xfd7zXZ\0", "xz file", False),
        (b"\x1aE\xdf\xa3", "video", False),
        (b"\0\0\x01\xba", "video", False),
        (b"FLV\x01", "video", False),
        (b"RIFF\0\0\0\0WEBP", "WebP picture", True),
        (b"RIFF\0\0\0\0AVI ", "video", False),
        (ftyp(b"avif"), "AVIF picture", True),
        (ftyp(b"mif1", b"avif"), "AVIF picture", True),
        (ftyp(b"isom", b"mp42", b"avis"), "AVIF picture", True),
        (ftyp(b"heic"), "HEIC picture", True),
        (ftyp(b"mif1"), "HEIC picture", True),
        (ftyp(b"isom", b"heix"), "HEIC picture", True),
        (ftyp(b"isom", b"mif1"), "video", False),
        (ftyp(b"isom", b"avif", size=16), "video", False),
        (ftyp(b"crx "), "Canon raw picture", True),
        (ftyp(b"isom", b"crx "), "video", False),
        (bmp(40), "BMP picture", True),
        (bmp(12), "BMP picture", True),
        (bmp(124), "BMP picture", True),
        (b"P5\n48 48", "PGM or PPM picture", True),
        (b"P1 ", "PGM or PPM picture", True),
        (b"P6\t", "PGM or PPM picture", True),
        (tar(), "tar archive", False),
    ],
)
def test_a_known_kind(head, name, is_picture):
    result = kind_of(head[:HEAD])
    assert (result.name, result.is_picture) == (name, is_picture)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"P",
        b"P7\n",
        b"P0\n",
        b"P5x",
        b"emotion,pixels,Usage\n",
        bmp(41),
        b"BM is a company",
        b"RIFF\0\0\0\0WAVE",
        b"JFIF\xff\xd8\xff",
        tar()[:260],
        b"x" + tar(),
    ],
)
def test_an_unknown_kind(head):
    assert kind_of(head) is None

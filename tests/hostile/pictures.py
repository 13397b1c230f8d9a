"""Pictures that are cut off, damaged, misnamed, turned, animated, of rare kinds, or that claim to be huge."""

import struct
import zlib
from collections.abc import Iterator
from functools import partial

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.hostile.case import FORMS, Case, Verdict, blank, damaged, encoded, face, good

READ, REFUSED, EITHER = Verdict.READ, Verdict.REFUSED, Verdict.EITHER
SIDES = ((30_000, 30_000), (30_000, 3), (3, 30_000), (65_535, 65_535), (0, 0), (1, 1))


def cut() -> Iterator[Case]:
    for name, make in FORMS.items():
        for share in (0.01, 0.2, 0.5, 0.9, 0.999):
            yield Case(f"{name} cut to {share:.1%}", lambda make=make, share=share: make()[: int(len(make()) * share)])


def changed() -> Iterator[Case]:
    for name, make in FORMS.items():
        for seed in range(7):
            yield Case(f"{name} damaged {seed}", lambda make=make, seed=seed: damaged(make(), seed))
        yield Case(f"{name} with a damaged head", lambda make=make: damaged(make()[:64], 9) + make()[64:])


def turned() -> Iterator[Case]:
    for form in ("JPEG", "PNG", "WEBP"):
        for orientation in range(1, 9):
            yield Case(f"{form} orientation {orientation}", partial(_oriented, form, orientation))
    for orientation in (0, 9, 255, 65_535):
        yield Case(f"orientation {orientation}", partial(_oriented, "JPEG", orientation), READ)
    for exif in (
        b"Exif\0\0nonsense",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01" * 99,
    ):
        yield Case(f"exif {exif[6:12]!r}", partial(encoded, face(), "JPEG", exif=exif), READ)


def _oriented(form: str, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(face(), form, exif=exif)


def kinds() -> Iterator[Case]:
    gray = np.asarray(face().convert("L"))
    clear = face().convert("RGBA")
    clear.putalpha(120)
    images = {
        "1": face().convert("1"),
        "L": face().convert("L"),
        "LA": face().convert("LA"),
        "P": face().quantize(64),
        "RGBA": clear,
        "I;16": Image.fromarray(gray.astype(np.uint16) * 257),
    }
    for mode, image in images.items():
        yield Case(f"png {mode}", partial(encoded, image, "PNG"))
        yield Case(f"tiff {mode}", partial(encoded, image, "TIFF"))
    for mode in ("CMYK", "YCbCr", "LAB"):
        yield Case(
            f"tiff {mode}", partial(encoded, face().convert("RGB").convert(mode) if mode != "LAB" else _lab(), "TIFF")
        )
    yield Case("cmyk jpeg", partial(encoded, face().convert("CMYK"), "JPEG", quality=90), READ)
    yield Case("gray jpeg", partial(encoded, face().convert("L"), "JPEG", quality=90), READ)
    yield Case("32-bit tiff", partial(encoded, Image.fromarray(gray.astype(np.int32) * 9999), "TIFF"), READ)
    yield Case("float tiff", partial(encoded, Image.fromarray(gray.astype(np.float32) / 255), "TIFF"), READ)
    odd = np.where(gray > 200, np.inf, np.where(gray < 20, np.nan, gray)).astype(np.float32)
    yield Case("tiff of what is no number", partial(encoded, Image.fromarray(odd), "TIFF"))
    yield Case("png with a transparent colour", partial(encoded, face(), "PNG", transparency=(1, 2, 3)), READ)
    yield Case("palette with absurd transparency", partial(encoded, images["P"], "PNG", transparency=bytes(range(64))))


def _lab() -> Image.Image:
    from PIL import ImageCms

    lab = ImageCms.createProfile("LAB")
    return ImageCms.profileToProfile(face(), ImageCms.createProfile("sRGB"), lab, outputMode="LAB")


def animated() -> Iterator[Case]:
    for form, options in (("GIF", {}), ("WEBP", {}), ("PNG", {}), ("TIFF", {}), ("AVIF", {})):
        for count in (2, 40):
            frames = [blank(face().size)] * (count - 1)
            more = {"save_all": True, "append_images": frames, **options}
            yield Case(f"{form} of {count} frames", partial(encoded, face(), form, **more), READ)
    yield Case("blank first", partial(encoded, blank((320, 240)), "GIF", save_all=True, append_images=[face()]))


def png(
    width: int, height: int, depth: int = 8, colour: int = 2, body: bytes = bytes(1000), more: bytes = b""
) -> bytes:
    """A PNG of these claims, whatever its content."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", head), more, chunk(b"IDAT", zlib.compress(body)), chunk(b"IEND", b""))
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def claiming(form: str, width: int, height: int) -> bytes:
    """A small file whose header claims other sides."""
    if form == "png":
        return png(width, height)
    data = bytearray(FORMS[form]())
    if form == "jpeg":
        place = data.index(b"\xff\xc0")
        data[place + 5 : place + 9] = struct.pack(">HH", height, width)
    elif form == "gif":
        data[6:10] = struct.pack("<HH", width, height)
    elif form == "bmp":
        data[18:26] = struct.pack("<ii", width, height)
    elif form == "ppm":
        return b"P6 %d %d 255\n" % (width, height) + bytes(999)
    elif form == "webp":
        canvas = struct.pack("<I", max(width - 1, 0))[:3] + struct.pack("<I", max(height - 1, 0))[:3]
        return b"RIFF" + struct.pack("<I", 22 + len(data)) + b"WEBPVP8X\x0a\0\0\0\0\0\0\0" + canvas + bytes(data[12:])
    else:
        for tag, side in ((256, width), (257, height)):
            place = data.index(struct.pack("<H", tag), 4)
            data[place + 2 : place + 12] = struct.pack("<HII", 4, 1, side)
    return bytes(data)


def huge_claims() -> Iterator[Case]:
    for form in ("png", "jpeg", "gif", "bmp", "ppm", "webp", "tiff"):
        for width, height in SIDES:
            verdict = EITHER if (width, height) == (1, 1) or min(width, height) == 3 else REFUSED
            if form in ("gif", "jpeg", "webp"):
                verdict = EITHER  # readers go by what is in the file, or fill up what is missing
            yield Case(f"{form} claiming {width} x {height}", partial(claiming, form, width, height), verdict)


LARGE = (11_300, 11_300)
BOMBS = {
    "png": ("RGB", LARGE, "PNG", {"compress_level": 1}),
    "png with alpha": ("RGBA", LARGE, "PNG", {"compress_level": 1}),
    "16-bit png": ("I;16", LARGE, "PNG", {"compress_level": 1}),
    "1-bit png": ("1", (30_000, 30_000), "PNG", {"compress_level": 1}),
    "gif": ("P", LARGE, "GIF", {}),
    "tiff": ("RGB", LARGE, "TIFF", {"compression": "tiff_lzw"}),
    "float tiff": ("F", LARGE, "TIFF", {"compression": "tiff_lzw"}),
    "jpeg": ("RGB", LARGE, "JPEG", {}),
    "progressive jpeg": ("RGB", (8500, 8500), "JPEG", {"progressive": True}),
    "webp": ("RGB", (5100, 5000), "WEBP", {"lossless": True, "method": 0, "quality": 0}),
    "bigger webp": ("RGB", (9000, 9000), "WEBP", {"lossless": True, "method": 0, "quality": 0}),
    "wide png": ("RGB", (30_000, 600), "PNG", {}),
    "tall jpeg": ("RGB", (600, 30_000), "JPEG", {}),
    "line": ("RGB", (30_000, 1), "PNG", {}),
    "very wide png": ("RGB", (65_000, 950), "PNG", {"compress_level": 1}),
}


def _drawn(mode: str, size: tuple[int, int], form: str, options: dict[str, object]) -> bytes:
    return encoded(Image.new(mode, size), form, **options)


def bombs() -> Iterator[Case]:
    """Real pictures of very many pixels in few bytes."""
    for name, (mode, size, form, options) in BOMBS.items():
        yield Case(f"bomb {name}", partial(_drawn, mode, size, form, options), is_costly=name != "line")


def texts_of_png() -> Iterator[Case]:
    for name, add in (("zTXt", "add_text"), ("iTXt", "add_itxt")):
        info = PngInfo()
        getattr(info, add)("drawing", "0" * 30_000_000, zip=True)
        yield Case(f"png with 30 MB of {name}", partial(encoded, face(), "PNG", pnginfo=info), READ, is_costly=True)
    yield Case(
        "png with a bomb of a profile", partial(encoded, face(), "PNG", icc_profile=bytes(30_000_000)), is_costly=True
    )


def listed() -> list[Case]:
    """All pictures."""
    groups = (cut, changed, turned, kinds, animated, huge_claims, bombs, texts_of_png)
    return [Case("a good photo", good, READ), *(case for group in groups for case in group())]

"""Pictures of drawn faces in any size, mode, format and orientation, made in memory."""

from functools import cache

import numpy as np
from PIL import Image

from fercore.drawing.photos import portrait_photo
from tests.faces.pictures import encoded

WALL = 150  # gray of what is behind the faces
PORTRAIT = 240  # pixels of one drawn head with its surroundings; its face has about two thirds of them
SEED = 4  # a portrait whose face the cascade finds at every size from 60 pixels on
# Orientation in EXIF, and what must be done to a picture so that it looks upright once it is followed.
TURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
WITH_BROKEN_EXIF = ("JPEG", "PNG", "WEBP")
WITHOUT_EXIF = ("GIF", "BMP", "PPM")


@cache
def portrait(side):
    """One drawn head in colour, square."""
    return portrait_photo([("east", 4)], SEED, (PORTRAIT, PORTRAIT)).resize((side, side), Image.Resampling.LANCZOS)


def picture(size, faces):
    """An RGB picture of a width and height with 0, 1 or 30 faces, as big as they fit; and how many are big enough."""
    canvas = Image.new("RGB", size, (WALL, WALL, WALL))
    if not faces:
        return canvas, 0
    columns, rows = _grid(size, faces)
    side = min(size[0] // columns, size[1] // rows, 900)
    if side < 1:
        return canvas, 0
    step = size[0] / columns, size[1] / rows
    for number in range(faces):
        row, column = divmod(number, columns)
        corner = step[0] * column + (step[0] - side) / 2, step[1] * row + (step[1] - side) / 2
        canvas.paste(portrait(side), (round(corner[0]), round(corner[1])))
    return canvas, faces if side >= 96 else None


def _grid(size, faces):
    """Columns and rows in which that many squares are biggest."""
    shapes = [(columns, -(-faces // columns)) for columns in range(1, faces + 1)]
    return max(shapes, key=lambda shape: min(size[0] / shape[0], size[1] / shape[1]))


def _gray16(bits):
    return lambda image: Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * (2**bits // 256))


def _with_alpha(value):
    def made(image):
        image = image.convert("RGBA")
        image.putalpha(value)
        return image

    return made


def _bitmap(image):
    """A bitmap of 32 bits whose fourth channel is 0 everywhere."""
    return _with_alpha(0)(image)


# Name → how a picture is turned into that mode, the format, and its options.
FORMS = {
    "jpeg": ("RGB", "JPEG", {"quality": 92}),
    "jpeg gray": ("L", "JPEG", {"quality": 92}),
    "jpeg cmyk": ("CMYK", "JPEG", {"quality": 92}),
    "jpeg progressive": ("RGB", "JPEG", {"quality": 92, "progressive": True}),
    "mpo": ("RGB", "MPO", {"quality": 92}),
    "png": ("RGB", "PNG", {"compress_level": 1}),
    "png gray": ("L", "PNG", {"compress_level": 1}),
    "png gray alpha": ("LA", "PNG", {"compress_level": 1}),
    "png alpha": ("RGBA", "PNG", {"compress_level": 1}),
    "png palette": ("P", "PNG", {"compress_level": 1}),
    "png 16 bits": (_gray16(16), "PNG", {"compress_level": 1}),
    "png 10 of 16 bits": (_gray16(10), "PNG", {"compress_level": 1}),
    "png 12 of 16 bits": (_gray16(12), "PNG", {"compress_level": 1}),
    "png nothing opaque": (_with_alpha(0), "PNG", {"compress_level": 1}),
    "tiff": ("RGB", "TIFF", {}),
    "tiff 12 of 16 bits": (_gray16(12), "TIFF", {}),
    "tiff float": ("F", "TIFF", {}),
    "tiff cmyk": ("CMYK", "TIFF", {}),
    "webp": ("RGB", "WEBP", {"quality": 92}),
    "webp alpha": ("RGBA", "WEBP", {"quality": 92}),
    "bmp": ("RGB", "BMP", {}),
    "bmp empty alpha": (_bitmap, "BMP", {}),
    "gif": ("P", "GIF", {}),
    "ppm": ("RGB", "PPM", {}),
    "pgm": ("L", "PPM", {}),
    "avif": ("RGB", "AVIF", {"quality": 80, "speed": 10}),
    "heic": ("RGB", "HEIF", {"quality": 80}),
}
# Pixels of the longest side that a format can hold, or that its encoder writes quickly enough for a test.
LONGEST = {"AVIF": 1210, "HEIF": 640, "WEBP": 16383}


def fits(size, form):
    """True if a form can hold a picture of that size."""
    return max(size) <= LONGEST.get(FORMS[form][1], 65535)


def file_of(image, form, orientation=None):
    """The bytes of a picture in a form, stored turned so that its orientation in EXIF makes it upright.

    `orientation` is 1 to 8, "broken", or None for no EXIF at all.
    """
    mode, kind, options = FORMS[form]
    image = image.convert(mode) if isinstance(mode, str) else mode(image)
    broken = orientation == "broken"
    if kind in WITHOUT_EXIF or orientation is None or (broken and kind not in WITH_BROKEN_EXIF):
        return encoded(image, kind, **options)
    if broken:
        return encoded(image, kind, **options, exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    exif = Image.Exif()
    exif[0x0112] = orientation
    turn = TURNED[orientation]
    image = image if turn is None else image.transpose(turn)
    if kind == "HEIF":
        image.info["exif"] = exif.tobytes()
        return encoded(image, kind, **options)
    return encoded(image, kind, **options, exif=exif)

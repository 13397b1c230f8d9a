"""Putting generated files on disk as those who unpack and pack them do."""

import io
import unicodedata
import zipfile

import numpy as np
from PIL import Image

EXIF_ORIENTATION = 0x0112
# How a camera stores an upright picture that it marks with an orientation: the mark undoes it.
_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


def jpeg(image, orientation=1):
    """An upright picture's JPEG, stored turned and marked with an EXIF orientation."""
    exif, buffer = Image.Exif(), io.BytesIO()
    if orientation != 1:
        exif[EXIF_ORIENTATION] = orientation
        image = image.transpose(_STORED[orientation])
    image.save(buffer, "JPEG", exif=exif, quality=90)
    return buffer.getvalue()


def noise_picture(seed, size=(48, 48), form="PNG", mode="L"):
    """The bytes of a gray (or palette: mode "P") picture of noise."""
    buffer = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, size[::-1], np.uint8)
    Image.fromarray(pixels).convert(mode).save(buffer, form)
    return buffer.getvalue()


def write_files(root, files, form="NFC"):
    """Files by relative name below a folder; `form` NFD is what unpacking on a Mac leaves."""
    for name, data in files.items():
        path = root / unicodedata.normalize(form, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def write_zip(path, files, form="cp949"):
    """Files in a zip with names as Korean Windows writes them (cp949, no UTF-8 flag) or a Mac (NFD)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, data) in enumerate(files.items()):
            stored = unicodedata.normalize("NFD", name) if form == "NFD" else _placeholder(number, name)
            archive.writestr(stored, data)
    if form == "cp949":
        raw = path.read_bytes()
        for number, name in enumerate(files):
            raw = raw.replace(_placeholder(number, name).encode(), name.encode("cp949"))
        path.write_bytes(raw)
    return path


def _placeholder(number, name):
    """As many bytes as the name has in cp949, which Python would not write itself."""
    return f"@{number}".ljust(len(name.encode("cp949")), "@")

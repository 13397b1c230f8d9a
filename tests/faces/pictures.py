"""Pictures for the tests of this room, made in memory."""

import io
import zipfile

import numpy as np
from PIL import Image


def encoded(image, form="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def corners(width=60, height=40):
    """A picture whose four quarters are dark, bright, brighter, brightest: turns can be told apart."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, width // 2 :] = 80
    pixels[height // 2 :, : width // 2] = 160
    pixels[height // 2 :, width // 2 :] = 240
    return Image.fromarray(pixels)


def quarters(gray):
    """The four quarters' middles, clockwise from the top left."""
    height, width = gray.shape
    rows, columns = (height // 4, height * 3 // 4), (width // 4, width * 3 // 4)
    places = [(rows[0], columns[0]), (rows[0], columns[1]), (rows[1], columns[1]), (rows[1], columns[0])]
    return [int(gray[place]) for place in places]


def zipped(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path
